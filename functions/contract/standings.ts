import * as v from 'valibot'
import { Bib, Count, DeviceId, Instant, RaceId, RunId } from './ids.ts'
import { Format, LapSource, Phase, Race, RegistrationKind, Status, Validity } from './race.ts'

const Whole = v.pipe(v.number(), v.integer())

/**
 * One competitor's line of a classification.
 * `value` by format: ride mm, J or hundredths of output; game points; fastestLap ms; averageLap the sum in ms; mostLaps laps.
 */
export const Row = v.object({
  bib: Bib,
  /** Place by the race's tie rule; null for who is not ranked. */
  rank: v.nullable(Count),
  /** Whether another row has the same place. */
  tied: v.boolean(),
  status: Status,
  value: v.nullable(Count),
  /** When `value` was reached, in ms since the start; null before any. */
  at: v.nullable(Whole),
  /** To the leader: in ms in lap formats and rides by distance or work, else in the unit of `value`; null where it cannot be compared. */
  gap: v.nullable(Whole),
  /** To the row ahead, in the same unit. */
  interval: v.nullable(Whole),
  /** Whole laps behind the leader (mostLaps), shown as `+1 LAP`. */
  lapsDown: Count,
  /** Valid laps, or readings counted in a ride. */
  laps: Count,
  /** The last lap in ms and whether it counts; null where there are no laps. */
  last: v.nullable(v.object({ ms: Count, valid: v.boolean() })),
  /** What `value` is made of was driven by somebody else for the competitor. */
  proxy: v.optional(v.literal(true)),
  /** More than ride or game can give was sent, this value at most: it does not count until a person has judged it. */
  held: v.optional(Count),
  /** Score game only. */
  game: v.optional(v.object({ level: Count, lives: Count, shots: Count }))
})
export type Row = v.InferOutput<typeof Row>

/** A record that fell in this race: the best of its course, or of a class on it. */
export const CourseRecord = v.object({
  bib: Bib,
  /** The class; empty for the course's own. */
  class: v.string(),
  value: Count,
  /** The record until then; null where there was none. */
  before: v.nullable(Count)
})
export type CourseRecord = v.InferOutput<typeof CourseRecord>

/** How the whole field is spread: counts of competitors in equal bins of `value` from `from` to `to`. */
export const Field = v.object({ from: Count, to: Count, bins: v.array(Count) })
export type Field = v.InferOutput<typeof Field>

/** Where a page's current item is: the head's `version` that wrote it last, and the slot it is in. */
export const PageRef = v.object({ version: Count, slot: v.picklist([0, 1]) })
export type PageRef = v.InferOutput<typeof PageRef>

/** One lap as corrections leave it, in the order driven. */
export const LapLine = v.object({
  /** Counts within the run, as does `runId` within the race. */
  lap: Count,
  runId: RunId,
  ms: Count,
  valid: v.boolean(),
  /** A time beyond reason, not valid until a person has judged it. */
  held: v.optional(v.literal(true)),
  source: LapSource,
  /** How often the car was put back in it. */
  resets: Count,
  /** When it was complete, in ms since the start. */
  at: Whole
})
export type LapLine = v.InferOutput<typeof LapLine>

/** Laps by bib, `LAP_PAGE_BIBS` a page: entry `i` is bib `page * LAP_PAGE_BIBS + i + 1`; empty without laps. Lap formats only. */
export const LapPage = v.object({
  raceId: RaceId,
  version: Count,
  page: Count,
  laps: v.array(v.array(LapLine))
})
export type LapPage = v.InferOutput<typeof LapPage>

/** A run that has begun and not ended: who is on the track now. */
export const Racing = v.object({
  runId: RunId,
  bib: Bib,
  /** The car, where the run has one. */
  deviceId: v.nullable(DeviceId),
  /** When the run began, ms since 1970. */
  since: Instant,
  /** Laps of this run so far, valid or not. */
  laps: Count,
  /** The run's last lap and its best valid one, in ms; null before. */
  last: v.nullable(v.object({ ms: Count, valid: v.boolean() })),
  best: v.nullable(Count),
  /** How often the car was put back in the lap that it drives, and how often it may be; null without a limit. */
  resets: Count,
  allowedResets: v.nullable(Count),
  /** The instant since which the run's clock holds, null while it runs; how long it held before; how long the run may take, null without a limit. */
  pausedAt: v.nullable(Instant),
  pausedMs: Count,
  runMs: v.nullable(Count)
})
export type Racing = v.InferOutput<typeof Racing>

