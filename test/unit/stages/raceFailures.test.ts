import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BibPage, Format, Head, LapPage, Phase, RankPage } from '#contract'
import { pageId } from '#race/publication'
import { packReadings, type RaceOperation } from '../../../functions/stages/raceSignal.ts'
import {
  correctionFact,
  entryFact,
  laps,
  runEndFact,
  runFact,
  statusFact
} from '../../stories/facts.ts'
import { aRace, DISTANCE, FASTEST_LAP, FLAG, GAME, GUN, OUTPUT } from '../../stories/races.ts'
import { type Delivery, deliveries, field } from '../../stories/readings.ts'
import { anEntity, aRaceStore, type RaceStore } from '../../stories/store.ts'

const RUNS = 60

const CALLS = ['writePages', 'writeHead', 'readHead', 'writeResult', 'deadLetter'] as const
type Call = (typeof CALLS)[number]
/** What befalls one operation: calls that fail during it, and whether its host stops before it has kept the state. */
type Fate = { failing: Call[]; stopped: boolean }

const fates = fc.infiniteStream(
  fc.record({
    failing: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.subarray([...CALLS]) }
    ),
    stopped: fc.oneof(
      { weight: 5, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) }
    )
  })
)

const phase = (format: Format, name: Phase): RaceOperation => ({
  name: 'phase',
  input: { phase: name, race: aRace(format), startsAt: GUN, endsAt: FLAG, phaseEndsAt: null }
})
const decisions: RaceOperation = {
  name: 'facts',
  input: [entryFact(1), entryFact(9), statusFact(2, 'dsq', 1), statusFact(2, 'running', 2)]
}

type Pages = { rank: RankPage; bib: BibPage; lap: LapPage }

/** A family of pages as the head names them. */
const pagesOf = <F extends keyof Pages>({ pages }: RaceStore, head: Head, family: F): Pages[F][] =>
  head[`${family}Pages`].map((ref, page) => {
    const found = pages.get(pageId(family, page, ref.slot)) as Pages[F]
    expect(found.version).toBe(ref.version)
    return found
  })

const lapsShown = (store: RaceStore) =>
  pagesOf(store, store.heads.at(-1)!, 'lap').flatMap(page => page.laps)

/** Whoever reads now finds the pages that the head names, whole and of one board. */
function readerSeesWhole(store: RaceStore): void {
  const head = store.heads.at(-1)
  if (!head) return
  const rows = pagesOf(store, head, 'rank').flatMap(page => page.rows)
  expect(rows.slice(0, 20)).toEqual(head.top)
  expect(rows).toHaveLength(head.competitors)
  const ranks = pagesOf(store, head, 'bib').flatMap(page => page.rank)
  const driven = lapsShown(store)
  for (const { bib, rank, laps, last } of rows) {
    expect(ranks[bib - 1]).toBe(rank)
    const own = driven[bib - 1]
    if (!own) continue
    expect(own.filter(({ valid }) => valid)).toHaveLength(laps)
    const { ms, valid } = own.at(-1) ?? {}
    expect(last).toEqual(own.length ? { ms, valid } : null)
  }
  for (const { bib, runId, laps } of head.racing) {
    expect(driven[bib - 1]?.filter(lap => lap.runId === runId)).toHaveLength(laps)
  }
}

/** A whole race by its operations, each with its fate; then the store is well again and the race ends. */
async function raced(format: Format, operations: RaceOperation[], fate: () => Fate) {
  const store = aRaceStore(GUN)
  const entity = anEntity(store)
  await entity.hears(phase(format, 'running'))
  for (const operation of operations) {
    store.clock.now += 333
    const before = entity.memory()
    const { failing, stopped } = fate()
    store.failing = new Set(failing)
    await entity.hears(operation)
    if (stopped) {
      // The store has what it has; the entity has forgotten, and the signal comes again.
      entity.restore(before)
      store.clock.now += 1_000
      await entity.hears(operation)
    }
    readerSeesWhole(store)
  }
  store.failing.clear()
  store.clock.now = FLAG + 60_000
  expect(await entity.hears(phase(format, 'provisional'))).toBe(true)
  readerSeesWhole(store)
  return store
}

const finalOf = ({ results }: RaceStore) => JSON.stringify(results.at(-1)!.rows)
const signals = (plan: Delivery[]): RaceOperation[] => [
  ...plan.map(
    ({ partition, batch }): RaceOperation => ({
      name: 'readings',
      input: packReadings(partition, batch)
    })
  ),
  decisions,
  { name: 'tick' }
]

describe.each([
  ['distance', DISTANCE],
  ['output', OUTPUT],
  ['game', GAME]
] as const)('a race by %s whose store and host fail again and again', (_, format) => {
  it('shows whole boards of rising versions and ends with the same final as one without a failure', async () => {
    const races = field(format).chain(readings => fc.tuple(deliveries(readings), fates))
    await fc.assert(
      fc.asyncProperty(races, async ([plan, stream]) => {
        const calm = await raced(format, signals(plan), () => ({ failing: [], stopped: false }))
        const rough = await raced(format, signals(plan), () => stream.next().value)
        expect(finalOf(rough)).toBe(finalOf(calm))
        const versions = rough.heads.map(({ version }) => version)
        expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b))
      }),
      { numRuns: RUNS }
    )
  })
})

describe('a time trial whose store and host fail again and again', () => {
  it('shows whole boards and ends with the same final, laps and racers as one without a failure', async () => {
    const facts = [
      ...[1, 2, 60].flatMap(bib => [runFact(bib), ...laps(bib, [5_000 + bib, 5_000 - bib, 5_100])]),
      runEndFact('run-1', 16_000),
      correctionFact('run-2-2', { lapMs: 4_000, ms: 1 }),
      correctionFact('run-2-2', { valid: false, ms: 2 }),
      correctionFact('run-60-3', { lapMs: 4_990 })
    ]
    const plans = fc.tuple(fc.shuffledSubarray(facts, { minLength: facts.length }), fates)
    await fc.assert(
      fc.asyncProperty(plans, async ([order, stream]) => {
        const operations: RaceOperation[] = [
          ...order.map((fact): RaceOperation => ({ name: 'facts', input: [fact] })),
          decisions
        ]
        const calm = await raced(FASTEST_LAP, operations, () => ({ failing: [], stopped: false }))
        const rough = await raced(FASTEST_LAP, operations, () => stream.next().value)
        expect(finalOf(rough)).toBe(finalOf(calm))
        expect(lapsShown(rough)).toEqual(lapsShown(calm))
        expect(lapsShown(rough)).toHaveLength(60)
        const { racing } = rough.heads.at(-1)!
        expect(racing).toEqual(calm.heads.at(-1)!.racing)
        expect(racing.map(({ bib }) => bib)).toEqual([2, 60])
      }),
      { numRuns: RUNS }
    )
  })
})
