import * as v from 'valibot'
import { Bib, CompetitorId, Count, CourseId, RaceId } from './ids.ts'
import { Validity } from './race.ts'
import { Row } from './standings.ts'

/**
 * Names what compares on a course: the metric and the racing time in s, or the kind of laps, as `distance-300`,
 * `game-600`, `fastest-lap`, `average-lap-3`.
 */
export const BoardId = v.pipe(v.string(), v.regex(/^[a-z]+(?:-[a-z0-9]+)*$/), v.maxLength(40))
export type BoardId = v.InferOutput<typeof BoardId>

/** Rows of an all-time board that are known exactly and by name. */
export const BOARD_TOP_ROWS = 1_000
/** Rows of one answer. */
export const BOARD_PAGE_ROWS = 100

/** A competitor's best on a course. `value` in the board's unit, as in `Row`. */
export const BestRow = v.object({
  /** Standard competition ranking: equal values share a place. */
  rank: Count,
  tied: v.boolean(),
  competitorId: CompetitorId,
  /** Empty where the competitor was erased. */
  name: v.string(),
  country: v.string(),
  class: v.string(),
  value: Count,
  raceId: RaceId,
  bib: Bib
})
export type BestRow = v.InferOutput<typeof BestRow>

/** The exact place of a value among everybody's best: how many are better, how many the same, and of how many. */
export const Standing = v.object({ value: Count, rank: Count, same: Count, of: Count })
export type Standing = v.InferOutput<typeof Standing>

/** `GET /courses/{courseId}/board?board=&class=&page=&value=`: all-time bests, one per competitor; page 0 first. */
export const CourseBoard = v.object({
  courseId: CourseId,
  board: BoardId,
  /** The class it is of; empty for all. */
  class: v.string(),
  /** Counts up with every change. */
  version: Count,
  /** Competitors on it, also those beyond the rows that are kept. */
  of: Count,
  rows: v.array(BestRow),
  /** Of the value that was asked for; null without one. */
  standing: v.nullable(Standing),
  /** The boards of this course. */
  boards: v.array(BoardId),
  /** The classes of this board. */
  classes: v.array(v.string())
})
export type CourseBoard = v.InferOutput<typeof CourseBoard>

/** `GET /courses/{courseId}/bests/{competitorId}?board=`: one competitor's best, and its exact place. */
export const PersonalBest = v.object({
  courseId: CourseId,
  board: BoardId,
  competitorId: CompetitorId,
  raceId: RaceId,
  bib: Bib,
  standing: Standing
})
export type PersonalBest = v.InferOutput<typeof PersonalBest>

/**
 * `GET /courses/{courseId}/ghosts?board=`: how all earlier performances stood at each second. Entry `s` of `seconds` is
 * of the end of second `s`: `counts[i]` performances had a value from `(first + i) * width` to less than one width more.
 */
export const Ghosts = v.object({
  courseId: CourseId,
  board: BoardId,
  version: Count,
  performances: Count,
  width: Count,
  seconds: v.array(v.object({ first: Count, counts: v.array(Count) }))
})
export type Ghosts = v.InferOutput<typeof Ghosts>

/** `GET /courses/{courseId}/ghosts/{competitorId}?board=`: the value at the end of each second of a best; `best` in place of an id is the course's. */
export const Ghost = v.object({
  courseId: CourseId,
  board: BoardId,
  competitorId: CompetitorId,
  name: v.string(),
  raceId: RaceId,
  bib: Bib,
  values: v.array(Count)
})
export type Ghost = v.InferOutput<typeof Ghost>

/** `GET /races/{raceId}/results/json`: the last final classification with names; `/csv` has the same as a table. */
export const RaceResults = v.object({
  raceId: RaceId,
  revision: Count,
  validity: Validity,
  rows: v.array(
    v.object({ ...Row.entries, name: v.string(), country: v.string(), class: v.string() })
  )
})
export type RaceResults = v.InferOutput<typeof RaceResults>

/** `GET /time`: the server's clock, for who sets theirs by it. */
export const ServerTime = v.object({ now: v.pipe(v.number(), v.integer()) })
export type ServerTime = v.InferOutput<typeof ServerTime>
