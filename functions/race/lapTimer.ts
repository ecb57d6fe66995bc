import type { CarReading, Line } from '#contract'
import { type Boundary, metresOff } from './boundary.ts'
import type { Driven } from './driven.ts'
import { crossingOf, isAtStart } from './startLine.ts'
import { dequeue, enqueue, type Turns } from './turns.ts'

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
/** Most resets told of one lap: a race allows fewer by far. */
export const RESETS_TOLD = 50

/** What timing needs of a course and its race. Without a boundary no car leaves the track; without `allowedResets` none may be put back. */
export type TimedCourse = {
  line: Line
  boundary?: Boundary | undefined
  allowedResets?: number | undefined
}

/** `grid`: began from standing and not yet left the start; `start`: began by driving over the line, still right there. */
type Leg = 'grid' | 'start' | 'course'

/** Times one boot of one car. Plain data: the car's entity stores it. */
export type LapTimer = Turns<CarReading> & {
  boot: number
  /** Completed laps of the run. */
  laps: number
  /** Resets told since the last lap began. */
  resets: number
  last: CarReading | null
  /** The fastest that the car was told to drive, in m/s. */
  pace: number
  /** Not moved since the reading before. */
  isStanding: boolean
  /** Driven on the track since it was put down or left it: only then something new can befall it. */
  isDriving: boolean
  /** The present lap: the car's clock when it began, in ms, how far it came, and whether it left the track since. */
  present: { start: number; leg: Leg; leftTrack: boolean } | null
  /** Backward crossings still to be made good. */
  debt: number
}

/** A timer of one boot; `laps` are counted on from an earlier boot of the same run. */
export const newTimer = (boot: number, laps = 0): LapTimer => ({
  boot,
  laps,
  resets: 0,
  next: null,
  waiting: [],
  last: null,
  pace: 0,
  isStanding: true,
  isDriving: false,
  present: null,
  debt: 0
})

/**
 * Feeds readings of the timer's boot, in any order and any number of times; returns what they tell, in order.
 *
 * - A lap lasts from crossing to crossing, interpolated between two readings, by the car's own clock;
 *   one from standing just beyond the line begins at the last reading there.
 * - A car whose middle is more than half a car off the boundary has left the track, as DeepRacer's rule has it
 *   (no wheel on it). `wheelsOnTrack` cannot tell that: it is false as soon as one wheel is off, up to a second
 *   long in good laps and no more than 0.2 s in some that ended beside the track.
 * - A car was put back when it made a step that it cannot have driven, or drove on after standing anywhere but at the
 *   start. Leaving the track, being put back, or one followed by the other until it drives on the track is one reset.
 * - Where resets are allowed a lap goes on meanwhile, and one that befalls a car before its first lap is none.
 *   Where they are not, a lap of a car that left the track does not count, and one that it stood still or was put back
 *   in ends without a time.
 * - A lap always ends without a time when the clock jumped or the car was out of sight.
 */
export function feed(timer: LapTimer, course: TimedCourse, readings: CarReading[]): Driven[] {
  enqueue(timer, readings)
  return advance(timer, course, REORDER_READINGS)
}

/** Waits no longer for what is missing: the run is over. Returns what this tells. */
export const flush = (timer: LapTimer, course: TimedCourse): Driven[] => advance(timer, course, 1)

function advance(timer: LapTimer, course: TimedCourse, patience: number): Driven[] {
  const driven: Driven[] = []
  for (;;) {
    const reading = dequeue(timer, patience)
    if (!reading) return driven
    const { last } = timer
    timer.last = reading
    timer.pace = Math.max(timer.pace, reading.speed)
    if (last) driven.push(...step(timer, course, last, reading))
    driven.push(...watch(timer, course, reading))
  }
}

function step(
  timer: LapTimer,
  course: TimedCourse,
  last: CarReading,
  reading: CarReading
): Driven[] {
  const moved = Math.hypot(reading.x - last.x, reading.y - last.y)
  const seconds = (reading.t - last.t) / 1_000
  if (seconds <= 0 || seconds > SIGHT_S) return lose(timer)
  if (moved > reach(timer, seconds)) return carry(timer, course, last, reading)
  if (moved < STANDSTILL_M) return stand(timer, course, last, reading)
  const reset = timer.isStanding
    ? befall(timer, course, { ...reading, t: last.t }, 'stood still')
    : []
  timer.isStanding = false
  if (timer.present && !isAtStart(course.line, reading)) timer.present.leg = 'course'
  return [...reset, ...cross(timer, course, last, reading)]
}

