import fc from 'fast-check'
import type { Head, Race, SeatItem } from '#contract'
import { createRankPerformances, type RankPorts } from '../../functions/stages/rankPerformances.ts'
import type { HubEvent } from '../../functions/stages/telemetry.ts'
import { boardOfRiders } from './boards.ts'
import type { CourseStore } from './courseStore.ts'
import { aRace, DISTANCE, GUN } from './races.ts'

/** Racing time, in s: more blocks of ghosts than one batch takes. */
export const SECONDS = 150
export const BOARD = `distance-${SECONDS}`
export const COURSE = 'oval'

/** What one competitor did in a race: bib is the place in the list, from 1. `value` in mm, ridden `at` s after the start. */
export type Ridden = { competitorId: string; class: string; value: number; at: number }

/** A race by distance on the course, the `number`th of the day. */
export const aCourseRace = (number: number): Race =>
  aRace(DISTANCE, {
    id: `race-${number}`,
    raceId: `race-${number}`,
    timetable: {
      ...aRace(DISTANCE).timetable,
      startsAt: gunOf(number),
      durationMs: SECONDS * 1_000
    }
  })
export const gunOf = (number: number): number => GUN + number * 600_000

/** A few races of a few competitors, who meet again and are equal now and then. */
export const someRaces: fc.Arbitrary<Ridden[][]> = fc.array(
  fc.uniqueArray(
    fc.record({
      competitorId: fc.integer({ min: 1, max: 14 }).map(number => `rider-${number}`),
      class: fc.constantFrom('', 'A', 'Zoë / 1'),
      value: fc.integer({ min: 1, max: 9 }).map(steps => steps * 11_000),
      at: fc.integer({ min: 4, max: SECONDS - 1 })
    }),
    { selector: ({ competitorId }) => competitorId, minLength: 1, maxLength: 14 }
  ),
  { minLength: 1, maxLength: 4 }
)

/** What each second of it ended with. */
export const wayOf = ({ value, at }: Ridden): number[] =>
  Array.from({ length: SECONDS }, (_, second) => (second >= at ? value : 0))

/** Everything that a race left behind, and the boards. */
export function portsOf(races: Ridden[][], { store }: CourseStore): RankPorts {
  const numberOf = (raceId: string) => Number(raceId.split('-')[1])
  const ridden = (raceId: string) => races[numberOf(raceId)] ?? []
  return {
    readRace: async raceId => aCourseRace(numberOf(raceId)),
    readHead: async raceId => headOf(numberOf(raceId)),
    readFinal: async raceId => ({
      ...{ id: 'final-7', raceId, revision: 7, validity: 'official' },
      rows: ridden(raceId).map(({ value }, i) => ({
        ...boardOfRiders(1, 1).rows[0]!,
        ...{ bib: i + 1, rank: 1, value, status: 'finished' }
      }))
    }),
    readSeats: async raceId => ridden(raceId).map((one, i) => seatOf(raceId, i + 1, one)),
    readEntries: async () => [],
    readDirectory: async () => undefined,
    replay: (raceId, _, take) =>
      take(ridden(raceId).map((one, i) => eventOf(raceId, gunOf(numberOf(raceId)), i + 1, one))),
    boards: store,
    warn: () => undefined
  }
}

export const rankOf = (races: Ridden[][], course: CourseStore) =>
  createRankPerformances(portsOf(races, course))

const headOf = (number: number): Head => ({
  ...boardOfRiders(1, 1).head,
  ...{ raceId: `race-${number}`, phase: 'official' },
  ...{ startsAt: gunOf(number), endsAt: gunOf(number) + SECONDS * 1_000 }
})

const seatOf = (raceId: string, bib: number, one: Ridden): SeatItem => ({
  ...{ id: `seat-${bib}`, raceId, kind: 'seat', bib },
  ...{ competitorId: one.competitorId, class: one.class, heldUntil: 0 }
})

function eventOf(raceId: string, gun: number, bib: number, { value, at }: Ridden): HubEvent {
  const t = gun + at * 1_000
  return {
    body: { seq: at, t, cadence: 90, resistance: 40, power: 200, distance: value, work: 9 },
    properties: { race: raceId, bib, session: 1 },
    ...{ partition: '0', sequence: bib, enqueued: t + 40 }
  }
}
