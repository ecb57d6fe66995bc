import assert from 'node:assert/strict'
import { columnsOf, expectedFinal } from '../../pipeline/oracle.ts'
import type { Check } from '../check.ts'
import { delaysOf, spoken } from '../latencies.ts'
import { ride } from '../ride.ts'

/** A ride of the longest length, and all that comes before and after it. */
const LIMIT_MS = 900_000
/** A board that is older than this is no live board, ms. */
const LIVE_MS = 5_000

/** A whole ride with simulated riders, from its creation to the official result. */
export const RIDE: Check[] = [
  {
    name: 'a ride becomes official',
    proves: 'the race lives by its timetable: orchestration, entity, timers and feeds at work',
    limitMs: LIMIT_MS,
    async run(venue) {
      const { account } = await ride(venue)
      assert.equal(
        account.riders.length,
        venue.riders,
        `seatless: ${JSON.stringify(account.seatless)}`
      )
      return `${venue.riders} riders, ${venue.raceSeconds} s`
    }
  },
  {
    name: 'every reading counts once',
    proves: 'the official result is the sum of what was acknowledged, by an independent count',
    async run(venue) {
      const { account, rows, startsAt, endsAt } = await ride(venue)
      assert.deepEqual(account.refused, {}, `refused: ${JSON.stringify(account.refused)}`)
      assert.equal(account.unanswered, 0, `${account.unanswered} readings without an answer`)
      const expected = expectedFinal(
        account,
        { kind: 'ride', metric: 'output' },
        { startsAt, endsAt }
      )
      const found = new Map(columnsOf(rows).map(row => [row.bib, JSON.stringify(row)]))
      const wrong = expected.filter(row => found.get(row.bib) !== JSON.stringify(row))
      const [first] = wrong
      if (first) {
        const was = found.get(first.bib) ?? 'nothing'
        throw new Error(`${wrong.length} bibs differ, first ${was}, not ${JSON.stringify(first)}`)
      }
      assert.equal(found.size, expected.length, `${found.size} bibs, not ${expected.length}`)
      return `${account.acknowledged} readings, repetitions among them`
    }
  },
  {
    name: 'readings are acknowledged in time',
    proves: 'what the gateway and Event Hubs add to a reading',
    async run(venue) {
      const { latency } = (await ride(venue)).account
      const at = (percent: number) => Math.round(latency.getValueAtPercentile(percent) / 1_000)
      return `p50 ${at(50)} ms, p99 ${at(99)} ms of ${latency.totalCount}`
    }
  },
  {
    name: 'boards reach sockets live',
    proves: "a reading's time to the frame that shows it: hub, host, Durable, feed, Web PubSub",
    async run(venue) {
      const { startsAt, bySocket } = await ride(venue)
      return live(delaysOf(startsAt, bySocket))
    }
  },
  {
    name: 'boards reach readers live',
    proves: "a reading's time to the standings that anyone may ask for",
    async run(venue) {
      const { startsAt, byPoll } = await ride(venue)
      return live(delaysOf(startsAt, byPoll))
    }
  }
]

function live(delays: number[]): string {
  const sorted = delays.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  assert.ok(median !== undefined, 'no board showed a new reading')
  assert.ok(median <= LIVE_MS, `${spoken(delays)}: the median is above ${LIVE_MS / 1_000} s`)
  return spoken(delays)
}
