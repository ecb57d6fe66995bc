import type { ReviewItem } from '#contract'
import type { JudgedLap } from './judgedLaps.ts'
import { lapTime } from './lapTime.ts'
import { factsOf, knownAt, type Ledger } from './ledgerState.ts'
import { countsFor } from './merges.ts'
import { isOff } from './startList.ts'
import { timedRuns } from './timedRuns.ts'

/**
 * What somebody has to settle before the classification is signed, by kind and then the oldest first. Of bibs that are
 * off the race nothing but protests: the board is under review until these are settled.
 */
export function reviewItems(ledger: Ledger, runs = timedRuns(ledger)): ReviewItem[] {
  const { state, laps } = ledger
  const timed = [
    ...laps.all.filter(lap => lap.state === 'held').map(held),
    ...disagreements(ledger),
    ...runs
      .filter(({ endedAt, submitted }) => endedAt !== null && !submitted)
      .map(unsubmitted)
      .reverse()
  ]
  return [...timed.filter(({ bib }) => !isOff(state, bib)), ...protests(ledger)]
}

const held = ({ id, bib, runId, lap, ms, why }: JudgedLap): ReviewItem => ({
  kind: 'held',
  bib,
  runId,
  of: [id],
  detail: `Lap ${lap} of ${lapTime(ms)} is held: it is ${why}.`
})

const unsubmitted = ({ bib, runId }: { bib: number; runId: string }): ReviewItem => ({
  kind: 'unsubmitted',
  bib,
  runId,
  of: [],
  detail: 'The run is over, and nobody has looked through its laps yet.'
})

/** Laps by hand that stand beside another timing too far from it, or beside none at all; until a correction settles them. */
function disagreements({ state, laps: { all }, facts }: Ledger): ReviewItem[] {
  const { toleranceMs } = state.race
  const laps = new Map(all.map(lap => [lap.id, lap]))
  const known = new Map(factsOf(facts, 'lap').map(lap => [lap.id, knownAt(lap)]))
  const isSettled = (lapsInQuestion: JudgedLap[]) => {
    const since = Math.max(...lapsInQuestion.map(({ id }) => known.get(id)!))
    return lapsInQuestion.some(({ id }) => (state.corrections.get(id)?.at ?? -1) >= since)
  }
  return all.flatMap((lap): ReviewItem[] => {
    if (lap.source !== 'hand' || lap.state !== 'superseded') return []
    const twin = lap.twin === null ? undefined : laps.get(lap.twin)
    const apart = twin ? Math.abs(lap.ms - twin.ms) : Number.POSITIVE_INFINITY
    if (apart <= toleranceMs || isSettled(twin ? [lap, twin] : [lap])) return []
    const { id, bib, runId } = lap
    const of = twin ? [id, twin.id] : [id]
    return [{ kind: 'disagreement', bib, runId, of, detail: differing(lap, twin) }]
  })
}

function differing({ lap, ms }: JudgedLap, twin: JudgedLap | undefined): string {
  if (!twin) return `Lap ${lap} of ${lapTime(ms)} was timed by a second person alone.`
  const apart = Math.abs(ms - twin.ms)
  const other = twin.source === 'hand' ? 'by a second person' : 'by hand'
  return `Lap ${twin.lap} took ${lapTime(twin.ms)} ${BY[twin.source]} and ${lapTime(ms)} ${other}: ${apart} ms apart.`
}

const BY = { telemetry: "by the car's positions", sensor: 'by the lap sensor', hand: 'by hand' }

const protests = ({ state, facts }: Ledger): ReviewItem[] =>
  factsOf(facts, 'protest')
    .filter(({ id }) => !state.settlements.has(id))
    .map(({ id, bib, reason = 'no reason was given' }) => ({
      kind: 'protest',
      bib: countsFor(state, bib),
      runId: null,
      of: [id],
      detail: `The result is contested: ${reason}`
    }))
