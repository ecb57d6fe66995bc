import type { Fact, Phase, Race } from '#contract'
import { movedEnd, type PhaseChange } from './phase.ts'

/** A phase and the instant from which on it was; in ms since 1970, `Infinity` where it was never reached. */
type Reached = { from: number; change: PhaseChange }
/** The next fact of these kinds, or `undefined` when the instant comes first. */
type Wait = (kinds: Fact['kind'][], until: number | null) => Fact | undefined

/**
 * The phase of a race of laps at an instant (ms since 1970): what its life decides, found again in its ledger.
 * `facts` are those told by then, oldest first. The hub is taken to be drained when the time for the backlog is over.
 */
export function phaseAt(race: Race, facts: Fact[], openedAt: number, instant: number): PhaseChange {
  let now = 0
  const unheard = new Set(facts)
  const wait: Wait = (kinds, until) => {
    // What was told before the wait began is heard at once.
    const fact = [...unheard].find(
      ({ kind, at }) => kinds.includes(kind) && (at <= now || at < (until ?? Infinity))
    )
    if (fact) unheard.delete(fact)
    now = Math.max(now, fact?.at ?? until ?? Infinity)
    return fact
  }
  const reached: Reached[] = []
  for (const change of changes(race, openedAt, wait)) reached.push({ from: now, change })
  return reached.findLast(({ from }) => from <= instant)!.change
}

function* changes(race: Race, openedAt: number, wait: Wait): Generator<PhaseChange> {
  const { timetable, attended } = race
  let startsAt: number | null = null
  const planned = () =>
    startsAt !== null && timetable.durationMs !== undefined ? startsAt + timetable.durationMs : null
  const change = (
    phase: Phase,
    phaseEndsAt: number | null,
    endsAt: number | null = planned()
  ): PhaseChange => ({ phase, race, startsAt, endsAt, phaseEndsAt })

  const early = wait(['abort'], openedAt)
  if (early) return yield change('aborted', null, early.at)
  startsAt = timetable.startsAt ?? null
  yield change('open', startsAt)
  if (startsAt !== null) {
    const abort = wait(['abort'], startsAt - timetable.countdownMs)
    if (abort) return yield change('aborted', null, abort.at)
    yield change('countdown', startsAt)
  }
  const gun = wait(['start', 'abort'], startsAt)
  if (gun?.kind === 'abort') return yield change('aborted', null, gun.at)
  if (gun) startsAt = gun.at

  yield change('running', planned())
  let flag = planned()
  let end = wait(['close', 'abort', 'extend'], flag)
  while (end?.kind === 'extend') {
    flag = movedEnd(end, startsAt ?? end.at)
    yield change('running', flag, flag)
    end = wait(['close', 'abort', 'extend'], flag)
  }
  if (end?.kind === 'abort') return yield change('aborted', null, end.at)
  const endsAt = Math.min(flag ?? Infinity, end?.at ?? Infinity)

  const backlogEnds = endsAt + timetable.backlogMs
  yield change('finishing', backlogEnds, endsAt)
  wait([], backlogEnds)
  const protestsEnd = backlogEnds + timetable.protestMs
  yield change('provisional', protestsEnd, endsAt)
  wait(['confirm'], attended ? null : protestsEnd)
  yield change('official', null, endsAt)
}
