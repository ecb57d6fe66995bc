import * as v from 'valibot'
import { Instant, ScreenName } from './ids.ts'

/** Body of `POST /screens`. */
export const ScreenLinkRequest = v.strictObject({ name: ScreenName })

/** The answer: the key of a venue screen's link, with which a page may open a socket for any race. */
export const ScreenLink = v.object({ token: v.string(), expiresAt: Instant })
export type ScreenLink = v.InferOutput<typeof ScreenLink>
