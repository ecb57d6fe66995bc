import type { DirectoryEntry, Queue, Racer, TimedRun } from '#contract'
import { classify } from './classification.ts'
import { factsOf, type Ledger } from './ledgerState.ts'
import { reviewItems } from './reviewItems.ts'
import { timedRuns } from './timedRuns.ts'

/** Runs that are over and submitted, and still shown. */
const RUNS_SUBMITTED = 5

/** A racer with the instant since which the next run is waited for; `Infinity` for who is on the track. */
type Waiting = { racer: Racer; since: number }

/**
 * The queue of a race of laps at `asOf` (ms since 1970): who is on the start list, in the order in which they should race.
 * A name that the directory does not have is empty.
 */
export function queueOf(ledger: Ledger, directory: DirectoryEntry[], asOf: number): Queue {
  const { race } = ledger.state
  const runs = timedRuns(ledger)
  return {
    raceId: race.raceId,
    asOf,
    maxRuns: race.maxRuns ?? null,
    runMs: race.runMs ?? null,
    allowedResets: race.allowedResets ?? null,
    classes: race.classes,
    racers: racers(ledger, directory),
    runs: lately(runs),
    review: reviewItems(ledger, runs)
  }
}

function racers({ state, laps, facts }: Ledger, directory: DirectoryEntry[]): Racer[] {
  const names = new Map(directory.map(({ bib, name }) => [bib, name]))
  const entries = new Map(factsOf(facts, 'enter').map(entry => [entry.bib, entry]))
  const runsOf = Map.groupBy(laps.runs, ([, { bib }]) => bib)
  const waiting = classify(state, laps).flatMap(({ bib, status, rank }): Waiting[] => {
    const entry = entries.get(bib)
    if (!entry) return []
    const { competitorId } = entry
    const own = runsOf.get(bib) ?? []
    const [lastId, last] = own.at(-1) ?? []
    const racer = {
      bib,
      competitorId,
      name: names.get(bib) ?? '',
      status,
      rank,
      runs: own.length,
      lastRunAt: last?.at ?? null
    }
    const ended = lastId === undefined ? entry.at : state.runEnds.get(lastId)
    return [{ racer, since: ended ?? Number.POSITIVE_INFINITY }]
  })
  return waiting.sort(nextFirst).map(({ racer }) => racer)
}

function nextFirst(a: Waiting, b: Waiting): number {
  if (a.racer.runs !== b.racer.runs) return a.racer.runs - b.racer.runs
  if (a.since !== b.since) return a.since < b.since ? -1 : 1
  return a.racer.bib - b.racer.bib
}

/** What a timekeeper has to do with, and the last few runs besides; in the order given. */
function lately(runs: TimedRun[]): TimedRun[] {
  const done = runs.filter(({ endedAt, submitted }) => endedAt !== null && submitted)
  const older = new Set(done.slice(RUNS_SUBMITTED))
  return runs.filter(run => !older.has(run))
}
