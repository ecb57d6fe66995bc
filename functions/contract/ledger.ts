import * as v from 'valibot'
import { Bib, CompetitorId, Count, DeviceId, Instant, Millis, RaceId, RunId } from './ids.ts'
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
    actor: Actor,
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

/** The devices of a run: its car, and the lap timer at its line. */
const DEVICES = { deviceId: v.optional(DeviceId), sensorId: v.optional(DeviceId) }

/** An append-only item of the `ledger`: everything that was decided or happened, holding ids and never names. */
export const Fact = v.variant('kind', [
  /** The race exists: its life cycle starts. */
  fact('schedule', {}),
  /** Registration opens and the configuration is frozen as given here. */
  fact('open', { race: Race }),
  /** The gun of an attended race. */
  fact('start', {}),
  fact('close', {}),
  fact('abort', {}),
  /** The classification becomes official. */
  fact('confirm', {}),
  /** A competitor is on the start list. */
  fact('enter', { bib: Bib, competitorId: CompetitorId }),
  /** A competitor is taken off the race, as if never entered; a later `enter` brings the bib back with what it did. */
  fact('withdraw', { bib: Bib }),
  /** A car drives for a competitor from now on, and a lap timer at the line times it; a run by hand has neither. */
  fact('run', { runId: RunId, bib: Bib, ...DEVICES }),
  fact('runEnd', { runId: RunId, ...DEVICES }),
  LapFact,
  /** The car was put back on the track, in the lap that is driven at `at`. */
  fact('reset', { runId: RunId, bib: Bib, source: LapSource }),
  /** A lap's time or validity is put right; the latest correction of a lap holds. */
  fact('correct', {
    lapId: v.string(),
    lapMs: v.optional(v.pipe(Millis, v.minValue(1))),
    valid: v.boolean()
  }),
  /** A competitor's status is decided; `running` takes an earlier decision back. */
  fact('status', { bib: Bib, status: v.picklist(['running', 'dnf', 'dns', 'dsq', 'nc']) })
])
export type Fact = v.InferOutput<typeof Fact>
export type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>
