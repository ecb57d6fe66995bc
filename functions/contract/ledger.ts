import * as v from 'valibot'
import {
  Bib,
  CompetitorId,
  Count,
  DeviceId,
  IdempotencyKey,
  Instant,
  Millis,
  RaceId,
  RunId
} from './ids.ts'
import { LapSource, Race } from './race.ts'

/** Who did it: a person by tenant and object id, or one of our apps by name. Never a name or an address. */
export const Actor = v.variant('kind', [
  v.strictObject({ kind: v.literal('person'), tenant: v.string(), object: v.string() }),
  v.strictObject({ kind: v.literal('app'), app: v.string() })
])
export type Actor = v.InferOutput<typeof Actor>

const fact = <const K extends string, const E extends v.ObjectEntries>(kind: K, entries: E) =>
  v.object({
    /** The idempotency key: creating it twice is a conflict, so it counts once. */
    id: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
    raceId: RaceId,
    kind: v.literal(kind),
    /** When it happened, by the server or by the device that saw it. */
    at: Instant,
    /** When the ledger got it, by the server's clock, where that can be much later: captured offline. */
    recordedAt: v.optional(Instant),
    actor: Actor,
    /** The key of the request that made it: the same key again is answered by this fact. */
    key: v.optional(IdempotencyKey),
    reason: v.optional(v.pipe(v.string(), v.maxLength(200))),
    ...entries
  })

/** One lap, in ms by one clock; `lap` counts within the run. */
export const LapFact = fact('lap', {
  runId: RunId,
  bib: Bib,
  lap: Count,
  lapMs: v.pipe(Millis, v.minValue(1)),
  source: LapSource,
  valid: v.boolean()
})

/** Id of another fact. */
const FactId = v.pipe(v.string(), v.minLength(1), v.maxLength(120))
const DecidedStatus = v.picklist(['running', 'dnf', 'dns', 'dsq', 'nc'])
/** What a correction found: the lap as it stood before. */
const LapBefore = v.object({ lapMs: Millis, valid: v.boolean() })

/** The devices of a run: its car, and the lap timer at its line. */
const DEVICES = { deviceId: v.optional(DeviceId), sensorId: v.optional(DeviceId) }

/** An append-only item of the `ledger`: everything that was decided or happened, holding ids and never names. */
export const Fact = v.variant('kind', [
  /** The race exists: its life cycle starts. */
  fact('schedule', {}),
  /** Registration opens and the configuration is frozen as given here. */
  fact('open', { race: Race }),
  /** The configuration was changed before the race opened. */
  fact('configure', { race: Race, before: Race }),
  /** The gun of an attended race. */
  fact('start', {}),
  fact('close', {}),
  fact('abort', {}),
  /** The race ends later, or earlier, than it was to: the last one told holds. */
  fact('extend', { endsAt: Instant }),
  /** What was held for a bib, up to this value, counts or does not; the latest holds. */
  fact('judge', { bib: Bib, value: Count, accepted: v.boolean() }),
  /** The first of two signatures under the classification, a timekeeper's; `below` counts the facts that it then rested on. */
  fact('propose', { below: Count }),
  /** The second, by an admin who is another person: the classification becomes official. */
  fact('confirm', {}),
  /** A competitor's result is contested: the classification is under review until it is settled. */
  fact('protest', { bib: Bib }),
  fact('settle', { of: FactId }),
  /** A competitor is on the start list. */
  fact('enter', { bib: Bib, competitorId: CompetitorId }),
  /** A competitor is taken off the race, as if never entered; a later `enter` brings the bib back with what it did. */
  fact('withdraw', { bib: Bib }),
  /** A car drives for a competitor from now on, and a lap timer at the line times it; a run by hand has neither. */
  fact('run', {
    runId: RunId,
    bib: Bib,
    ...DEVICES,
    /** Somebody else drives for the competitor. */
    proxy: v.optional(v.boolean())
  }),
  fact('runEnd', { runId: RunId, ...DEVICES }),
  /** The run's clock holds, and goes on. */
  fact('pause', { runId: RunId }),
  fact('resume', { runId: RunId }),
  /** The timekeeper has looked through the run's laps. */
  fact('submit', { runId: RunId }),
  LapFact,
  /** The car was put back on the track, in the lap that is driven at `at`. */
  fact('reset', { runId: RunId, bib: Bib, source: LapSource }),
  /** A lap's time or validity is put right; the latest correction of a lap holds. */
  fact('correct', {
    lapId: FactId,
    lapMs: v.optional(v.pipe(Millis, v.minValue(1))),
    valid: v.boolean(),
    before: v.optional(LapBefore)
  }),
  /** What another fact told, a lap or a reset, is taken back as if it had never been, and brought back; the latest holds. */
  fact('retract', { of: FactId }),
  fact('restore', { of: FactId }),
  /** A competitor's status is decided; `running` takes an earlier decision back. */
  fact('status', { bib: Bib, status: DecidedStatus, before: v.optional(DecidedStatus) }),
  /** A photo finish: of those who have the same value these are placed in this order. */
  fact('order', { bibs: v.pipe(v.array(Bib), v.minLength(2), v.maxLength(20)) }),
  /** Two bibs are one competitor: all that `from` did counts for `bib`, and `from` is off the race. */
  fact('merge', { bib: Bib, from: Bib }),
  /** A competitor's contact details were looked at, or all that is known of the person was erased; `raceId` is PEOPLE. */
  fact('look', { competitorId: CompetitorId }),
  fact('erase', { competitorId: CompetitorId })
])
export type Fact = v.InferOutput<typeof Fact>
export type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>
