/** Caches and the close itself delay a head by at most this, in ms. */
const DELAY_MS = 5_000

/** What is known of server time minus this phone's time, in ms. */
export type Offset = { least: number; most: number }

export const UNKNOWN: Offset = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }

/**
 * What a new head says of the phone's clock, where no answer tells the server's time: the head was closed before it
 * came, and after the one before it was asked for. All instants in ms since 1970, `askedBefore` and `cameAt` by the phone.
 */
export const narrowed = (
  offset: Offset,
  closedAt: number,
  cameAt: number,
  askedBefore: number | undefined
): Offset => ({
  least: Math.max(offset.least, closedAt - cameAt),
  most:
    askedBefore === undefined
      ? offset.most
      : Math.min(offset.most, closedAt - askedBefore + DELAY_MS)
})

/** The likely offset, in ms: phones keep good time, so none unless it is proven. */
export const likelyOf = ({ least, most }: Offset): number => Math.max(least, Math.min(0, most))
