import { publication } from '#race/publication'
import { foldReadings, type Reading } from '#race/readings'
import { packState } from '#race/state'
import { closeWindows } from '#race/window'
import { createRandom } from '../simulators/random.ts'
import { aRace, DISTANCE, DURATION_MS, GUN, running } from '../stories/races.ts'
import { reading } from '../stories/readings.ts'
import { median } from './spread.ts'

const FIELDS = [1_000, 10_000]
/** Races of each size, in turn, so that a busy neighbour disturbs all alike; the first of each only warms up. */
const ROUNDS = 9
const SECONDS = DURATION_MS / 1_000
/** Share of readings that arrive a second late, after their successor. */
const OUT_OF_ORDER = 0.05
const SPEED_MM_PER_S = 8_000

/** One race in batches of a second, the riders of each in a random order. */
function batchesOf(riders: number): Reading[][] {
  const random = createRandom(riders)
  const drawn: { order: number; batch: number; reading: Reading }[] = []
  for (let i = 0; i < riders * SECONDS; i++) {
    const [bib, second] = [(i % riders) + 1, Math.floor(i / riders)]
    const ms = second * 1_000 + Math.floor(random() * 1_000)
    const value = Math.floor((ms / 1_000) * SPEED_MM_PER_S * (1 + bib / riders))
    const batch = second + Number(random() < OUT_OF_ORDER)
    drawn.push({ order: random(), batch, reading: reading(DISTANCE, bib, ms, value) })
  }
  drawn.sort((a, b) => a.order - b.order)
  return Array.from({ length: SECONDS }, (_, second) =>
    drawn.filter(one => one.batch === second).map(one => one.reading)
  )
}

/** Folds and closes a race second by second: medians of its seconds. */
function ride(batches: Reading[][]) {
  const state = running(aRace(DISTANCE))
  const folds: number[] = []
  const closes: number[] = []
  for (const [second, batch] of batches.entries()) {
    const now = GUN + (second + 1) * 1_000
    const folding = performance.now()
    foldReadings(state, '0', batch, now)
    const closing = performance.now()
    closeWindows(state, second)
    const { written } = publication(state, state.version + 1, now)
    closes.push((performance.now() - closing) * 1e3)
    folds.push(((closing - folding) * 1e6) / batch.length)
    state.version++
    state.published = { etag: null, at: now, changedAt: 0, ...written }
  }
  const bytes = JSON.stringify(packState(state)).length
  return { fold: median(folds), close: median(closes), bytes }
}

/** The race's rules alone: a fold, and a close with all that it makes for the store. Prints and returns the medians. */
export function measureRules() {
  const fields = FIELDS.map(riders => ({ riders, batches: batchesOf(riders) }))
  const rounds = Array.from({ length: ROUNDS + 1 }, () => fields.map(field => ride(field.batches)))
  const warm = rounds.slice(1)
  const figures = fields.map(({ riders }, i) => ({
    riders,
    'fold, ns a reading': Math.round(median(warm.map(round => round[i]!.fold))),
    'close, µs': Math.round(median(warm.map(round => round[i]!.close))),
    'state, bytes': median(warm.map(round => round[i]!.bytes))
  }))
  console.table(figures)
  return figures
}
