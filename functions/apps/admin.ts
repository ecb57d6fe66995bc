import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { app, type HttpRequest, type InvocationContext } from '@azure/functions'
import {
  CompetitorId,
  Correction,
  DeviceId,
  DeviceMethod,
  ExportKind,
  Extension,
  RacePatch,
  RaceRequest,
  ScreenLinkRequest,
  SeriesRequest,
  Step
} from '#contract'
import { Apply, BibDigits, FactId, InstantDigits } from '../azure/adminParameters.ts'
import {
  readCompetitorForWrite,
  readFacesForWrite,
  replaceCompetitor
} from '../azure/competitorStore.ts'
import { answering, bearerToken, jsonBody, keyOf, parameter, raceOf } from '../azure/http.ts'
import { iotHub } from '../azure/iotHub.ts'
import { meOf, officialOf } from '../azure/officials.ts'
import { readDeadLetters, readLatencies, readPulse, storeLatency } from '../azure/operations.ts'
import { createPerson, deletePerson, digest, readEntries, readPerson } from '../azure/people.ts'
import { publicApi } from '../azure/publicApi.ts'
import {
  appendFact,
  createRace,
  readFact,
  readLedger,
  readRace,
  readRaceForWrite,
  replaceRace
} from '../azure/records.ts'
import { createCompetitor } from '../azure/seatStore.ts'
import { signToken } from '../azure/seatTokens.ts'
import { readDirectory, readHead } from '../azure/standings.ts'
import { createCorrections } from '../stages/corrections.ts'
import { createExtendRace } from '../stages/extendRace.ts'
import { type Caller, createFleet } from '../stages/fleet.ts'
import { createLapsCsv } from '../stages/lapsCsv.ts'
import { createLedgerView } from '../stages/ledgerView.ts'
import { createOperations } from '../stages/operations.ts'
import { createPeople } from '../stages/people.ts'
import { createRaceOffice } from '../stages/raceOffice.ts'
import { createRaceSteps } from '../stages/raceSteps.ts'
import { createScreens } from '../stages/screens.ts'
import { createSeries } from '../stages/series.ts'
import { createStartLists, refuseLong } from '../stages/startList.ts'
import { createSyntheticRider } from '../stages/syntheticRider.ts'

const { now } = Date
const ledger = { readFacts: readLedger, readDirectory, readRace, now }
const configuration = { readRaceForWrite, replaceRace, readFacts: readLedger }
const office = createRaceOffice({ ...configuration, createRace, readRace, appendFact, now })
const series = createSeries({ ...office, readRace })
const extend = createExtendRace({ readHead, readFacts: readLedger, appendFact, now })
const step = createRaceSteps({ ...configuration, readHead, appendFact, now })
const correct = createCorrections({
  ...ledger,
  ...{ readHead, appendFact, readCompetitorForWrite, replaceCompetitor }
})
const view = createLedgerView(ledger)
const tables = createLapsCsv(ledger)
const people = createPeople({
  ...{ readPerson, deletePerson, readFacesForWrite, replaceCompetitor },
  ...{ readFact, appendFact, newId: randomUUID, now }
})
const startLists = createStartLists({
  ...{ readRace, readHead, readEntries, readFact, appendFact },
  ...{ createCompetitor, createPerson, readCompetitorForWrite, digest, now }
})
const fleet = createFleet({ ...iotHub, now })
const screens = createScreens({ sign: signToken, now })
const { random } = Math
const { warn } = console
const operations = createOperations({ readPulse, readLatencies, readDeadLetters, now, warn })
const measure = createSyntheticRider({
  ...{ ...publicApi, storeLatency, random, now, warn },
  wait: (ms, signal) => pause(ms, undefined, { signal })
})

const adminOf = (request: HttpRequest) => officialOf(bearerToken(request), 'admin')

app.http('getMe', {
  methods: ['GET'],
  route: 'me',
  handler: answering(async request => ({ body: await meOf(bearerToken(request)) }))
})

app.http('createRace', {
  methods: ['POST'],
  route: 'races',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const asked = await jsonBody(request, RaceRequest)
    const { race, created } = await office.create(asked, actor)
    return { status: created ? 201 : 200, body: race }
  })
})

