import type { Format } from '#contract'
import type { JudgedLap, JudgedLaps } from './judgedLaps.ts'
import { enteredBibs, isOff } from './startList.ts'
import type { RaceState } from './state.ts'

/** What one competitor's laps come to, after rules and corrections. Times in ms; `at` in ms since the start. */
export type LapResult = {
  bib: number
  /** By the format; null without any. */
  value: number | null
  at: number | null
  /** The laps that the value is made of. */
  made: JudgedLap[]
  /** Valid laps and their sum: the order of rows inside a tie. */
  laps: number
  total: number
  last: { ms: number; valid: boolean } | null
}

/** What laps come to by a format. */
type Best = { value: number; at: number; made: JudgedLap[] }

/** Every competitor of a lap format, by bib: on the start list, with a run or with a lap, and not off the race. */
export function lapResults(state: RaceState, { byBib, runs }: JudgedLaps): LapResult[] {
  const runners = [...runs.values()].map(({ bib }) => bib)
  const bibs = new Set([...enteredBibs(state), ...runners, ...byBib.keys()])
  const start = state.startsAt ?? 0
  return [...bibs]
    .filter(bib => !isOff(state, bib))
    .sort((a, b) => a - b)
    .map(bib => lapResult(state.race.format, bib, byBib.get(bib) ?? [], start))
}

function lapResult(format: Format, bib: number, laps: JudgedLap[], start: number): LapResult {
  const valid = laps.filter(lap => lap.valid)
  const total = sumOf(valid)
  const last = laps.at(-1)
  const best = bestOf(format, laps, valid)
  return {
    bib,
    value: best?.value ?? null,
    at: best ? best.at - start : null,
    made: best?.made ?? [],
    laps: valid.length,
    total,
    last: last ? { ms: last.ms, valid: last.valid } : null
  }
}

function bestOf(format: Format, laps: JudgedLap[], valid: JudgedLap[]): Best | undefined {
  switch (format.kind) {
    case 'fastestLap':
      return least(valid.map(lap => [lap]))
    case 'averageLap':
      return least(consecutive(laps, format.laps))
    case 'mostLaps':
      return valid.length ? { value: valid.length, at: valid.at(-1)!.at, made: valid } : undefined
    case 'ride':
    case 'game':
      return undefined
  }
}

/** Every `count` laps that follow one another in one run and are all valid: an invalid lap breaks the chain. */
function consecutive(laps: JudgedLap[], count: number): JudgedLap[][] {
  const chains: JudgedLap[][] = []
  for (let end = count; end <= laps.length; end++) {
    const chain = laps.slice(end - count, end)
    const first = chain[0]!
    const unbroken = chain.every(
      (lap, i) => lap.valid && lap.runId === first.runId && lap.lap === first.lap + i
    )
    if (unbroken) chains.push(chain)
  }
  return chains
}

/** The chain with the least sum, of equals the first. */
const least = (chains: JudgedLap[][]): Best | undefined =>
  chains
    .map(made => ({ value: sumOf(made), at: made.at(-1)!.at, made }))
    .reduce<Best | undefined>(
      (best, candidate) => (best && best.value <= candidate.value ? best : candidate),
      undefined
    )

const sumOf = (laps: JudgedLap[]): number => laps.reduce((sum, lap) => sum + lap.ms, 0)
