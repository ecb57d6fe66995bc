import * as v from 'valibot'
import { Bib, Count, Instant, RaceId } from './ids.ts'
import { Fact, LapFact } from './ledger.ts'
import { Race, RegistrationRequest, Status } from './race.ts'
import { Row } from './standings.ts'
import { ReviewItem, TimedLap } from './timing.ts'

/** Why it was decided: shown with what it changed, for ever. */
const Reason = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(3, 'say why in a few words'),
  v.maxLength(200)
)
const FactId = v.pipe(v.string(), v.minLength(1), v.maxLength(120))
/** How many decisions on the subject the caller has seen: another one since then is a conflict. */
const revision = Count

/** Body of `POST /races/{raceId}/corrections`. */
export const Correction = v.variant('kind', [
  v.strictObject({
    kind: v.literal('lap'),
    lapId: FactId,
    lapMs: v.optional(LapFact.entries.lapMs),
    valid: v.boolean(),
    revision,
    reason: Reason
  }),
  v.strictObject({
    kind: v.literal('status'),
    bib: Bib,
    status: v.picklist(['running', 'dnf', 'dns', 'dsq', 'nc']),
    revision,
    reason: Reason
  }),
  v.strictObject({
    kind: v.picklist(['retract', 'restore']),
    of: FactId,
    revision,
    reason: Reason
  }),
  /** A lap that no machine and nobody at the track recorded. */
  v.strictObject({
    kind: v.literal('addLap'),
    ...v.pick(LapFact, ['runId', 'bib', 'lap', 'lapMs', 'at']).entries,
    reason: Reason
  }),
  v.strictObject({
    kind: v.literal('order'),
    bibs: v.pipe(v.array(Bib), v.minLength(2), v.maxLength(20)),
    reason: Reason
  }),
  v.strictObject({ kind: v.literal('merge'), bib: Bib, from: Bib, reason: Reason }),
  v.strictObject({ kind: v.literal('withdraw'), bib: Bib, reason: Reason }),
  v.strictObject({ kind: v.literal('protest'), bib: Bib, reason: Reason }),
  v.strictObject({ kind: v.literal('settle'), of: FactId, reason: Reason }),
  /** What a ride or game cannot have given is judged, up to the value that the caller has seen. */
  v.strictObject({
    kind: v.literal('judge'),
    bib: Bib,
    value: Count,
    accepted: v.boolean(),
    revision,
    reason: Reason
  })
])
export type Correction = v.InferOutput<typeof Correction>

/** What an official may order of an attended race's life: `POST /races/{raceId}/steps/{step}`. */
export const Step = v.picklist(['open', 'start', 'close', 'abort', 'confirm'])
export type Step = v.InferOutput<typeof Step>

/** Body of `POST /races/{raceId}/extension`: the new end of a running race, at least some seconds ahead. */
export const Extension = v.strictObject({ endsAt: Instant })
export type Extension = v.InferOutput<typeof Extension>

/** Body of `PATCH /races/{raceId}`, before it opens: the parts to change, each whole. */
export const RacePatch = v.partial(
  v.strictObject({
    ...v.omit(Race, ['id', 'raceId', 'registration']).entries,
    registration: RegistrationRequest
  })
)
export type RacePatch = v.InferOutput<typeof RacePatch>

/** `GET /races/{raceId}/ledger`: newest first. */
export const LedgerPage = v.object({
  raceId: RaceId,
  facts: v.array(Fact),
  /** For `?continuation=` of the next page; null at the end. */
  continuation: v.nullable(v.string())
})
export type LedgerPage = v.InferOutput<typeof LedgerPage>

/** `GET /races/{raceId}/board?at=`: the classification of lap formats as the ledger had it at that instant. */
export const BoardAt = v.object({
  raceId: RaceId,
  at: Instant,
  rows: v.array(Row),
  review: v.array(ReviewItem)
})
export type BoardAt = v.InferOutput<typeof BoardAt>

/** `GET /races/{raceId}/explanations/{bib}`: why this place. */
export const Explanation = v.object({
  raceId: RaceId,
  bib: Bib,
  rank: v.nullable(Count),
  tied: v.boolean(),
  status: Status,
  /** The rule, in a sentence. */
  rule: v.string(),
  /** Whose values decide the place: this one's, and those of the rows around it. */
  decides: v.array(
    v.object({
      bib: Bib,
      rank: v.nullable(Count),
      value: v.nullable(Count),
      laps: v.array(v.string())
    })
  ),
  /** Every timing of every lap. */
  laps: v.array(TimedLap),
  /** Decisions that changed it, oldest first. */
  changes: v.array(Fact)
})
export type Explanation = v.InferOutput<typeof Explanation>

/** A line of a start list that cannot be taken. */
export const ListFault = v.object({ line: Count, detail: v.string() })
/** Answer of `POST /races/{raceId}/startlist`: what the list holds; with `?apply=true`, that it was taken whole. */
export const StartListOutcome = v.object({
  raceId: RaceId,
  applied: v.boolean(),
  /** Lines that can be taken, and those among them that are known already. */
  entries: v.array(v.object({ line: Count, bib: Bib, name: v.string(), known: v.boolean() })),
  faults: v.array(ListFault)
})
export type StartListOutcome = v.InferOutput<typeof StartListOutcome>

/** What `GET /races/{raceId}/exports/{what}` gives as CSV: a line per lap, or per competitor. */
export const ExportKind = v.picklist(['laps', 'racers'])

/** `GET /me`: who the caller is to this API. */
export const Me = v.object({ tenant: v.string(), object: v.string(), roles: v.array(v.string()) })
export type Me = v.InferOutput<typeof Me>
