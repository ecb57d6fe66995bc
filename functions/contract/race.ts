import * as v from 'valibot'
import { CourseId, Instant, Millis, PEOPLE, RaceId } from './ids.ts'

/** Rows of one `ranks` page. */
export const RANK_PAGE_ROWS = 100
/** Bibs of one `bibs` page. */
export const BIB_PAGE_ROWS = 500
/** Rows that the head itself carries and screens receive by push. */
export const TOP_ROWS = 20
/** Readings of the race's own time may arrive this long after its end, in ms, unless the race says otherwise. */
export const BACKLOG_MS = 20_000
/** Bibs of one `laps` page. */
export const LAP_PAGE_BIBS = 50
/** No lap takes longer unless the race says otherwise, in ms. */
export const LAP_MAX_MS = 3_600_000
/** How far apart two persons' times of one lap usually are at most, in ms: both react within some tenths. */
export const TOLERANCE_MS = 300
/** Seats per lane. A lane is a share of a race's riders that stays on one partition. */
export const SEATS_PER_LANE = 400

/** What a ride counts: metres covered, joules of work, or Alleycat's output (cadence + 35)(resistance + 65) / 100. */
export const RideMetric = v.picklist(['distance', 'work', 'output'])
export type RideMetric = v.InferOutput<typeof RideMetric>

/** What a game can give at most: a score beyond it is held for a person to judge. */
export const GameLimits = v.strictObject({
  /** Points of the best target of one shot. */
  shotPoints: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
  /** Least time between two shots, in ms. */
  shotMs: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(60_000))
})
export type GameLimits = v.InferOutput<typeof GameLimits>

/** How a race is scored. Every kind is ranked live and finally by the same code. */
export const Format = v.variant('kind', [
  /** Most of the metric within the race's time. */
  v.strictObject({ kind: v.literal('ride'), metric: RideMetric }),
  /** Highest score, then most lives left, then fewest shots. */
  v.strictObject({ kind: v.literal('game'), limits: v.optional(GameLimits) }),
  /** Best single valid lap. */
  v.strictObject({ kind: v.literal('fastestLap') }),
  /** Best sum of `laps` consecutive valid laps inside one run. */
  v.strictObject({
    kind: v.literal('averageLap'),
    laps: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(50))
  }),
  /** Most valid laps begun within the race's time, then the earlier last lap. */
  v.strictObject({ kind: v.literal('mostLaps') })
])
export type Format = v.InferOutput<typeof Format>

/** Standard competition ranking gives 1-1-3, dense 1-1-2, ordinal 1-2-3 by the stated tie-break. */
export const Ties = v.picklist(['competition', 'dense', 'ordinal'])
export type Ties = v.InferOutput<typeof Ties>

/** Where a race is in its life. `aborted` and `official` are final. */
export const Phase = v.picklist([
  'scheduled',
  'open',
  'countdown',
  'running',
  'finishing',
  'provisional',
  'official',
  'aborted'
])
export type Phase = v.InferOutput<typeof Phase>

/** How far a classification is confirmed; apart from each competitor's own status. */
export const Validity = v.picklist(['provisional', 'underReview', 'official'])
export type Validity = v.InferOutput<typeof Validity>

/** How a lap was timed. */
export const LapSource = v.picklist(['telemetry', 'sensor', 'hand'])
export type LapSource = v.InferOutput<typeof LapSource>

/** Which machine's laps count: those derived from a car's positions, or a lap sensor's at the line. */
export const TimedBy = v.picklist(['telemetry', 'sensor'])
export type TimedBy = v.InferOutput<typeof TimedBy>

/** Most resets that a race may allow in one lap; more is no limit at all. */
export const RESETS_MAX = 10

/** A competitor's status: NC is started but not classified. */
export const Status = v.picklist(['scheduled', 'running', 'finished', 'dnf', 'dns', 'dsq', 'nc'])
export type Status = v.InferOutput<typeof Status>

const Metres = v.pipe(v.number(), v.finite(), v.minValue(-1e5), v.maxValue(1e5))
/** The start and finish line: a segment in the course's own plane, in metres. */
export const Line = v.strictObject({ x1: Metres, y1: Metres, x2: Metres, y2: Metres })
export type Line = v.InferOutput<typeof Line>

/** A closed ring: the last point joins the first. */
const Ring = v.pipe(
  v.array(v.strictObject({ x: Metres, y: Metres })),
  v.minLength(3),
  v.maxLength(500)
)

/** The course as far as timing needs it. */
export const Course = v.strictObject({
  courseId: CourseId,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
  line: v.optional(Line),
  /** The track's edges, each a closed ring of points in the same plane: a car outside of them all the way is off the track. */
  boundary: v.optional(v.strictObject({ inner: Ring, outer: Ring }))
})
export type Course = v.InferOutput<typeof Course>

/** When things happen. Attended races omit the instants: officials' facts open, start and close them. */
export const Timetable = v.strictObject({
  opensAt: v.optional(Instant),
  /** Countdown shown before the start, in ms. */
  countdownMs: v.optional(Millis, 10_000),
  startsAt: v.optional(Instant),
  /** Racing time in ms; absent, the race ends by a `close` fact. */
  durationMs: v.optional(v.pipe(Millis, v.minValue(1_000), v.maxValue(86_400_000))),
  /** How long after the end a reading may still arrive, in ms. */
  backlogMs: v.optional(Millis, BACKLOG_MS),
  /** Time for protests before the classification becomes official, in ms. */
  protestMs: v.optional(Millis, 1_200_000)
})