app.http('changeRace', {
  methods: ['PATCH'],
  route: 'races/{raceId}',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const patch = await jsonBody(request, RacePatch)
    return { body: await office.change(raceOf(request), patch, actor) }
  })
})

app.http('createSeries', {
  methods: ['POST'],
  route: 'series',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const asked = await jsonBody(request, SeriesRequest)
    const made = await series(asked, actor)
    return { status: made.created ? 201 : 200, body: made.series }
  })
})

app.http('extendRace', {
  methods: ['POST'],
  route: 'races/{raceId}/extension',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const raceId = raceOf(request)
    return { status: 201, body: await extend(raceId, await jsonBody(request, Extension), actor) }
  })
})

app.http('stepRace', {
  methods: ['POST'],
  route: 'races/{raceId}/steps/{step}',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const asked = parameter('step', Step, request.params.step)
    return { status: 201, body: await step(raceOf(request), asked, actor) }
  })
})

app.http('correctRace', {
  methods: ['POST'],
  route: 'races/{raceId}/corrections',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const raceId = raceOf(request)
    const key = keyOf(request)
    const asked = await jsonBody(request, Correction)
    return { status: 201, body: await correct({ raceId, key, asked }, actor) }
  })
})

app.http('getLedger', {
  methods: ['GET'],
  route: 'races/{raceId}/ledger',
  handler: answering(async request => {
    await adminOf(request)
    const continuation = parameter('continuation', FactId, request.query.get('continuation'))
    return { body: await view.page(raceOf(request), continuation) }
  })
})

app.http('explainRank', {
  methods: ['GET'],
  route: 'races/{raceId}/explanations/{bib}',
  handler: answering(async request => {
    await adminOf(request)
    const bib = parameter('bib', BibDigits, request.params.bib)
    return { body: await view.explanation(raceOf(request), bib) }
  })
})

app.http('getBoardAt', {
  methods: ['GET'],
  route: 'races/{raceId}/board',
  handler: answering(async request => {
    await adminOf(request)
    const at = parameter('at', InstantDigits, request.query.get('at'))
    return { body: await view.boardAt(raceOf(request), at) }
  })
})

app.http('exportRace', {
  methods: ['GET'],
  route: 'races/{raceId}/exports/{what}',
  handler: answering(async request => {
    await adminOf(request)
    const raceId = raceOf(request)
    const what = parameter('what', ExportKind, request.params.what)
    return { csv: { name: `${raceId}-${what}.csv`, text: await tables[what](raceId) } }
  })
})

app.http('createScreenLink', {
  methods: ['POST'],
  route: 'screens',
  handler: answering(async request => {
    await adminOf(request)
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

app.http('importStartList', {
  methods: ['POST'],
  route: 'races/{raceId}/startlist',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const raceId = raceOf(request)
    const apply = parameter('apply', Apply, request.query.get('apply')) === 'true'
    refuseLong(Number(request.headers.get('content-length') ?? 0))
    const bytes = await request.arrayBuffer()
    refuseLong(bytes.byteLength)
    // What is not UTF-8 becomes a mark that the reader finds; a mark of byte order is left out.
    const csv = new TextDecoder().decode(bytes)
    return { body: await startLists.take({ raceId, csv, apply }, actor) }
  })
})

app.http('getPerson', {
  methods: ['GET'],
  route: 'people/{competitorId}',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const competitorId = parameter('competitorId', CompetitorId, request.params.competitorId)
    return { body: await people.look(competitorId, actor) }
  })
})

app.http('erasePerson', {
  methods: ['DELETE'],
  route: 'people/{competitorId}',
  handler: answering(async request => {
    const actor = await adminOf(request)
    const competitorId = parameter('competitorId', CompetitorId, request.params.competitorId)
    await people.erase(competitorId, actor)
    return { status: 204 }
  })
})

app.http('getOperations', {
  methods: ['GET'],
  route: 'operations',
  handler: answering(async request => {
    await adminOf(request)
    return { body: await operations() }
  })
})

// Once a minute, while the race that is for it runs: how long a reading takes to the screens.
app.timer('syntheticRider', { schedule: '0 * * * * *', handler: measure })
