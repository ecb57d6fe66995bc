import * as v from 'valibot'
import { Bib, CompetitorId, Count, DeviceId, Instant, Millis, RaceId, RunId } from './ids.ts'
import { Actor } from './ledger.ts'
import { LapSource, Status } from './race.ts'

/** Body of `POST /races/{raceId}/runs`: the page names the run, so that it can begin and be timed offline. */
export const RunRequest = v.strictObject({
  runId: RunId,
  bib: Bib,
  /** The car, and the lap timer at the line; a run by hand has neither. */
  deviceId: v.optional(DeviceId),
  sensorId: v.optional(DeviceId),
  proxy: v.optional(v.boolean(), false),
  /** When it began, by the page's clock set to the server's. */
  at: Instant
})
export type RunRequest = v.InferOutput<typeof RunRequest>

/** Body of `POST /races/{raceId}/runs/{runId}/events`. */
export const RunEvent = v.strictObject({
  kind: v.picklist(['pause', 'resume', 'end', 'reset', 'submit']),
  at: Instant
})
export type RunEvent = v.InferOutput<typeof RunEvent>

/** Body of `POST /races/{raceId}/retractions`: what a timekeeper takes back, a lap or reset of a run not yet submitted. */
export const Retraction = v.strictObject({
  of: v.pipe(v.string(), v.minLength(1), v.maxLength(120))
})
export type Retraction = v.InferOutput<typeof Retraction>

/**
 * Why a lap does or does not count: `held` waits for a person to judge a time beyond reason,
 * `superseded` is one that another timing of the same lap stands for.
 */
export const LapState = v.picklist(['counts', 'invalid', 'held', 'superseded', 'retracted'])
export type LapState = v.InferOutput<typeof LapState>

/** A lap as officials see it: every timing of it, whether or not it counts. Times in ms. */
export const TimedLap = v.object({
  lapId: v.string(),
  runId: RunId,
  bib: Bib,
  lap: Count,
  ms: Count,
  state: LapState,
  /** What makes it so, in words; empty for a lap that simply counts. */
  why: v.string(),
  source: LapSource,
  resets: Count,
  /** When it was complete, and when the ledger got it. */
  at: Instant,
  recordedAt: v.nullable(Instant),
  by: Actor,
  /** Corrections so far: the next one names this number. */
  revision: Count
})
export type TimedLap = v.InferOutput<typeof TimedLap>

/** A run as officials see it. */
export const TimedRun = v.object({
  runId: RunId,
  bib: Bib,
  deviceId: v.nullable(DeviceId),
  sensorId: v.nullable(DeviceId),
  proxy: v.boolean(),
  startedAt: Instant,
  /** Null while it goes on. */
  endedAt: v.nullable(Instant),
  /** The instant since which its clock holds; null while it runs. */
  pausedAt: v.nullable(Instant),
  /** How long its clock has held altogether before that, in ms. */
  pausedMs: Count,
  submitted: v.boolean(),
  /** Resets in the present lap. */
  resets: Count,
  laps: v.array(TimedLap)
})
export type TimedRun = v.InferOutput<typeof TimedRun>

/** Something that a person has to settle before a classification should be signed. */
export const ReviewItem = v.object({
  kind: v.picklist(['held', 'disagreement', 'unsubmitted', 'protest', 'score']),
  bib: Bib,
  runId: v.nullable(RunId),
  /** The facts in question. */
  of: v.array(v.string()),
  detail: v.string()
})
export type ReviewItem = v.InferOutput<typeof ReviewItem>

/** One competitor of the queue. */
export const Racer = v.object({
  bib: Bib,
  competitorId: CompetitorId,
  name: v.string(),
  status: Status,
  rank: v.nullable(Count),
  /** Runs begun so far; `Queue.maxRuns` is what is allowed. */
  runs: Count,
  lastRunAt: v.nullable(Instant)
})
export type Racer = v.InferOutput<typeof Racer>

/** `GET /races/{raceId}/queue`: who races next (fewest runs, then longest waiting, first), and all that was timed lately. */
export const Queue = v.object({
  raceId: RaceId,
  /** The server's clock. */
  asOf: Instant,
  /** What the race allows, null without a limit: runs of one competitor, the time of one run in ms, resets in one lap. */
  maxRuns: v.nullable(Count),
  runMs: v.nullable(Millis),
  allowedResets: v.nullable(Count),
  /** The classes that competitors may be in; empty, any. */
  classes: v.array(v.string()),
  racers: v.array(Racer),
  /** Runs that go on or are not submitted, and the last few that are; newest first. */
  runs: v.array(TimedRun),
  review: v.array(ReviewItem)
})
export type Queue = v.InferOutput<typeof Queue>