/** One line of `GET /races`. */
export const RaceSummary = v.object({
  raceId: RaceId,
  name: v.string(),
  place: v.string(),
  format: Format,
  phase: Phase,
  validity: Validity,
  /** Planned or actual instants; null while unknown. */
  startsAt: v.nullable(Instant),
  endsAt: v.nullable(Instant),
  /** Competitors in the classification. */
  competitors: Count
})
export type RaceSummary = v.InferOutput<typeof RaceSummary>
/** The board's summary: what every reader asks for first. Written last and with If-Match, so it names only whole pages. */
export const Head = v.object({
  ...RaceSummary.entries,
  /** The event and its sponsor, or empty. */
  event: v.string(),
  sponsor: v.string(),
  /** Counts up by at least one at every close. */
  version: Count,
  /** Version of the directory, 0 where there is none; told by the API alone, the stored head has none. */
  names: v.optional(Count),
  /** When the phase ends by itself, if it does: start, end. Of a provisional one the end of protests, after which an attended race still waits for its signatures. */
  phaseEndsAt: v.nullable(Instant),
  /** The last closed window, in s since the start; -1 before the first. */
  window: Whole,
  /** When the close was computed. */
  closedAt: Instant,
  /** Readings and facts folded so far. */
  folded: Count,
  /** The first rows of the classification. */
  top: v.array(Row),
  field: v.nullable(Field),
  rankPages: v.array(PageRef),
  bibPages: v.array(PageRef),
  /** Empty where laps are not counted. */
  lapPages: v.array(PageRef),
  /** Who is on the track, the longest there first; empty where there are no runs. */
  racing: v.array(Racing),
  /** Records that fell, known once the classification is official. */
  records: v.optional(v.array(CourseRecord), [])
})
export type Head = v.InferOutput<typeof Head>

/** Rows by place, `RANK_PAGE_ROWS` a page, page 0 first. */
export const RankPage = v.object({
  raceId: RaceId,
  version: Count,
  page: Count,
  rows: v.array(Row)
})
export type RankPage = v.InferOutput<typeof RankPage>

/** Columns by bib, `BIB_PAGE_ROWS` a page: entry `i` is bib `page * BIB_PAGE_ROWS + i + 1`. Null where there is no such competitor or nothing to say. */
export const BibPage = v.object({
  raceId: RaceId,
  version: Count,
  page: Count,
  rank: v.array(v.nullable(Count)),
  value: v.array(v.nullable(Count)),
  gap: v.array(v.nullable(Whole))
})
export type BibPage = v.InferOutput<typeof BibPage>

/** A competitor's public face. */
export const DirectoryEntry = v.object({
  bib: Bib,
  name: v.string(),
  /** Three letters, or empty. */
  country: v.string(),
  /** The class raced in, or empty. */
  class: v.string()
})
export type DirectoryEntry = v.InferOutput<typeof DirectoryEntry>

/** `GET /races/{raceId}/competitors/{bib}`: all that is public of one competitor, for who has no pages in memory. */
export const CompetitorDetail = v.object({
  raceId: RaceId,
  version: Count,
  /** All but the bib is empty where there is a row and no name: who was erased, or is still to be entered in the directory. */
  competitor: DirectoryEntry,
  /** Null before the competitor is classified. */
  row: v.nullable(Row),
  laps: v.array(LapLine)
})
export type CompetitorDetail = v.InferOutput<typeof CompetitorDetail>

/** Every name of a race; the only standings document that holds any. */
export const Directory = v.object({
  raceId: RaceId,
  version: Count,
  entries: v.array(DirectoryEntry)
})
export type Directory = v.InferOutput<typeof Directory>

/** `GET /races`: newest start first, with a token for the next page where there is one. */
export const RaceList = v.object({
  races: v.array(RaceSummary),
  continuation: v.nullable(v.string())
})
export type RaceList = v.InferOutput<typeof RaceList>

/** `GET /races/{raceId}`: the configuration, and where the race is in its life. */
export const RaceDetail = v.object({
  ...RaceSummary.entries,
  ...v.pick(Race, [
    'event',
    'sponsor',
    'ties',
    'course',
    'capacity',
    'minLapMs',
    'maxLapMs',
    'toleranceMs',
    'maxRuns',
    'runMs',
    'classes',
    'timedBy',
    'allowedResets',
    'lateJoin',
    'trials',
    'idleMs',
    'timetable',
    'attended'
  ]).entries,
  registration: RegistrationKind
})
export type RaceDetail = v.InferOutput<typeof RaceDetail>
