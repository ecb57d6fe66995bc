import type { Fact, FactOf, LapRequest, RunEvent } from '#contract'
import { CLOCKS_MS } from './lapRace.ts'
import { Refused } from './problem.ts'

/** How an event of a run stands in the ledger. */
export type EventFact = FactOf<'pause' | 'resume' | 'runEnd' | 'reset' | 'submit'>
/** What all facts that a person captured in a run have. */
export type Captured = Pick<FactOf<'lap'>, 'id' | 'raceId' | 'runId' | 'at' | 'actor'> & {
  recordedAt: number
  key: string
}
/** A run as far as it was told; `endedAt` (ms since 1970) is infinite while it goes on. */
export type ToldRun = { begin: FactOf<'run'>; endedAt: number }

/** Said of what a run does not hold: it is recorded, and left to a person to judge. */
const MARKS = { early: 'before the run began', late: 'after the run ended' } as const
type Mark = (typeof MARKS)[keyof typeof MARKS]
/** Longest reason of a fact. */
const REASON_MAX_CHARS = 200

/** The run of the facts that name it; throws `Refused` where none begins it. */
export function toldRun(facts: Fact[], runId: string): ToldRun {
  const begins = facts.filter(fact => fact.kind === 'run')
  const [begin] = begins.sort((a, b) => a.at - b.at)
  if (!begin) throw new Refused('not-found', `There is no run ${runId}: begin it first.`)
  const ends = facts.filter(({ kind }) => kind === 'runEnd').map(({ at }) => at)
  // The earliest end holds: of two persons who saw it both are right.
  return { begin, endedAt: Math.min(...ends) }
}

/** A lap of a run. Not valid when the run does not hold it; throws `Refused` for another competitor's. */
export function lapFact(told: LapRequest, captured: Captured, run: ToldRun): FactOf<'lap'> {
  const { bib, lap, lapMs } = told
  const { runId, bib: driving } = run.begin
  if (bib !== driving) {
    const detail = `Run ${runId} is competitor ${driving}'s, not ${bib}'s: send the lap to its own run.`
    throw new Refused('conflict', detail, [
      { pointer: '/bib', detail: `is ${driving} in this run` }
    ])
  }
  const mark = markOf(captured.at, run)
  return { ...captured, kind: 'lap', bib, lap, lapMs, source: 'hand', ...verdict(told, mark) }
}

/** Whether a fact is what a request made, whatever its run held then. */
export function isLapOf(told: LapRequest, known: Fact): known is FactOf<'lap'> {
  if (known.kind !== 'lap' || (told.at ?? known.at) !== known.at) return false
  if (told.bib !== known.bib || told.lap !== known.lap || told.lapMs !== known.lapMs) return false
  return [undefined, MARKS.early, MARKS.late].some(mark => {
    const { valid, reason } = verdict(told, mark)
    return valid === known.valid && reason === known.reason
  })
}

/** An event of a run; throws `Refused` for one that is not of this run, and a submission while it goes on. */
export function eventFact({ kind }: RunEvent, captured: Captured, run: ToldRun): EventFact {
  const { begin, endedAt } = run
  const { runId, at } = captured
  const mark = markOf(at, run)
  // An end before the beginning would leave no run, and nobody can take an end back.
  if (mark === MARKS.early || (kind === 'end' && at < begin.at)) {
    const detail = `Run ${runId} began after that, at ${new Date(begin.at).toISOString()}: look which run it belongs to.`
    throw new Refused('conflict', detail, [{ pointer: '/at', detail }])
  }
  const marked = { ...captured, ...(mark ? { reason: mark } : {}) }
  switch (kind) {
    case 'pause':
    case 'resume':
      return { ...marked, kind }
    case 'reset':
      return { ...marked, kind, bib: begin.bib, source: 'hand' }
    case 'submit':
      if (endedAt < Number.POSITIVE_INFINITY) return { ...captured, kind }
      throw new Refused('conflict', `Run ${runId} goes on: end it before you submit it.`)
    case 'end': {
      // With the run's devices, which are told by it.
      const { deviceId, sensorId } = begin
      const devices = { ...(deviceId && { deviceId }), ...(sensorId && { sensorId }) }
      return { ...captured, kind: 'runEnd', ...devices }
    }
  }
}

/** Whether a fact is what a request made. */
export const isEventOf = ({ kind, at }: RunEvent, known: Fact): known is EventFact =>
  known.kind === (kind === 'end' ? 'runEnd' : kind) && known.at === at

function markOf(at: number, { begin, endedAt }: ToldRun): Mark | undefined {
  if (at < begin.at - CLOCKS_MS) return MARKS.early
  return at > endedAt + CLOCKS_MS ? MARKS.late : undefined
}

/** Whether a lap counts as far as the person and its run say, and why not. */
function verdict(
  { valid, reason }: LapRequest,
  mark: Mark | undefined
): Pick<FactOf<'lap'>, 'valid' | 'reason'> {
  const reasons = [mark, reason].filter(Boolean).join('; ').slice(0, REASON_MAX_CHARS)
  return { valid: valid && !mark, ...(reasons ? { reason: reasons } : {}) }
}
