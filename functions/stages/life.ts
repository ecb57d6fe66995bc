import type { Fact, FactOf, Phase, Race } from '#contract'
import { later } from '#race/facts'
import { movedEnd, NOTICE_MS, type PhaseChange } from '#race/phase'

/** How long the orchestration waits between looks at the hub's progress. */
export const DRAIN_POLL_MS = 1_000

/** What the life of a race asks of the world, one request at a time; each is answered before the next. */
export type LifeRequest =
  /** The configuration as it is now, before it is frozen. */
  | { ask: 'plan' }
  /** Freezes it: creates the `open` fact where there is none, and answers the configuration of the one that is. */
  | { ask: 'open' }
  /** The next of these facts, or `undefined` when the instant (ms since 1970) comes first. */
  | { ask: 'wait'; for: Fact['kind'][]; until: number | null }
  /** Nothing for this long. */
  | { ask: 'pause'; ms: number }
  /** Tells the race's entity; answered when the board shows it. */
  | { ask: 'enter'; change: PhaseChange }
  /** Where the hub's partitions end now: a mark per partition. */
  | { ask: 'marks' }
  /** Whether everything up to the marks has been handed on. */
  | { ask: 'drained'; marks: number[] }
  /** Takes the official classification into the boards of all time. */
  | { ask: 'rank' }

type Answer = Race | Fact | undefined | boolean | number[]
/** The life of a race as a generator of requests: no clock, no service, so that Durable may replay it. */
export type Life = Generator<LifeRequest, Phase, Answer>

/**
 * scheduled → open → countdown → running → finishing → provisional → official, or aborted at any time before the end.
 * `provisional` waits until everything that reached the hub by the end of the backlog time has been handed on.
 */
export function* life(): Life {
  const { race, abortedAt } = yield* registration()
  const { timetable } = race
  if (abortedAt !== null) return yield* abort(race, null, abortedAt)

  let startsAt = timetable.startsAt ?? null
  const planned = (at: number | null) =>
    at !== null && timetable.durationMs !== undefined ? at + timetable.durationMs : null
  const enter = (phase: Phase, phaseEndsAt: number | null, endsAt = planned(startsAt)) =>
    entered({ phase, race, startsAt, endsAt, phaseEndsAt })

  yield* enter('open', startsAt)
  if (startsAt !== null) {
    const early = yield* waitFor(['abort'], startsAt - timetable.countdownMs)
    if (early) return yield* abort(race, startsAt, early.at)
    yield* enter('countdown', startsAt)
  }
  const gun = yield* waitFor(['start', 'abort'], startsAt)
  if (gun?.kind === 'abort') return yield* abort(race, startsAt, gun.at)
  if (gun) {
    startsAt = gun.at + noticeOf(race)
    if (noticeOf(race)) {
      yield* enter('countdown', startsAt)
      const late = yield* waitFor(['abort'], startsAt)
      if (late) return yield* abort(race, startsAt, late.at)
    }
  }

  yield* enter('running', planned(startsAt))
  let flag = planned(startsAt)
  let moved: FactOf<'extend'> | undefined
  let end = yield* waitFor(['close', 'abort', 'extend'], flag)
  while (end?.kind === 'extend') {
    // Of two that come in another order the last one told holds.
    if (!moved || later(end, moved)) {
      moved = end
      flag = movedEnd(moved, startsAt ?? moved.at)
      yield* enter('running', flag, flag)
    }
    end = yield* waitFor(['close', 'abort', 'extend'], flag)
  }
  if (end?.kind === 'abort') return yield* abort(race, startsAt, end.at)
  const endsAt = end ? Math.min(flag ?? Infinity, end.at + noticeOf(race)) : flag!

  const backlogEnds = endsAt + timetable.backlogMs
  yield* enter('finishing', backlogEnds, endsAt)
  yield { ask: 'wait', for: [], until: backlogEnds }
  const marks = (yield { ask: 'marks' }) as number[]
  while (!(yield { ask: 'drained', marks })) yield { ask: 'pause', ms: DRAIN_POLL_MS }

  // Attended races become official by two persons, so the end of protests ends no phase of theirs.
  const protestsEnd = backlogEnds + timetable.protestMs
  yield* enter('provisional', protestsEnd, endsAt)
  yield* waitFor(['confirm'], race.attended ? null : protestsEnd)
  yield* enter('official', null, endsAt)
  yield { ask: 'rank' }
  return 'official'
}

/** Waits for the opening and freezes the configuration. */
function* registration(): Generator<LifeRequest, { race: Race; abortedAt: number | null }, Answer> {
  let plan = (yield { ask: 'plan' }) as Race
  let opening: Fact | undefined
  do {
    opening = yield* waitFor(['open', 'configure', 'abort'], plan.timetable.opensAt ?? null)
    if (opening?.kind === 'configure') plan = (opening as FactOf<'configure'>).race
  } while (opening?.kind === 'configure')
  if (opening?.kind === 'abort') return { race: plan, abortedAt: opening.at }
  const race =
    opening?.kind === 'open' ? (opening as FactOf<'open'>).race : ((yield { ask: 'open' }) as Race)
  return { race, abortedAt: null }
}

function* waitFor(
  kinds: Fact['kind'][],
  until: number | null
): Generator<LifeRequest, Fact | undefined, Answer> {
  return (yield { ask: 'wait', for: kinds, until }) as Fact | undefined
}

function* entered(change: PhaseChange): Generator<LifeRequest, void, Answer> {
  yield { ask: 'enter', change }
}

/**
 * Readings are counted as they come and cannot be taken back, so a ride that an official starts or closes does so this
 * long after the word was given, when the fold knows of it. Laps are judged anew at each classification: they need no notice.
 */
const noticeOf = ({ format }: Race): number =>
  format.kind === 'ride' || format.kind === 'game' ? NOTICE_MS : 0

function* abort(race: Race, startsAt: number | null, at: number): Life {
  yield* entered({ phase: 'aborted', race, startsAt, endsAt: at, phaseEndsAt: null })
  return 'aborted'
}
