import * as v from 'valibot'

/** Longest identifier. Durable instance ids and Web PubSub group names are built from these. */
const ID_MAX_CHARS = 64

const slug = (what: string) =>
  v.pipe(
    v.string(),
    v.maxLength(ID_MAX_CHARS, `${what} has more than ${ID_MAX_CHARS} characters`),
    v.regex(
      /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
      `${what} must be lower-case letters, digits and single hyphens`
    )
  )

/** Identifies a race: a URL-safe lower-case slug, unique for ever. Partition key of most containers. */
export const RaceId = slug('raceId')
export type RaceId = v.InferOutput<typeof RaceId>

/** The ledger's partition of facts that are about a person and no race. */
export const PEOPLE = 'people'

/** Identifies a person or team across races. Never a name. */
export const CompetitorId = slug('competitorId')
/** Identifies a course: results on one course compare across races. */
export const CourseId = slug('courseId')
/** Identifies a car or lap sensor: its IoT Hub device id. */
export const DeviceId = slug('deviceId')
/** Identifies one run: one car driven for one competitor until the run ends. */
export const RunId = slug('runId')

/** Names a venue's screen in its link. */
export const ScreenName = slug('name')

/** A caller's own name for one request: the same key with the same body is the same request, however often it comes. */
export const IdempotencyKey = v.pipe(
  v.string('must be sent: a new key for a new request, the same when a request is repeated'),
  v.regex(/^[\w-]{8,48}$/, 'must be 8 to 48 letters, digits, hyphens and underscores, as a UUID is')
)

/** Highest bib. Bibs are dense from 1, so a bib is also the rider's column in the race's state. */
export const BIB_MAX = 10_000
/** The number a competitor wears in one race; never reused within it. */
export const Bib = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(BIB_MAX))

/** An instant as whole milliseconds since 1970-01-01T00:00:00Z. */
export const Instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))
/** A span of time in whole milliseconds, zero or more. */
export const Millis = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40))
/** A whole number of anything, zero or more, small enough for an unsigned 32-bit column. */
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1))