/** How far the car can have driven, in metres: as fast as it was ever told, and stamped too early. */
const reach = ({ pace }: LapTimer, seconds: number): number =>
  (pace || TOP_SPEED) * (seconds + STAMP_S)

/** Nothing can be timed across this, and nobody knows what befell the car. */
function lose(timer: LapTimer): Driven[] {
  timer.isStanding = true
  timer.isDriving = false
  endLap(timer)
  return []
}

/** The car was carried: this never completes a lap, but one carried back over the line has to cross it again. */
function carry(
  timer: LapTimer,
  course: TimedCourse,
  last: CarReading,
  reading: CarReading
): Driven[] {
  const reset = befall(timer, course, reading, 'put back')
  timer.isStanding = true
  const crossing = crossingOf(course.line, last, reading)
  if (!goesOn(timer, course)) endLap(timer)
  else if (crossing) timer.debt = Math.max(0, timer.debt + (crossing.forward ? -1 : 1))
  if (timer.present) timer.present.leg = 'course'
  return reset
}

/** A lap begins from standing at the line, but for one that goes on and has been further; anywhere else the car has stopped. */
function stand(
  timer: LapTimer,
  course: TimedCourse,
  last: CarReading,
  reading: CarReading
): Driven[] {
  timer.isStanding = true
  if (goesOn(timer, course) && timer.present?.leg !== 'start') return []
  endLap(timer)
  if (!isAtStart(course.line, reading)) return []
  // It may move off right after `last`: until the next reading shows that it still stands, the lap began there.
  beginLap(timer, last.t, 'grid')
  timer.isDriving = false
  return []
}

/** Whether the present lap outlasts what befalls the car. */
const goesOn = ({ present }: LapTimer, { allowedResets }: TimedCourse): boolean =>
  allowedResets !== undefined && present !== null && present.leg !== 'grid'

function beginLap(timer: LapTimer, start: number, leg: Leg): void {
  timer.present = { start, leg, leftTrack: false }
  timer.resets = 0
}

function endLap(timer: LapTimer): void {
  timer.present = null
  timer.debt = 0
}

/** An excursion lasts until the car's middle is on the track again. */
function watch(timer: LapTimer, course: TimedCourse, reading: CarReading): Driven[] {
  const off = course.boundary ? metresOff(course.boundary, reading) : 0
  if (off === 0 && !timer.isStanding) timer.isDriving = true
  if (off <= HALF_CAR_M) return []
  if (timer.present) timer.present.leftTrack = true
  return befall(timer, course, reading, 'left the track')
}

/** A reset, unless it belongs to one that was told. */
function befall(
  timer: LapTimer,
  course: TimedCourse,
  { seq, t }: CarReading,
  reason: string
): Driven[] {
  if (!timer.isDriving) return []
  timer.isDriving = false
  const counts = course.allowedResets === undefined || goesOn(timer, course)
  if (!counts || timer.resets === RESETS_TOLD) return []
  timer.resets++
  return [{ kind: 'reset', seq, t, reason }]
}

function cross(
  timer: LapTimer,
  course: TimedCourse,
  last: CarReading,
  reading: CarReading
): Driven[] {
  const crossing = crossingOf(course.line, last, reading)
  if (!crossing) return []
  if (!crossing.forward) {
    timer.debt++
    return []
  }
  if (timer.debt > 0) {
    timer.debt--
    return []
  }
  const t = last.t + crossing.share * (reading.t - last.t)
  const { present } = timer
  beginLap(timer, t, isAtStart(course.line, reading) ? 'start' : 'course')
  if (!present) return []
  const lap = {
    kind: 'lap' as const,
    seq: reading.seq,
    lap: ++timer.laps,
    lapMs: Math.round(t - present.start),
    t
  }
  const counts = course.allowedResets !== undefined || !present.leftTrack
  return [counts ? lap : { ...lap, fault: 'left the track' }]
}
