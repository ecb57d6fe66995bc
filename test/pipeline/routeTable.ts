import { shortSeries } from './apiCase.ts'

/** The races of the walk: its riders' own and another; and one that is nowhere, so that officials change nothing. */
export const RIDE = 'table-ride'
export const OTHER_RACE = 'table-other'
const NOWHERE = '/races/nowhere'
const RUN = `${NOWHERE}/runs/run-1`
const AT = 1_772_000_060_000

/** Whom a route serves. */
export type Route = {
  path: string
  body?: unknown
  /** Media type of the body where it is no JSON. */
  mediaType?: string
  /** Who may; everyone where it is left out. */
  may?: readonly string[]
  /** Whose tokens it knows: the others' are none here, which is 401; of its own those that do not suffice get 403. */
  tokens?: 'entra' | 'seat'
}

/** Who has a token that holds, but for none of these routes more than others. */
export const HOLDS: Record<'entra' | 'seat', readonly string[]> = {
  entra: [
    'person without scope',
    'identity of another app',
    'app: timekeeper',
    'app: admin',
    'app: car',
    'person: no role',
    'person: timekeeper',
    'person: admin',
    'person: commentator',
    'person: timekeeper and admin'
  ],
  seat: ['seat', 'seat of another race']
}

const TIMEKEEPERS = ['app: timekeeper', 'person: timekeeper', 'person: timekeeper and admin']
const ADMINS = ['app: admin', 'person: admin', 'person: timekeeper and admin']
const EITHER = [...TIMEKEEPERS, 'app: admin', 'person: admin']

const forTimekeepers = (path: string, body?: unknown): Route => {
  return { path, body, may: TIMEKEEPERS, tokens: 'entra' }
}
const forAdmins = (path: string, body?: unknown): Route => {
  return { path, body, may: ADMINS, tokens: 'entra' }
}
const forEither = (path: string): Route => {
  return { path, may: EITHER, tokens: 'entra' }
}

/** Who may do what, written by hand: every route of the API and no other. */
export const ROUTE_TABLE: Record<string, Route> = {
  // Anyone may read, and take a seat.
  listRaces: { path: '/races' },
  getRace: { path: `/races/${RIDE}` },
  getStandings: { path: `/races/${RIDE}/standings` },
  getRankPage: { path: `/races/${RIDE}/standings/ranks/0` },
  getBibPage: { path: `/races/${RIDE}/standings/bibs/0` },
  getLapPage: { path: `/races/${RIDE}/standings/laps/0` },
  getDirectory: { path: `/races/${RIDE}/competitors` },
  getCompetitor: { path: `/races/${RIDE}/competitors/1` },
  takeSeat: { path: `/races/${RIDE}/seats`, body: { nickname: 'Ada' } },
  getTime: { path: '/time' },
  getResults: { path: `/races/${RIDE}/results/json` },
  getCourseBoard: { path: '/courses/flat/board' },
  getPersonalBest: { path: '/courses/flat/bests/nobody?board=distance-600' },
  getGhosts: { path: '/courses/flat/ghosts?board=distance-600' },
  getGhost: { path: '/courses/flat/ghosts/best?board=distance-600' },
  // Riders, screens and cars.
  negotiate: { path: `/races/${RIDE}/negotiate`, may: ['seat', 'screen link'], tokens: 'seat' },
  leaveSeat: {
    path: `/races/${RIDE}/seats/1`,
    may: ['seat'],
    tokens: 'seat'
  },
  renewSeat: { path: `/races/${RIDE}/seats/1/renewal`, may: ['seat'], tokens: 'seat' },
  sendTelemetry: {
    path: `/races/${RIDE}/telemetry`,
    body: { seq: 0, t: AT, cadence: 90, resistance: 40, power: 200, distance: 1_000, work: 200 },
    may: ['seat'],
    tokens: 'seat'
  },
  sendCarTelemetry: {
    path: '/cars/car-9/telemetry',
    body: {
      boot: 1,
      readings: [{ seq: 0, t: 0, x: 1, y: 1, yaw: 0, speed: 1, wheelsOnTrack: true }]
    },
    may: ['app: car'],
    tokens: 'entra'
  },
  // Timekeepers: no admin is one by being an admin.
  getQueue: forTimekeepers(`${NOWHERE}/queue`),
  startRun: forTimekeepers(`${NOWHERE}/runs`, { runId: 'run-1', bib: 1, at: AT }),
  recordRunEvent: forTimekeepers(`${RUN}/events`, { kind: 'pause', at: AT }),
  recordLap: forTimekeepers(`${RUN}/laps`, { bib: 1, lap: 1, lapMs: 9_870 }),
  takeBack: forTimekeepers(`${NOWHERE}/retractions`, { of: 'hand.run-1.table-key' }),
  enterCompetitor: forTimekeepers(`${NOWHERE}/entries`, { name: 'Ada' }),
  proposeResult: forTimekeepers(`${NOWHERE}/proposal`),
  // Admins.
  createRace: forAdmins('/races', {
    id: 'table-created',
    raceId: 'table-created',
    name: 'Created',
    format: { kind: 'fastestLap' },
    course: { courseId: 'hall', name: 'Hall' },
    capacity: 4,
    timetable: {},
    attended: true
  }),
  changeRace: forAdmins(NOWHERE, { capacity: 5 }),
  createSeries: forAdmins('/series', shortSeries('table-series')),
  extendRace: forAdmins(`${NOWHERE}/extension`, { endsAt: AT }),
  stepRace: forAdmins(`${NOWHERE}/steps/open`),
  correctRace: forAdmins(`${NOWHERE}/corrections`, { kind: 'withdraw', bib: 1, reason: 'ill' }),
  getLedger: forAdmins(`${NOWHERE}/ledger`),
  explainRank: forAdmins(`${NOWHERE}/explanations/1`),
  getBoardAt: forAdmins(`${NOWHERE}/board?at=${AT}`),
  importStartList: {
    ...forAdmins(`${NOWHERE}/startlist`, 'bib,name\r\n1,Ada\r\n'),
    mediaType: 'text/csv'
  },
  exportRace: forAdmins(`${NOWHERE}/exports/laps`),
  getPerson: forAdmins('/people/nobody'),
  erasePerson: forAdmins('/people/nobody'),
  createScreenLink: forAdmins('/screens', { name: 'table' }),
  getOperations: forAdmins('/operations'),
  // Officials of either role.
  getFleet: forEither('/fleet'),
  stopFleet: forEither('/fleet/stop'),
  callDevice: forEither('/fleet/car-9/stop'),
  getMe: { path: '/me', may: [...EITHER, 'person: commentator'], tokens: 'entra' }
}
