import type { ClockEvent, RaceState, Run } from './state.ts'

/** When a run's clock held, in ms since 1970; `to` is infinite while it holds. */
type Hold = { from: number; to: number }

/** A run's clock: since when it holds, if it does, and how long it held before, in ms. */
export type RunClock = { pausedAt: number | null; pausedMs: number }

/** What pauses say of a run's clock; those of before the run began count from its beginning. */
export function runClock({ clocks }: Pick<RaceState, 'clocks'>, runId: string, run: Run): RunClock {
  const holds = holdsOf(clocks.get(runId) ?? [], run.at)
  const last = holds.at(-1)
  const present = last?.to === Number.POSITIVE_INFINITY ? last.from : null
  return { pausedAt: present, pausedMs: heldBy(holds, present ?? Number.POSITIVE_INFINITY) }
}

/** How long a run has gone on by its clock, in ms, as a function of the instant in ms since 1970. */
export function elapsed(
  { clocks }: Pick<RaceState, 'clocks'>,
  runId: string,
  run: Run
): (at: number) => number {
  const holds = holdsOf(clocks.get(runId) ?? [], run.at)
  return at => at - run.at - heldBy(holds, at)
}

const heldBy = (holds: Hold[], at: number): number =>
  holds.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, at) - from), 0)

function holdsOf(events: ClockEvent[], begin: number): Hold[] {
  const holds: Hold[] = []
  let from: number | null = null
  for (const { at, holds: pauses } of events) {
    const instant = Math.max(at, begin)
    if (pauses) from ??= instant
    else if (from !== null) {
      holds.push({ from, to: instant })
      from = null
    }
  }
  return from === null ? holds : [...holds, { from, to: Number.POSITIVE_INFINITY }]
}
