import type { Heard } from '../../simulators/phone.ts'

/** What the origin said: `body` is parsed JSON, `bytes` its length as it came and `zipped` as phones get it. */
export type OriginAnswer = Heard & { maxAgeMs: number; bytes: number; zipped: number }
/** Asks the origin, naming the tag that the cache holds. */
export type Origin = (target: string, etag: string | undefined) => Promise<OriginAnswer>

/** What one or more edges did, in requests; `sent` in bytes to phones, `received` in bytes from the origin. */
export type EdgeCounts = {
  requests: number
  /** Answered from the cache, with the body or with 304. */
  hits: number
  notModified: number
  /** Waited for an answer that another request had asked the origin for. */
  joined: number
  /** Went to the origin: `filled` by a body, `renewed` by a 304, or `unkept`. */
  misses: number
  filled: number
  renewed: number
  unkept: number
  sent: number
  received: number
}

export const noEdgeCounts = (): EdgeCounts => ({
  requests: 0,
  hits: 0,
  notModified: 0,
  joined: 0,
  misses: 0,
  filled: 0,
  renewed: 0,
  unkept: 0,
  sent: 0,
  received: 0
})

type Kept = OriginAnswer & { until: number }

/**
 * A model of one edge location of Front Door, not Front Door: answers are kept by path and query alone, as long as
 * their max-age, and then asked for again by their tag. Microsoft does not say whether requests for the same answer
 * wait for the first of them, so `singleFlight` chooses.
 */
export function createEdge(options: {
  origin: Origin
  /** In ms. */
  now: () => number
  singleFlight: boolean
  counts: EdgeCounts
}): { get(target: string, etag: string | undefined): Heard | Promise<Heard> } {
  const { origin, now, singleFlight, counts } = options
  const cache = new Map<string, Kept>()
  const flights = new Map<string, Promise<OriginAnswer>>()

  async function fill(target: string, kept: Kept | undefined): Promise<OriginAnswer> {
    const answer = await origin(target, kept?.etag)
    counts.received += answer.bytes
    const whole = answer.status === 304 && kept ? { ...kept, maxAgeMs: answer.maxAgeMs } : answer
    if (whole.status !== 200 || whole.maxAgeMs <= 0) {
      counts.unkept++
      return whole
    }
    counts[answer.status === 304 ? 'renewed' : 'filled']++
    cache.set(target, { ...whole, until: now() + whole.maxAgeMs })
    return whole
  }

  function answered(answer: OriginAnswer, held: string | undefined): Heard {
    const { status, etag, body } = answer
    if (status === 200 && etag !== undefined && strong(etag) === strong(held)) {
      counts.notModified++
      return { status: 304, etag, body: undefined }
    }
    counts.sent += answer.zipped
    return { status, etag, body }
  }

  return {
    get(target, held) {
      counts.requests++
      const kept = cache.get(target)
      if (kept && now() < kept.until) {
        counts.hits++
        return answered(kept, held)
      }
      const under = singleFlight ? flights.get(target) : undefined
      if (under) {
        counts.joined++
        return under.then(answer => answered(answer, held))
      }
      counts.misses++
      const flight = fill(target, kept).finally(() => flights.delete(target))
      flights.set(target, flight)
      return flight.then(answer => answered(answer, held))
    }
  }
}

/** A cache that compresses makes tags weak; it compares them all the same. */
const strong = (tag: string | undefined): string | undefined => tag?.replace(/^W\//, '')
