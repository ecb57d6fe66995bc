import { app, type HttpRequest } from '@azure/functions'
import { EntryRequest, LapRequest, Retraction, RunEvent, RunId, RunRequest } from '#contract'
import { answering, bearerToken, jsonBody, keyOf, parameter, raceOf } from '../azure/http.ts'
import { officialOf } from '../azure/officials.ts'
import { createPerson, digest, readEntries } from '../azure/people.ts'
import { appendFact, readFact, readLedger, readRace, readRun } from '../azure/records.ts'
import { createCompetitor } from '../azure/seatStore.ts'
import { readDirectory, readHead } from '../azure/standings.ts'
import { createEntries } from '../stages/entries.ts'
import { createHandTiming } from '../stages/handTiming.ts'
import { createProposeResult } from '../stages/proposeResult.ts'
import { createQueue } from '../stages/queue.ts'
import { createStartRun } from '../stages/startRun.ts'
import { createTakeBack } from '../stages/takeBack.ts'

const { now } = Date
const store = { readRace, readFact, readLedger, appendFact, now }
const queue = createQueue({ readFacts: readLedger, readDirectory, readRace, now })
const timing = createHandTiming({ ...store, readRun })
const startRun = createStartRun({ ...store, readDirectory })
const takeBack = createTakeBack(store)
const proposeResult = createProposeResult({ ...store, readHead })

const entries = createEntries({
  readRace,
  readHead,
  readEntries,
  readFact,
  appendFact,
  createCompetitor,
  createPerson,
  digest,
  now
})

const timekeeperOf = (request: HttpRequest) => officialOf(bearerToken(request), 'timekeeper')
const runOf = ({ params }: HttpRequest) => parameter('runId', RunId, params.runId)

app.http('getQueue', {
  methods: ['GET'],
  route: 'races/{raceId}/queue',
  handler: answering(async request => {
    await timekeeperOf(request)
    return { body: await queue(raceOf(request)) }
  })
})

app.http('startRun', {
  methods: ['POST'],
  route: 'races/{raceId}/runs',
  handler: answering(async request => {
    const actor = await timekeeperOf(request)
    const run = await jsonBody(request, RunRequest)
    return { status: 201, body: await startRun(raceOf(request), run, actor) }
  })
})

app.http('recordRunEvent', {
  methods: ['POST'],
  route: 'races/{raceId}/runs/{runId}/events',
  handler: answering(async request => {
    const actor = await timekeeperOf(request)
    const run = { raceId: raceOf(request), runId: runOf(request), key: keyOf(request) }
    const told = await jsonBody(request, RunEvent)
    return { status: 201, body: await timing.event({ ...run, told }, actor) }
  })
})

app.http('recordLap', {
  methods: ['POST'],
  route: 'races/{raceId}/runs/{runId}/laps',
  handler: answering(async request => {
    const actor = await timekeeperOf(request)
    const run = { raceId: raceOf(request), runId: runOf(request), key: keyOf(request) }
    const told = await jsonBody(request, LapRequest)
    return { status: 201, body: await timing.lap({ ...run, told }, actor) }
  })
})

app.http('takeBack', {
  methods: ['POST'],
  route: 'races/{raceId}/retractions',
  handler: answering(async request => {
    const actor = await timekeeperOf(request)
    const asked = { raceId: raceOf(request), key: keyOf(request) }
    const { of } = await jsonBody(request, Retraction)
    return { status: 201, body: await takeBack({ ...asked, of }, actor) }
  })
})

app.http('proposeResult', {
  methods: ['POST'],
  route: 'races/{raceId}/proposal',
  handler: answering(async request => {
    const actor = await timekeeperOf(request)
    return { status: 201, body: await proposeResult(raceOf(request), actor) }
  })
})

app.http('enterCompetitor', {
  methods: ['POST'],
  route: 'races/{raceId}/entries',
  handler: answering(async request => {
    const actor = await timekeeperOf(request)
    const asked = await jsonBody(request, EntryRequest)
    const order = { raceId: raceOf(request), key: keyOf(request), request: asked }
    return { status: 201, body: await entries.enter(order, actor) }
  })
})
