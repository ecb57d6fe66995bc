import type { Best } from '#race/bests'
import { orderOf, withBest } from '#race/bests'
import { comparison } from '#race/boardId'
import {
  type Block,
  blockOf,
  count,
  emptyBlock,
  emptySums,
  packBlock,
  standing
} from '#race/histogram'
import { createRandom } from '../simulators/random.ts'
import { median } from './spread.ts'

const BOARD = 'distance-300'
/** Values as a field of riders has them over five minutes, in mm: all of some 3 km, most in the middle. */
const LEAST = 1_000_000
const RANGE = 2_500_000
const ROUNDS = 5
/** Places that are asked for and compared with the sorted array, a round. */
const ASKED = 20_000

export type BoardFigures = ReturnType<typeof measureBoards>

/** Everybody's best on one board: to add, to improve, to find a place, in ns each; and what is stored, in bytes. */
export function measureBoards(bests: number) {
  const rounds = Array.from({ length: ROUNDS + 1 }, (_, seed) => oneRound(bests, seed)).slice(1)
  const figure = (of: (round: (typeof rounds)[number]) => number) =>
    Math.round(median(rounds.map(of)))
  return {
    bests,
    nsToAdd: figure(round => round.add),
    nsToImprove: figure(round => round.improve),
    nsToRank: figure(round => round.rank),
    nsToEnterTop: figure(round => round.top),
    storedBytes: figure(round => round.bytes),
    asked: ASKED * ROUNDS,
    wrongPlaces: rounds.reduce((sum, { wrong }) => sum + wrong, 0)
  }
}

function oneRound(bests: number, seed: number) {
  const random = createRandom(seed)
  const draw = () => LEAST + Math.floor(((random() + random()) / 2) * RANGE)
  const values = Uint32Array.from({ length: bests }, draw)
  const sums = emptySums()
  const blocks = new Map<number, Block>()
  const tally = (value: number, by: 1 | -1) => {
    const index = blockOf(value)
    const block = blocks.get(index) ?? emptyBlock()
    blocks.set(index, block)
    count(sums, block, value, by)
  }
  const add = timed(bests, i => tally(values[i]!, 1))
  const improve = timed(ASKED, i => {
    tally(values[i]!, -1)
    values[i] = values[i]! + 50
    tally(values[i]!, 1)
  })
  const compare = comparison(BOARD)
  const asked = Uint32Array.from({ length: ASKED }, draw)
  const places = new Uint32Array(ASKED)
  const rank = timed(ASKED, i => {
    const value = asked[i]!
    places[i] = standing(sums, blocks.get(blockOf(value)), value, compare).rank
  })
  const sorted = values.toSorted()
  const wrong = places.filter((place, i) => place !== 1 + above(sorted, asked[i]!)).length
  const stored = [...blocks.values()].reduce(
    (sum, block) => sum + JSON.stringify(packBlock(block)).length,
    JSON.stringify(sums).length
  )
  return { add, improve, rank, top: enterTop(values), bytes: stored, wrong }
}

/** A race of 1,000 that comes to the first 1,000 rows. */
function enterTop(values: Uint32Array): number {
  const order = orderOf(BOARD)
  const bestOf = (i: number): Best => ({
    ...{ competitorId: `rider-${i}`, class: '', raceId: 'race', bib: 1, at: 0 },
    value: values[i]!
  })
  let top: Best[] = []
  for (let i = 0; i < 1_000; i++) top = withBest(top, bestOf(i), order)
  return timed(1_000, i => {
    top = withBest(top, bestOf(1_000 + i), order)
  })
}

/** How many of the sorted values are above one. */
function above(sorted: Uint32Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return sorted.length - low
}

/** Time of one of `times` calls, in ns. */
function timed(times: number, call: (i: number) => void): number {
  const begin = performance.now()
  for (let i = 0; i < times; i++) call(i)
  return ((performance.now() - begin) * 1e6) / times
}

/** Prints the figures and says whether they hold: 0 when every place was the one that sorting gives. */
export function judgeBoards(figures: BoardFigures): 0 | 1 {
  console.table(figures)
  if (figures.wrongPlaces) console.log(`FAILED: ${figures.wrongPlaces} places were wrong`)
  return figures.wrongPlaces ? 1 : 0
}