/** Who may take a seat: anybody, who knows the code, or each person who signs in once. */
export const RegistrationKind = v.picklist(['open', 'code', 'account'])
export type RegistrationKind = v.InferOutput<typeof RegistrationKind>
/** As stored: of a code its hash alone. */
const Registration = v.variant('kind', [
  v.strictObject({ kind: v.literal('open') }),
  v.strictObject({
    kind: v.literal('code'),
    /** SHA-256 of race and code, in hexadecimal digits. */
    hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
  }),
  v.strictObject({ kind: v.literal('account') })
])
/** An access code as riders type it: case and blanks around it do not matter. */
export const AccessCode = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(6, 'the code has less than 6 characters'),
  v.maxLength(40, 'the code has more than 40 characters')
)
/** As an admin asks for it. */
export const RegistrationRequest = v.variant('kind', [
  v.strictObject({ kind: v.literal('open') }),
  v.strictObject({ kind: v.literal('code'), code: AccessCode }),
  v.strictObject({ kind: v.literal('account') })
])

/** A seat is held so long after its last sign of life, in ms, unless the race says otherwise. */
export const IDLE_MS = 120_000

/** A race's configuration: the item of the `races` container. Frozen when the race opens. */
export const Race = v.object({
  id: RaceId,
  raceId: RaceId,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
  /** Venue or town, shown under the wall time. */
  place: v.optional(v.pipe(v.string(), v.maxLength(40)), ''),
  /** The event that the race belongs to, and who made it possible; shown on venue screens. */
  event: v.optional(v.pipe(v.string(), v.maxLength(60)), ''),
  sponsor: v.optional(v.pipe(v.string(), v.maxLength(30)), ''),
  format: Format,
  ties: v.optional(Ties, 'competition'),
  course: Course,
  capacity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
  /** A lap below or above these is held for review, not counted, in ms. */
  minLapMs: v.optional(Millis, 0),
  maxLapMs: v.optional(Millis, LAP_MAX_MS),
  /** How far two timekeepers' times of one lap may be apart before it is a matter for review, in ms. */
  toleranceMs: v.optional(Millis, TOLERANCE_MS),
  /** Most runs of one competitor, and how long each may take, in ms; the lap that is driven then may be finished. */
  maxRuns: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000))),
  runMs: v.optional(v.pipe(Millis, v.minValue(1_000), v.maxValue(86_400_000))),
  /** The classes competitors may be in; empty, any. */
  classes: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(12))), v.maxLength(20)),
    []
  ),
  /**
   * With `sensor` laps derived from positions count only in runs of which no sensor told a lap;
   * with `telemetry` a sensor's laps do not count. Laps entered by hand count in either.
   */
  timedBy: v.optional(TimedBy, 'telemetry'),
  /**
   * How often a car may be put back on the track in one lap, which goes on meanwhile; one more and the lap does not count.
   * Absent, a lap ends without a time when the car is put back, and does not count when it leaves the track.
   */
  allowedResets: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(RESETS_MAX))),
  /** Who may take a seat; races of laps have a start list instead. */
  registration: v.optional(Registration, { kind: 'open' }),
  /** Whether seats may still be taken while the race runs: who comes late joins, or waits for the next one. */
  lateJoin: v.optional(v.picklist(['join', 'wait']), 'join'),
  /** Score games: the best of many trials counts, or the first alone. */
  trials: v.optional(v.picklist(['many', 'one']), 'many'),
  /** How long a seat is held after its last sign of life, in ms; then it is free for others. */
  idleMs: v.optional(v.pipe(Millis, v.minValue(10_000), v.maxValue(3_600_000)), IDLE_MS),
  /** Not in `GET /races`: a race for measurements. */
  unlisted: v.optional(v.boolean(), false),
  timetable: Timetable,
  /** Timetabled races become official by themselves after the protest time; attended ones by two persons. */
  attended: v.optional(v.boolean(), false)
})
export type Race = v.InferOutput<typeof Race>

/** Body of `POST /races`: the whole configuration. A misspelt part is refused, as its default would go unnoticed. */
export const RaceRequest = v.pipe(
  v.strictObject({
    ...Race.entries,
    registration: v.optional(RegistrationRequest, { kind: 'open' })
  }),
  v.forward(
    v.check(({ id, raceId }) => id === raceId, 'id must be the same as raceId'),
    ['id']
  ),
  v.forward(
    v.check(({ raceId }) => raceId !== PEOPLE, `raceId must not be ${PEOPLE}`),
    ['raceId']
  )
)
export type RaceRequest = v.InferOutput<typeof RaceRequest>

/** Most races of one series: twelve hours of five minutes each. */
export const SERIES_MAX_RACES = 144

/** Body of `POST /series`: races back to back without a person, `{seriesId}-1` and on. */
export const SeriesRequest = v.strictObject({
  seriesId: RaceId,
  races: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(SERIES_MAX_RACES)),
  /** Start of the first; the next ones follow at this distance, in ms. */
  startsAt: Instant,
  everyMs: v.pipe(Millis, v.minValue(10_000), v.maxValue(86_400_000)),
  /** Seats may be taken so long before each start, in ms. */
  openMs: v.optional(Millis, 120_000),
  /** What every race is: `name` is followed by its number. */
  race: v.strictObject({
    ...v.omit(Race, ['id', 'raceId', 'registration', 'timetable', 'attended']).entries,
    registration: v.optional(RegistrationRequest, { kind: 'open' }),
    timetable: v.strictObject({
      ...v.omit(Timetable, ['opensAt', 'startsAt', 'durationMs']).entries,
      durationMs: v.pipe(Millis, v.minValue(1_000), v.maxValue(86_400_000))
    })
  })
})
export type SeriesRequest = v.InferOutput<typeof SeriesRequest>

/** The answer: the races, in their order. */
export const Series = v.object({ seriesId: RaceId, races: v.array(RaceId) })
export type Series = v.InferOutput<typeof Series>
