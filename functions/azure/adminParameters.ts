import * as v from 'valibot'
import { Bib, Instant } from '#contract'

/** Text of a path or query as a number. */
const numeric = <const S extends v.GenericSchema<number>>(schema: S) =>
  v.pipe(
    v.string('must be given'),
    v.regex(/^\d{1,16}$/, 'must be a whole number'),
    v.toNumber(),
    schema
  )
/** A number in digits, as paths and queries have it. */
export const BibDigits = numeric(Bib)
export const InstantDigits = numeric(Instant)
/** What a page of the ledger goes on after. */
export const FactId = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(120)))
/** Whether to take a list or only to look at it. */
export const Apply = v.optional(v.picklist(['true', 'false']), 'false')
