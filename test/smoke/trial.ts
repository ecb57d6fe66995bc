import * as v from 'valibot'
import { Entry, type Seat } from '#contract'
import { expectDocumented } from './http.ts'
import type { Venue } from './venue.ts'

/** Time for the laps, and for the ride whose seat is wanted after its end, ms. */
const LASTS_MS = 45_000

type Trial = {
  raceId: string
  /** A competitor who walked up, and is on the track. */
  bib: number
  runId: string
  /** A seat in a ride beside it, whose token ends with that ride. */
  early: { raceId: string; seat: Seat }
}

/** A short lap race with one run, and a short ride with one seat. */
export const trial = (venue: Venue): Promise<Trial> =>
  venue.once('trial', async () => {
    const now = Math.floor((await venue.clock())())
    const plan = {
      capacity: 10,
      timetable: {
        opensAt: now,
        countdownMs: 0,
        startsAt: now + 2_000,
        durationMs: LASTS_MS,
        backlogMs: 0,
        protestMs: 0
      }
    }
    const format = { kind: 'ride', metric: 'output' } as const
    const ride = await venue.openRace('early', { name: 'Smoke test: seat', format, ...plan })
    const early = { raceId: ride, seat: await venue.takeSeat(ride) }
    const laps = { name: 'Smoke test: laps', format: { kind: 'fastestLap' as const }, ...plan }
    const raceId = await venue.openRace('laps', laps)
    const token = await venue.token('timekeeper')
    const post = async (path: string, body: object) => {
      const headers = { 'idempotency-key': crypto.randomUUID() }
      const call = { method: 'POST', path: `/races/${raceId}/${path}`, token, headers, body }
      return expectDocumented(await venue.call(call), 201)
    }
    const { bib } = v.parse(Entry, await post('entries', { name: 'Smoke test' }))
    const runId = 'smoke-run'
    await post('runs', { runId, bib, at: Math.floor((await venue.clock())()) })
    return { raceId, bib, runId, early }
  })
