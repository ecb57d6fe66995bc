import * as v from 'valibot'
import { Bib, CompetitorId, RaceId } from './ids.ts'
import { ClassName, Nickname } from './seats.ts'

/** How to reach a person: read by admins alone. */
export const Contact = v.strictObject({
  email: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.maxLength(254),
      v.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'email is not an address')
    )
  ),
  phone: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^\+?[\d ()-]{5,24}$/, 'phone must be digits, as +44 20 7946 0000')
    )
  )
})
export type Contact = v.InferOutput<typeof Contact>

/** The item of the `people` container; `ttl` in s. */
export const Person = v.object({
  id: CompetitorId,
  competitorId: CompetitorId,
  ...Contact.entries,
  ttl: v.number()
})
export type Person = v.InferOutput<typeof Person>

/** Body of `POST /races/{raceId}/entries`: a competitor who walks up to the track. */
export const EntryRequest = v.strictObject({
  name: Nickname,
  country: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'country must be three capital letters'))
  ),
  class: v.optional(ClassName),
  /** The number worn; absent, the next free one. */
  bib: v.optional(Bib),
  contact: v.optional(Contact)
})
export type EntryRequest = v.InferOutput<typeof EntryRequest>

/** The answer: never what was told of the person. */
export const Entry = v.object({ raceId: RaceId, bib: Bib, competitorId: CompetitorId })
export type Entry = v.InferOutput<typeof Entry>
