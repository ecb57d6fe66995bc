import topology from '#topology' with { type: 'json' }
import type { Check } from '../check.ts'
import { doorRace } from '../doorRace.ts'
import { forged, unsigned } from '../forgery.ts'
import { expectProblem } from '../http.ts'
import { readingAt } from '../reading.ts'
import type { Venue } from '../venue.ts'
import { OFFICIALS_REFUSED } from './officialRefusals.ts'
import type { Refusal, Refusals } from './refusal.ts'

const HUGE = 'x'.repeat(20_000)
const LAP = { bib: 1, lap: 0, lapMs: 9_000 }
const AS_TEXT = { 'content-type': 'text/plain' }

const post = (path: string, token?: string) => ({
  method: 'POST',
  path,
  ...(token === undefined ? {} : { token })
})

/** What a page of a race refuses: what is no race, and one that nobody knows. */
const page = (below: string) => (): Refusal[] => [
  { path: `/races/Not_A_Slug${below}`, status: 400, kind: 'bad-parameter' },
  { path: `/races/there-is-no-such-race${below}`, status: 404, kind: 'not-found' }
]

/** What an address of a course refuses: what is no course, and what is no board. */
const onCourse = (below: string) => (): Refusal[] => [
  { path: `/courses/Not_A_Slug${below}?board=distance-60`, status: 400, kind: 'bad-parameter' },
  { path: `/courses/smoke${below}?board=Not_A_Board`, status: 400, kind: 'bad-parameter' }
]

