import type { DirectoryEntry, Problem, RunRequest } from '#contract'
import { begunRuns } from '#race/begunRuns'
import { factsOf, type Ledger } from '#race/ledgerState'
import { isOff } from '#race/startList'

type Doubts = NonNullable<Problem['errors']>

/**
 * What speaks against a run that is to begin, and what to do about each; empty where nothing does. `directory` names also
 * those who took a seat, of whom the ledger does not know.
 */
export function startDoubts(
  { state, facts }: Ledger,
  directory: DirectoryEntry[],
  asked: RunRequest
): Doubts {
  const { bib, at, deviceId, sensorId } = asked
  const { race, runEnds, endsAt } = state
  const doubts: Doubts = []
  const doubt = (pointer: string, detail: string) => doubts.push({ pointer, detail })
  if (endsAt !== null && at > endsAt) {
    doubt('/at', `The race ended at ${new Date(endsAt).toISOString()}: no run counts any more.`)
  }
  const isKnown = state.entries.has(bib) || directory.some(entry => entry.bib === bib)
  if (!isKnown || isOff(state, bib)) {
    doubt('/bib', `Competitor ${bib} is not on the start list: enter the competitor first.`)
  }
  const begun = begunRuns(state)
  const driven = [...begun.values()].filter(run => run.bib === bib).length
  if (driven >= (race.maxRuns ?? Number.POSITIVE_INFINITY)) {
    doubt('/bib', `Competitor ${bib} has had ${driven} of ${race.maxRuns} runs.`)
  }
  const begins = new Map(factsOf(facts, 'run').map(fact => [fact.id, fact]))
  for (const [runId, run] of begun) {
    // A run that began later is no hindrance: this one may be over by then, and its end on its way.
    if (run.at > at || (runEnds.get(runId) ?? Number.POSITIVE_INFINITY) <= at) continue
    const devices = begins.get(run.id)
    const inRun = `in run ${runId}: end that run first`
    if (run.bib === bib) doubt('/bib', `Competitor ${bib} is on the track ${inRun}.`)
    if (deviceId && devices?.deviceId === deviceId) {
      doubt('/deviceId', `${deviceId} is driven by competitor ${run.bib} ${inRun}.`)
    }
    if (sensorId && devices?.sensorId === sensorId) {
      doubt('/sensorId', `${sensorId} times competitor ${run.bib} ${inRun}.`)
    }
  }
  return doubts
}
