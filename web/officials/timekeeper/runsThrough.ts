import type { Queue } from '#contract'
import type { Entry } from './entry.ts'

const isSubmission = (entry: Entry): boolean =>
  entry.kind === 'event' && entry.body.kind === 'submit'

/**
 * Runs of a race that are submitted and of which the server has all that was told here, by a queue that was asked for at
 * `askedAt`: nothing of them needs to stay.
 */
export function runsThrough(
  entries: readonly Entry[],
  { raceId, runs }: Queue,
  askedAt: number
): string[] {
  const byRun = Map.groupBy(
    entries.filter(entry => entry.raceId === raceId),
    ({ runId }) => runId
  )
  return [...byRun].flatMap(([runId, told]) => {
    const there = told.every(({ state, sentAt = askedAt }) => state === 'sent' && sentAt < askedAt)
    const known = runs.find(run => run.runId === runId)
    return there && (known ? known.submitted : told.some(isSubmission)) ? [runId] : []
  })
}
