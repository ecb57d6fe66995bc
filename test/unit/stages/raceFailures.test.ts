import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Format, Phase, RankPage } from '#contract'
import { pageId } from '#race/publication'
import { packReadings, type RaceOperation } from '../../../functions/stages/raceSignal.ts'
import { entryFact, laps, statusFact } from '../../stories/facts.ts'
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

/** Whoever reads now finds the pages that the head names, whole. */
function readerSeesWhole(store: RaceStore): void {
  const head = store.heads.at(-1)
  if (!head) return
  const rows = head.rankPages.flatMap((ref, page) => {
    const found = store.pages.get(pageId('rank', page, ref.slot)) as RankPage
    expect(found.version).toBe(ref.version)
    return found.rows
  })
  expect(rows.slice(0, 20)).toEqual(head.top)
  expect(rows).toHaveLength(head.competitors)
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
  it('ends with the same final as one without a failure', async () => {
    const facts = [1, 2, 3].flatMap(bib => laps(bib, [5_000 + bib, 5_000 - bib, 5_100]))
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
      }),
      { numRuns: RUNS }
    )
  })
})
