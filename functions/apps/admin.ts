import { app, type HttpRequest, type InvocationContext } from '@azure/functions'
import { DeviceId, DeviceMethod, RaceRequest, ScreenLinkRequest } from '#contract'
import { answering, bearerToken, jsonBody, parameter } from '../azure/http.ts'
import { iotHub } from '../azure/iotHub.ts'
import { officialOf } from '../azure/officials.ts'
import { appendFact, createRace, readRace } from '../azure/records.ts'
import { signToken } from '../azure/seatTokens.ts'
import { type Caller, createFleet } from '../stages/fleet.ts'
import { createRaceOffice } from '../stages/raceOffice.ts'
import { createScreens } from '../stages/screens.ts'

const { now } = Date
const office = createRaceOffice({ createRace, readRace, appendFact, now })
const fleet = createFleet({ ...iotHub, now })
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

/** Answers officials of either role, for an emergency stop waits for nobody; their orders are noted in the app's log. */
const forOfficials =
  (handler: (request: HttpRequest, caller: Caller) => Promise<object>) =>
  (request: HttpRequest, context: InvocationContext) =>
    answering(async () => {
      const actor = await officialOf(bearerToken(request), 'admin', 'timekeeper')
      return { body: await handler(request, { actor, log: line => context.log(line) }) }
    })(request, context)

app.http('getFleet', {
  methods: ['GET'],
  route: 'fleet',
  handler: forOfficials((_, caller) => fleet.list(caller))
})

app.http('stopFleet', {
  methods: ['POST'],
  route: 'fleet/stop',
  handler: forOfficials((_, caller) => fleet.stopAll(caller))
})

app.http('callDevice', {
  methods: ['POST'],
  route: 'fleet/{deviceId}/{method}',
  handler: forOfficials(({ params }, caller) => {
    const deviceId = parameter('deviceId', DeviceId, params.deviceId)
    return fleet.call(deviceId, parameter('method', DeviceMethod, params.method), caller)
  })
})
