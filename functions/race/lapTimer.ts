import type { CarReading, Line } from '#contract'
import { type Boundary, metresOff } from './boundary.ts'
import { crossingOf, isAtStart } from './startLine.ts'

/** A missing reading is waited for until this many later ones are there. */
export const REORDER_READINGS = 45
/** Two readings closer together than this, in metres, are a car standing still: recorded ones differ by 0.6 mm then, and by 2.7 mm as they move off. */
const STANDSTILL_M = 0.002
/**
 * Half a car's width, in metres: its middle this far off the edge, no wheel is on the track.
 * In the recordings it comes to 0.03 in laps that count, and to 0.13 or more in attempts that ended off the track.
 */
export const HALF_CAR_M = 0.1
/** A car's clock stamps its readings so much too early or too late, in seconds. */
const STAMP_S = 0.1
/** Speed in m/s above which a car that tells none was carried; no car of this class is faster. */
const TOP_SPEED = 8
/** After so many seconds without a reading it is not known where a car went. */
const SIGHT_S = 1

/** What timing needs of a course. Without a boundary no lap is invalid. */
export type TimedCourse = { line: Line; boundary?: Boundary | undefined }

/** What a run has come to: completed laps, times the car was put back, times it left the track. */
export type Tally = { laps: number; resets: number; offTracks: number }

/** Times one boot of one car. Plain data: the car's entity stores it. */
export type LapTimer = {
  boot: number
  tally: Tally
  /** The next sequence number in order; null before the first. */
  next: number | null
  /** Readings that came before their turn, by sequence. */
  waiting: CarReading[]
  last: CarReading | null
  /** The fastest that the car was told to drive, in m/s. */
  pace: number
  /** `placed`: not moved since it was put down; `halted`: stopped on its way. */
  motion: 'placed' | 'rolling' | 'halted'
  /** Seen on the track since it was put down: only then can it leave it. */
  onTrack: boolean
  /** The present lap: the car's clock when it began, in ms, and whether it left the track since. */
  present: { start: number; leftTrack: boolean } | null
  /** Backward crossings still to be made good. */
  debt: number
}

/**
 * A lap that a car has driven: `lap` as the tally counts, `seq` the first reading beyond the line,
 * `t` the car's clock at the crossing. `fault` tells why it does not count.
 */
export type DrivenLap = { seq: number; lap: number; lapMs: number; t: number; fault?: string }

/** A timer of one boot; `tally` goes on from an earlier boot of the same run. */
export const newTimer = (
  boot: number,
  tally: Tally = { laps: 0, resets: 0, offTracks: 0 }
): LapTimer => ({
  boot,
  tally: { ...tally },
  next: null,
  waiting: [],
  last: null,
  pace: 0,
  motion: 'placed',
  onTrack: false,
  present: null,
  debt: 0
})

/**
 * Feeds readings of the timer's boot, in any order and any number of times; returns the laps they complete.
 *
 * - A lap lasts from crossing to crossing, interpolated between two readings, by the car's own clock;
 *   one from standing just beyond the line begins at the last reading there.
 * - A car whose middle is more than half a car off the boundary has left the track, as DeepRacer's rule has it
 *   (no wheel on it): its present lap does not count. `wheelsOnTrack` cannot tell that: it is false as soon as one
 *   wheel is off, up to a second long in good laps and no more than 0.2 s in some that ended beside the track.
 * - A lap ends without a time when the car was put back (a step that it cannot have driven, a clock that jumped),
 *   stood still anywhere but at the start, or was out of sight.
 */
export function feed(timer: LapTimer, course: TimedCourse, readings: CarReading[]): DrivenLap[] {
  const known = new Set(timer.waiting.map(reading => reading.seq))
  for (const reading of readings) {
    if (known.has(reading.seq) || (timer.next !== null && reading.seq < timer.next)) continue
    known.add(reading.seq)
    timer.waiting.push(reading)
  }
  timer.waiting.sort((a, b) => a.seq - b.seq)
  return advance(timer, course, REORDER_READINGS)
}

