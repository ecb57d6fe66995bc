import type { CarReading, Line } from '#contract'

/** A missing reading is waited for until this many later ones are there. */
export const REORDER_READINGS = 45
/** Two readings closer together than this, in metres, are a car standing still. */
const STANDSTILL_M = 0.005
/** A car that stands no further than this beyond the line, in metres, starts its lap from standing. */
const STANDING_START_M = 1
/** No car of this class is faster, in m/s: a longer step is a car that was carried. */
const TOP_SPEED = 8

/** Times one boot of one car against a course's start line. Plain data: the car's entity stores it. */
export type LapTimer = {
  line: Line
  boot: number
  /** The next sequence number in order; null before the first. */
  next: number | null
  /** Readings that came before their turn, by sequence. */
  waiting: CarReading[]
  last: CarReading | null
  /** The car's clock when the present lap began, in ms. */
  lapStart: number | null
  /** Backward crossings still to be made good. */
  debt: number
  laps: number
}

/** A lap that a car has driven: `lap` counts from 1 in the timer; `seq` is the first reading beyond the line. */
export type DrivenLap = { seq: number; lap: number; lapMs: number }

export const newTimer = (line: Line, boot: number): LapTimer => ({
  line,
  boot,
  next: null,
  waiting: [],
  last: null,
  lapStart: null,
  debt: 0,
  laps: 0
})

/**
 * Feeds readings of the timer's boot, in any order and any number of times; returns the laps they complete.
 * Crossings are interpolated between two readings; times are differences of the car's own clock.
 */
export function feed(timer: LapTimer, readings: CarReading[]): DrivenLap[] {
  const known = new Set(timer.waiting.map(reading => reading.seq))
  for (const reading of readings) {
    if (known.has(reading.seq) || (timer.next !== null && reading.seq < timer.next)) continue
    known.add(reading.seq)
    timer.waiting.push(reading)
  }
  timer.waiting.sort((a, b) => a.seq - b.seq)
  return advance(timer, REORDER_READINGS)
}

/** Waits no longer for what is missing: the run is over. Returns the laps that this completes. */
export const flush = (timer: LapTimer): DrivenLap[] => advance(timer, 1)

/** Takes readings in their turn; a missing one is passed over once `patience` later ones are there. */
function advance(timer: LapTimer, patience: number): DrivenLap[] {
  const laps: DrivenLap[] = []
  for (;;) {
    const first = timer.waiting[0]
    if (!first) return laps
    const inTurn = timer.next === null || first.seq === timer.next
    if (!inTurn && timer.waiting.length < patience) return laps
    timer.waiting.shift()
    timer.next = first.seq + 1
    const lap = step(timer, first)
    if (lap) laps.push(lap)
  }
}

function step(timer: LapTimer, reading: CarReading): DrivenLap | undefined {
  const { last } = timer
  timer.last = reading
  if (!last) return undefined
  const moved = Math.hypot(reading.x - last.x, reading.y - last.y)
  const seconds = (reading.t - last.t) / 1_000
  if (seconds <= 0 || moved > TOP_SPEED * seconds) {
    // Carried back to the track or a clock that jumped: no lap can be timed across it.
    timer.lapStart = null
    timer.debt = 0
    return undefined
  }
  if (moved < STANDSTILL_M) {
    // It may move off right after `last`: until the next reading shows that it still stands, the lap began there.
    if (isAtStart(timer.line, reading)) timer.lapStart = last.t
    return undefined
  }
  const crossing = cross(timer.line, last, reading)
  return crossing ? crossed(timer, crossing, last, reading) : undefined
}

function crossed(
  timer: LapTimer,
  crossing: { share: number; forward: boolean },
  last: CarReading,
  reading: CarReading
): DrivenLap | undefined {
  if (!crossing.forward) {
    timer.debt++
    return undefined
  }
  if (timer.debt > 0) {
    timer.debt--
    return undefined
  }
  const time = last.t + crossing.share * (reading.t - last.t)
  const started = timer.lapStart
  timer.lapStart = time
  if (started === null) return undefined
  timer.laps++
  return { seq: reading.seq, lap: timer.laps, lapMs: Math.round(time - started) }
}

type Point = { x: number; y: number }

/** Where the step from `a` to `b` crosses the line, if it does: forward is from the side where the line's first end is on the left. */
function cross(line: Line, a: Point, b: Point): { share: number; forward: boolean } | undefined {
  const before = beyond(line, a)
  const after = beyond(line, b)
  if (before < 0 === after < 0) return undefined
  const share = before / (before - after)
  const x = a.x + share * (b.x - a.x)
  const y = a.y + share * (b.y - a.y)
  return isBetweenEnds(line, { x, y }) ? { share, forward: after >= 0 } : undefined
}

/** How far a point lies beyond the line in driving direction, in metres; negative before it. */
function beyond(line: Line, p: Point): number {
  const dx = line.x2 - line.x1
  const dy = line.y2 - line.y1
  return (dx * (p.y - line.y1) - dy * (p.x - line.x1)) / Math.hypot(dx, dy)
}

function isBetweenEnds(line: Line, p: Point): boolean {
  const dx = line.x2 - line.x1
  const dy = line.y2 - line.y1
  const along = ((p.x - line.x1) * dx + (p.y - line.y1) * dy) / (dx * dx + dy * dy)
  return along >= 0 && along <= 1
}

/** Whether a car is where a lap from standing begins: just beyond the line. */
function isAtStart(line: Line, p: Point): boolean {
  const distance = beyond(line, p)
  return distance >= 0 && distance <= STANDING_START_M && isBetweenEnds(line, p)
}
