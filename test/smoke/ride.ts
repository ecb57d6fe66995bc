import type { Head, RankPage, Row } from '#contract'
import { RANK_PAGE_ROWS } from '#contract'
import { openSocket } from '../bench/socket.ts'
import type { RideAccount } from '../simulators/account.ts'
import { rideRace } from '../simulators/ride.ts'
import { eventually } from './eventually.ts'
import { expectDocumented } from './http.ts'
import type { Seen } from './latencies.ts'
import type { Venue } from './venue.ts'

/** From the opening to the gun, and from then on for readings that were late, ms. */
const NOTICE_MS = 15_000
const BACKLOG_MS = 20_000
/** How long after its end a ride may take to become official, ms. */
const OFFICIAL_MS = 120_000
/** How often the head is asked for: twice as often as it is written. */
const POLL_MS = 500
/** Share of the readings that are sent twice. */
const TWICE = 0.05

/** What everybody came to know of a ride. */
export type Ride = {
  startsAt: number
  endsAt: number
  account: RideAccount
  /** The classification as anyone reads it once it is official. */
  rows: Row[]
  byPoll: Seen[]
  bySocket: Seen[]
}

/** One ride by the public doors alone, from its creation until it is official. */
export const ride = (venue: Venue): Promise<Ride> =>
  venue.once('ride', async () => {
    const now = await venue.clock()
    const { gateway } = venue.target
    const opensAt = Math.floor(now())
    const startsAt = opensAt + NOTICE_MS
    const durationMs = venue.raceSeconds * 1_000
    const endsAt = startsAt + durationMs
    const raceId = await venue.openRace('ride', {
      name: 'Smoke test: ride',
      format: { kind: 'ride', metric: 'output' },
      capacity: venue.riders,
      timetable: {
        opensAt,
        countdownMs: 5_000,
        startsAt,
        durationMs,
        backlogMs: BACKLOG_MS,
        protestMs: 1_000
      }
    })
    const ahead = now() - Date.now()
    const socket = await openSocket(`${gateway}/races/${raceId}`, await venue.screenKey())
    const byPoll: Seen[] = []
    let last: Head | undefined
    const look = async () => {
      const answer = await venue.call({ path: `/races/${raceId}/standings` })
      const head = expectDocumented(answer, 200) as Head
      if (head.version !== last?.version) byPoll.push({ at: now(), board: head })
      last = head
      return head.phase === 'official' ? head : undefined
    }
    const official = eventually('the ride to become official', look, {
      withinMs: endsAt + BACKLOG_MS + OFFICIAL_MS - now(),
      everyMs: POLL_MS
    })
    try {
      const [account] = await Promise.all([
        rideRace({
          gateway,
          raceId,
          riders: venue.riders,
          seed: 7,
          startsAt,
          endsAt,
          now,
          faults: { duplicates: TWICE }
        }),
        official
      ])
      const rows = await rowsOf(venue, raceId, (await official).competitors)
      const bySocket = socket.received.map(({ at, board }) => ({ at: at + ahead, board }))
      return { startsAt, endsAt, account, rows, byPoll, bySocket }
    } finally {
      socket.stop()
    }
  })

async function rowsOf(venue: Venue, raceId: string, competitors: number): Promise<Row[]> {
  const rows: Row[] = []
  for (let page = 0; page * RANK_PAGE_ROWS < competitors; page++) {
    const answer = await venue.call({ path: `/races/${raceId}/standings/ranks/${page}` })
    rows.push(...(expectDocumented(answer, 200) as RankPage).rows)
  }
  return rows
}