/** Waits no longer for what is missing: the run is over. Returns the laps that this completes. */
export const flush = (timer: LapTimer, course: TimedCourse): DrivenLap[] =>
  advance(timer, course, 1)

/** Takes readings in their turn; a missing one is passed over once `patience` later ones are there. */
function advance(timer: LapTimer, course: TimedCourse, patience: number): DrivenLap[] {
  const laps: DrivenLap[] = []
  for (;;) {
    const first = timer.waiting[0]
    if (!first) return laps
    // A run may begin at any reading of a boot: what its first is shows in time only.
    const inTurn = first.seq === (timer.next ?? 0)
    if (!inTurn && timer.waiting.length < patience) return laps
    timer.waiting.shift()
    timer.next = first.seq + 1
    const lap = step(timer, course, first)
    if (lap) laps.push(lap)
  }
}

function step(timer: LapTimer, course: TimedCourse, reading: CarReading): DrivenLap | undefined {
  const { last } = timer
  timer.last = reading
  timer.pace = Math.max(timer.pace, reading.speed)
  const lap = last ? move(timer, course.line, last, reading) : undefined
  if (course.boundary) watch(timer, metresOff(course.boundary, reading))
  return lap
}

function move(
  timer: LapTimer,
  line: Line,
  last: CarReading,
  reading: CarReading
): DrivenLap | undefined {
  const moved = Math.hypot(reading.x - last.x, reading.y - last.y)
  const seconds = (reading.t - last.t) / 1_000
  const isOutOfSight = seconds > SIGHT_S && reading.seq > last.seq + 1
  if (isOutOfSight) {
    putDown(timer)
  } else if (seconds <= 0 || seconds > SIGHT_S || moved > reach(timer, seconds)) {
    if (timer.motion !== 'placed') timer.tally.resets++
    putDown(timer)
  } else if (moved >= STANDSTILL_M) {
    if (timer.motion === 'halted') timer.tally.resets++
    timer.motion = 'rolling'
    return cross(timer, line, last, reading)
  } else if (isAtStart(line, reading)) {
    // It may move off right after `last`: until the next reading shows that it still stands, the lap began there.
    timer.motion = 'placed'
    timer.present = { start: last.t, leftTrack: false }
    timer.debt = 0
  } else {
    if (timer.motion === 'rolling') timer.motion = 'halted'
    timer.present = null
    timer.debt = 0
  }
  return undefined
}

/** How far the car can have driven, in metres: as fast as it was ever told, and stamped too early. */
const reach = ({ pace }: LapTimer, seconds: number): number =>
  (pace || TOP_SPEED) * (seconds + STAMP_S)

/** No lap can be timed across this. */
function putDown(timer: LapTimer): void {
  timer.motion = 'placed'
  timer.onTrack = false
  timer.present = null
  timer.debt = 0
}

/** An excursion counts once: it lasts until the car's middle is on the track again. */
function watch(timer: LapTimer, off: number): void {
  if (off === 0) {
    timer.onTrack = true
  } else if (off > HALF_CAR_M) {
    if (timer.onTrack) timer.tally.offTracks++
    timer.onTrack = false
    if (timer.present) timer.present.leftTrack = true
  }
}

function cross(
  timer: LapTimer,
  line: Line,
  last: CarReading,
  reading: CarReading
): DrivenLap | undefined {
  const crossing = crossingOf(line, last, reading)
  if (!crossing) return undefined
  if (!crossing.forward) {
    timer.debt++
    return undefined
  }
  if (timer.debt > 0) {
    timer.debt--
    return undefined
  }
  const t = last.t + crossing.share * (reading.t - last.t)
  const { present } = timer
  timer.present = { start: t, leftTrack: false }
  if (!present) return undefined
  const lap = ++timer.tally.laps
  const driven = { seq: reading.seq, lap, lapMs: Math.round(t - present.start), t }
  return present.leftTrack ? { ...driven, fault: 'left the track' } : driven
}
