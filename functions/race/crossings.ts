import type { Crossing } from '#contract'
import type { Driven } from './driven.ts'
import { dequeue, enqueue, type Turns } from './turns.ts'

/** Pulses so soon after the one that told a crossing are of the same one, in ms of the timer's clock. */
export const DEBOUNCE_MS = 2_000
/** A missing pulse is waited for until this many later ones are there. */
export const REORDER_PULSES = 8
/** More pulses than this within so many ms of the timer's clock come from no car. */
export const FLOOD_PULSES = 64
export const FLOOD_MS = 100
/** Messages of an earlier boot may come so much later than the last of the present one, in ms of hub time. */
export const STALE_BOOT_MS = 20_000

/** A pulse, and when its message was at the hub, in ms since 1970. */
export type Pulse = Crossing & { enqueued: number }

/** A car at the line, told by its first pulse. Times of one `era` are by one clock. */
export type Passage<P extends Pulse> = P & { boot: number; era: number }

/** What is known of a line's timer, over all of its sensors and the whole day. Plain data. */
export type LineTimer<P extends Pulse> = Turns<P> & {
  boot: number
  /** When the latest message of this boot was at the hub. */
  heard: number
  /** Counts boots, and the times that the clock was put back. */
  era: number
  /** The timer's clock at the latest pulse in order, and at the last crossing. */
  clock: number | null
  crossed: number | null
  /** The latest pulses let in, to tell a flood by. */
  recent: Pick<Pulse, 'seq' | 't'>[]
}

/** A timer that has not been heard of. */
export const newLineTimer = <P extends Pulse>(): LineTimer<P> => ({ ...newBoot<P>(-1), era: 0 })

const newBoot = <P extends Pulse>(boot: number): Omit<LineTimer<P>, 'era'> => ({
  boot,
  heard: 0,
  next: null,
  waiting: [],
  clock: null,
  crossed: null,
  recent: []
})

/**
 * Feeds pulses of one message, in any order and any number of times; returns the cars that passed, in order,
 * or undefined where there are more pulses than cars can make: then none of the message counts.
 */
export function pass<P extends Pulse>(
  line: LineTimer<P>,
  boot: number,
  pulses: P[]
): Passage<P>[] | undefined {
  const enqueued = Math.max(...pulses.map(pulse => pulse.enqueued))
  if (boot < line.boot && enqueued <= line.heard + STALE_BOOT_MS) return []
  const isNewBoot = boot !== line.boot
  const recent = together(isNewBoot ? [] : line.recent, pulses)
  if (isFlood(recent)) return undefined
  const before = isNewBoot ? advance(line, 1) : []
  if (isNewBoot) Object.assign(line, newBoot<P>(boot), { era: line.era + 1 })
  line.recent = recent.slice(-FLOOD_PULSES)
  line.heard = Math.max(line.heard, enqueued)
  enqueue(line, pulses)
  return [...before, ...advance(line, REORDER_PULSES)]
}

/** Waits no longer for what is missing before the last pulse that `isDue`; returns the cars that passed up to there. */
export function settleLine<P extends Pulse>(
  line: LineTimer<P>,
  isDue: (pulse: P) => boolean
): Passage<P>[] {
  return advance(line, 1, line.waiting.findLastIndex(isDue) + 1)
}

/** A run by the timer: where its present lap began, and by which clock; null before its first crossing. */
export type LineRun = { laps: number; present: { era: number; start: number } | null }

/** A car passed in a run: returns the lap that this completes. The first passage starts the clock. */
export function lapsAt<P extends Pulse>(run: LineRun, { era, seq, t }: Passage<P>): Driven[] {
  const { present } = run
  run.present = { era, start: t }
  if (present?.era !== era) return []
  return [{ kind: 'lap', seq, lap: ++run.laps, lapMs: t - present.start, t }]
}

/** Pulses known and new, each once, by the timer's clock. */
const together = (known: LineTimer<Pulse>['recent'], pulses: Pulse[]) =>
  [...new Map([...known, ...pulses].map(({ seq, t }) => [seq, { seq, t }])).values()].sort(
    (a, b) => a.t - b.t
  )

const isFlood = (pulses: { t: number }[]): boolean =>
  pulses.slice(FLOOD_PULSES).some(({ t }, i) => t - pulses[i]!.t <= FLOOD_MS)

/** Takes pulses in their turn, no more than `most`. */
function advance<P extends Pulse>(
  line: LineTimer<P>,
  patience: number,
  most = Number.POSITIVE_INFINITY
): Passage<P>[] {
  const passages: Passage<P>[] = []
  for (let taken = 0; taken < most; taken++) {
    const pulse = dequeue(line, patience)
    if (!pulse) break
    if (isCrossing(line, pulse.t)) passages.push({ ...pulse, boot: line.boot, era: line.era })
  }
  return passages
}

/** Whether a pulse is the first of a crossing: a car makes several, at each of the line's sensors. */
function isCrossing(line: LineTimer<Pulse>, t: number): boolean {
  if (line.clock !== null && t < line.clock) {
    line.era++
    line.crossed = null
    line.recent = []
  }
  line.clock = t
  if (line.crossed !== null && t - line.crossed <= DEBOUNCE_MS) return false
  line.crossed = t
  return true
}
