import type { DeadLetter, DeadLetterReason } from '#contract'

/** Longest part of a body that a dead letter keeps, in characters. */
const BODY_CHARS = 4_096

/** A dead letter whose id says where it came from, so that a repetition overwrites it. */
export function deadLetterOf(
  source: string,
  key: string,
  { reason, detail }: { reason: DeadLetterReason; detail: string },
  body: unknown,
  enqueuedAt: number
): DeadLetter {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
  return {
    id: `${source}-${key}-${reason}`,
    source,
    reason,
    detail,
    body: text.slice(0, BODY_CHARS),
    enqueuedAt
  }
}
