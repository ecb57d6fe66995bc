import topology from '#topology' with { type: 'json' }

/** A request of an official that the gateway passes on. */
export type Desk = {
  operation: string
  method: string
  path: string
  role: 'timekeeper' | 'admin'
  body?: unknown
}

const RUN = '/races/r1/runs/run-1'
const AT = 1_772_000_060_000

const SERIES = {
  seriesId: 's1',
  races: 2,
  startsAt: AT,
  everyMs: 60_000,
  race: {
    name: 'Ride',
    format: { kind: 'ride', metric: 'distance' },
    course: { courseId: 'flat', name: 'Flat' },
    capacity: 4,
    timetable: { durationMs: 30_000 }
  }
}

const REQUESTS: [operation: string, path: string, role: Desk['role'], body?: unknown][] = [
  ['getQueue', '/races/r1/queue', 'timekeeper'],
  ['startRun', '/races/r1/runs', 'timekeeper', { runId: 'run-1', bib: 1, at: AT }],
  ['recordRunEvent', `${RUN}/events`, 'timekeeper', { kind: 'pause', at: AT }],
  ['recordLap', `${RUN}/laps`, 'timekeeper', { bib: 1, lap: 1, lapMs: 9_000 }],
  ['takeBack', '/races/r1/retractions', 'timekeeper', { of: 'hand.run-1.key-0001' }],
  ['enterCompetitor', '/races/r1/entries', 'timekeeper', { name: 'Ada' }],
  ['proposeResult', '/races/r1/proposal', 'timekeeper'],
  ['changeRace', '/races/r1', 'admin', { capacity: 5 }],
  ['stepRace', '/races/r1/steps/open', 'admin'],
  ['correctRace', '/races/r1/corrections', 'admin', { kind: 'withdraw', bib: 1, reason: 'ill' }],
  ['getLedger', '/races/r1/ledger', 'admin'],
  ['explainRank', '/races/r1/explanations/17', 'admin'],
  ['getBoardAt', '/races/r1/board', 'admin'],
  ['exportRace', '/races/r1/exports/laps', 'admin'],
  ['getPerson', '/people/k3v9x2', 'admin'],
  ['erasePerson', '/people/k3v9x2', 'admin'],
  ['createSeries', '/series', 'admin', SERIES],
  ['extendRace', '/races/r1/extension', 'admin', { endsAt: AT }],
  ['getOperations', '/operations', 'admin']
]

/** The desks of timekeepers and admins, one good request each; the start list, which is no JSON, has a test of its own. */
export const DESKS: Desk[] = REQUESTS.map(([operation, path, role, body]) => {
  const route = topology.routes.find(({ operationId }) => operationId === operation)
  return { operation, method: route?.method ?? '', path, role, body }
})

/** Those that take a body. */
export const WITH_BODY = DESKS.filter(({ body }) => body !== undefined)
