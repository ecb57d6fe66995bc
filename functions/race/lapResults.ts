import type { Format } from '#contract'
import { judgedLaps } from './judgedLaps.ts'
import { enteredBibs, isWithdrawn } from './startList.ts'
import type { Lap, RaceState } from './state.ts'

/** What one competitor's laps come to, after rules and corrections. Times in ms; `at` in ms since the start. */
export type LapResult = {
  bib: number
  /** By the format; null without any. */
  value: number | null
  at: number | null
  /** Valid laps and their sum: the order of rows inside a tie. */
  laps: number
  total: number
  last: { ms: number; valid: boolean } | null
}

/** Every competitor of a lap format: on the start list, with a run or with a lap, and not withdrawn. */
export function lapResults(state: RaceState): LapResult[] {
  const { byBib } = judgedLaps(state)
  const runners = [...state.runs.values()].map(({ bib }) => bib)
  const bibs = new Set([...enteredBibs(state), ...runners, ...byBib.keys()])
  const start = state.startsAt ?? 0
  return [...bibs]
    .filter(bib => !isWithdrawn(state, bib))
    .sort((a, b) => a - b)
    .map(bib => lapResult(state.race.format, bib, byBib.get(bib) ?? [], start))
}

function lapResult(format: Format, bib: number, laps: Lap[], start: number): LapResult {
  const valid = laps.filter(lap => lap.valid)
  const total = valid.reduce((sum, lap) => sum + lap.ms, 0)
  const last = laps.at(-1)
  const best = bestOf(format, laps, valid)
  return {
    bib,
    value: best?.value ?? null,
    at: best ? best.at - start : null,
    laps: valid.length,
    total,
    last: last ? { ms: last.ms, valid: last.valid } : null
  }
}

function bestOf(
  format: Format,
  laps: Lap[],
  valid: Lap[]
): { value: number; at: number } | undefined {
  switch (format.kind) {
    case 'fastestLap':
      return least(valid.map(lap => ({ value: lap.ms, at: lap.at })))
    case 'averageLap':
      return least(consecutive(laps, format.laps))
    case 'mostLaps':
      return valid.length ? { value: valid.length, at: valid.at(-1)!.at } : undefined
    case 'ride':
    case 'game':
      return undefined
  }
}

/** Sums of every `count` laps that follow one another in one run and are all valid: an invalid lap breaks the chain. */
function consecutive(laps: Lap[], count: number): { value: number; at: number }[] {
  const sums: { value: number; at: number }[] = []
  for (let end = count; end <= laps.length; end++) {
    const chain = laps.slice(end - count, end)
    const first = chain[0]!
    const unbroken = chain.every(
      (lap, i) => lap.valid && lap.runId === first.runId && lap.lap === first.lap + i
    )
    if (unbroken) {
      sums.push({ value: chain.reduce((sum, lap) => sum + lap.ms, 0), at: chain.at(-1)!.at })
    }
  }
  return sums
}

const least = (candidates: { value: number; at: number }[]) =>
  candidates.reduce<{ value: number; at: number } | undefined>(
    (best, candidate) => (best && best.value <= candidate.value ? best : candidate),
    undefined
  )