/** What each operation must refuse, by its policy or by the function behind it. */
const REFUSED: Record<string, Refusals> = {
  ...OFFICIALS_REFUSED,
  listRaces: () => [{ path: '/races?limit=0', status: 400, kind: 'bad-parameter' }],
  getRace: page(''),
  getStandings: page('/standings'),
  getRankPage: page('/standings/ranks/0'),
  getBibPage: page('/standings/bibs/0'),
  getLapPage: page('/standings/laps/0'),
  getDirectory: page('/competitors'),
  getCompetitor: page('/competitors/1'),
  // It takes anything: only what is no operation is refused.
  getTime: () => [{ path: '/time/zones', status: 404, kind: 'not-found' }],
  getResults: page('/results/json'),
  getCourseBoard: onCourse('/board'),
  getPersonalBest: onCourse('/bests/smoke-nobody'),
  getGhosts: onCourse('/ghosts'),
  getGhost: onCourse('/ghosts/best'),
  takeSeat: ({ raceId }) => {
    const seats = post(`/races/${raceId}/seats`)
    return [
      { ...seats, body: { nickname: 'A', bib: 1 }, status: 400, kind: 'bad-body' },
      { ...seats, body: { nickname: ' ' }, status: 400, kind: 'bad-body' },
      { ...seats, body: { nickname: 'A' }, headers: { 'idempotency-key': ' ' }, status: 400 },
      { ...seats, body: 'not JSON', status: 400, kind: 'bad-body' },
      { ...seats, body: HUGE, status: 413, kind: 'too-large' },
      { ...seats, body: '{}', headers: AS_TEXT, status: 415, kind: 'unsupported-media-type' },
      { ...post('/races/there-is-no-such-race/seats'), body: { nickname: 'A' }, status: 404 }
    ]
  },
  leaveSeat: async ({ raceId, seat, other }) => {
    const leave = { method: 'DELETE', path: `/races/${raceId}/seats/${other.bib}` }
    return [
      { ...leave, status: 401, kind: 'unauthorized' },
      { ...leave, token: await forged(other.token), status: 401, kind: 'unauthorized' },
      { ...leave, token: seat.token, status: 403, kind: 'forbidden' }
    ]
  },
  renewSeat: async ({ raceId, seat, other, admin }) => {
    const path = `/races/${raceId}/seats/${other.bib}/renewal`
    return [
      { ...post(path), status: 401, kind: 'unauthorized' },
      { ...post(path, await forged(other.token)), status: 401, kind: 'unauthorized' },
      { ...post(path, admin), status: 401, kind: 'unauthorized' },
      { ...post(path, seat.token), status: 403, kind: 'forbidden' }
    ]
  },
  negotiate: async ({ raceId, seat, admin }) => {
    const path = `/races/${raceId}/negotiate`
    return [
      { ...post(path), status: 401, kind: 'unauthorized' },
      { ...post(path, await forged(seat.token)), status: 401, kind: 'unauthorized' },
      { ...post(path, unsigned(seat.token)), status: 401, kind: 'unauthorized' },
      { ...post(path, admin), status: 401, kind: 'unauthorized' },
      { ...post('/races/another-race/negotiate', seat.token), status: 403, kind: 'forbidden' }
    ]
  },
  sendTelemetry: async ({ raceId, seat, admin, t }) => {
    const path = `/races/${raceId}/telemetry`
    const body = readingAt(t, 1)
    const mine = post(path, seat.token)
    return [
      { ...post(path), body, status: 401, kind: 'unauthorized' },
      { ...post(path, await forged(seat.token)), body, status: 401, kind: 'unauthorized' },
      { ...post(path, unsigned(seat.token)), body, status: 401, kind: 'unauthorized' },
      { ...post(path, admin), body, status: 401, kind: 'unauthorized' },
      { ...post('/races/another-race/telemetry', seat.token), body, status: 403 },
      { ...mine, body: { ...body, bib: 7 }, status: 400, kind: 'bad-body' },
      { ...mine, body: { ...body, power: -1 }, status: 400, kind: 'bad-body' },
      { ...mine, body: 'not JSON', status: 400, kind: 'bad-body' },
      { ...mine, body: HUGE, status: 413, kind: 'too-large' },
      { ...mine, body, headers: AS_TEXT, status: 415, kind: 'unsupported-media-type' }
    ]
  },
  sendCarTelemetry: async ({ seat, admin }) => {
    const path = '/cars/smoke-car/telemetry'
    const body = { boot: 1, readings: [] }
    return [
      { ...post(path), body, status: 401, kind: 'unauthorized' },
      { ...post(path, seat.token), body, status: 401, kind: 'unauthorized' },
      { ...post(path, await forged(admin)), body, status: 401, kind: 'unauthorized' },
      { ...post(path, admin), body, status: 403, kind: 'forbidden' }
    ]
  },
  recordLap: async ({ raceId, seat, timekeeper }) => {
    const path = `/races/${raceId}/runs/smoke-run/laps`
    const headers = { 'idempotency-key': 'smoke-refused' }
    const laps = { ...post(path, timekeeper), headers }
    return [
      { ...post(path), headers, body: LAP, status: 401, kind: 'unauthorized' },
      { ...post(path, seat.token), headers, body: LAP, status: 401, kind: 'unauthorized' },
      { ...post(path, await forged(timekeeper)), headers, body: LAP, status: 401 },
      { ...post(path, timekeeper), body: LAP, status: 400 },
      { ...laps, body: { ...LAP, lapMs: 0 }, status: 400, kind: 'bad-body' },
      { ...laps, body: HUGE, status: 413, kind: 'too-large' }
    ]
  },
  createRace: async ({ raceId, seat, admin }) => {
    const race = { id: raceId, raceId, name: 'x' }
    const races = post('/races', admin)
    return [
      { ...post('/races'), body: race, status: 401, kind: 'unauthorized' },
      { ...post('/races', seat.token), body: race, status: 401, kind: 'unauthorized' },
      { ...post('/races', await forged(admin)), body: race, status: 401, kind: 'unauthorized' },
      { ...races, body: race, status: 400, kind: 'bad-body' },
      { ...races, body: HUGE, status: 413, kind: 'too-large' },
      { ...races, body: '{}', headers: AS_TEXT, status: 415, kind: 'unsupported-media-type' }
    ]
  },
  createScreenLink: async ({ seat, admin }) => {
    const body = { name: 'tv' }
    return [
      { ...post('/screens'), body, status: 401, kind: 'unauthorized' },
      { ...post('/screens', seat.token), body, status: 401, kind: 'unauthorized' },
      { ...post('/screens', unsigned(admin)), body, status: 401, kind: 'unauthorized' },
      { ...post('/screens', admin), body: { name: 'Not a slug' }, status: 400 }
    ]
  }
}

const scene = async (venue: Venue): Promise<Parameters<Refusals>[0]> => ({
  ...(await doorRace(venue)),
  admin: await venue.token('admin'),
  timekeeper: await venue.token('timekeeper'),
  t: (await venue.clock())()
})

/** A check for each operation of the topology: one without refusals here fails. */
export const REFUSALS: Check[] = topology.routes.map(({ operationId }) => ({
  name: `${operationId} refuses`,
  proves: 'what must not pass gets its status as a problem that says what to do',
  async run(venue) {
    const refusals = (await REFUSED[operationId]?.(await scene(venue))) ?? []
    if (!refusals.length) throw new Error(`nothing is known that ${operationId} refuses`)
    // One after the other: the rate limit must not be what refuses.
    for (const { status, kind, ...call } of refusals) {
      expectProblem(await venue.call(call), status, kind)
    }
    return `${refusals.length} requests`
  }
}))
