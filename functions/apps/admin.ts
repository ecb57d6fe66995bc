import { app } from '@azure/functions'
import { RaceRequest, ScreenLinkRequest } from '#contract'
import { answering, bearerToken, jsonBody } from '../azure/http.ts'
import { officialOf } from '../azure/officials.ts'
import { appendFact, createRace, readRace } from '../azure/records.ts'
import { signToken } from '../azure/seatTokens.ts'
import { createRaceOffice } from '../stages/raceOffice.ts'
import { createScreens } from '../stages/screens.ts'

const { now } = Date
const office = createRaceOffice({ createRace, readRace, appendFact, now })
const screens = createScreens({ sign: signToken, now })

app.http('createRace', {
  methods: ['POST'],
  route: 'races',
  handler: answering(async request => {
    const actor = await officialOf(bearerToken(request), 'admin')
    const asked = await jsonBody(request, RaceRequest)
    const { race, created } = await office.create(asked, actor)
    return { status: created ? 201 : 200, body: race }
  })
})

app.http('createScreenLink', {
  methods: ['POST'],
  route: 'screens',
  handler: answering(async request => {
    await officialOf(bearerToken(request), 'admin')
    const { name } = await jsonBody(request, ScreenLinkRequest)
    return { status: 201, body: await screens.link(name) }
  })
})
