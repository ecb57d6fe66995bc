import { countsFor } from './merges.ts'
import { isRetracted } from './retractions.ts'
import type { RaceState, Run } from './state.ts'

/** A run as decisions leave it: of the bib that it counts for, and the how manieth of that bib, from 1. */
export type BegunRun = Run & { number: number }

/** Runs by id in the order in which they began, without those whose beginning was taken back. */
export function begunRuns(state: RaceState): Map<string, BegunRun> {
  const told = [...state.runs]
    .filter(([, { id }]) => !isRetracted(state, id))
    .sort(([, a], [, b]) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const begun = new Map<number, number>()
  return new Map(
    told.map(([runId, run]) => {
      const bib = countsFor(state, run.bib)
      const number = (begun.get(bib) ?? 0) + 1
      begun.set(bib, number)
      return [runId, { ...run, bib, number }]
    })
  )
}
