import type { Head } from '#contract'
import { wallTime } from './format.ts'
import type { Words } from './words.ts'

type Stamped = Pick<Head, 'validity' | 'phase' | 'phaseEndsAt' | 'closedAt'>

/** What ends the present validity, or since when it is final; `now` by the server's clock, in ms since 1970. */
export function validUntil(head: Stamped, { say, lang }: Words, now: number): string {
  if (head.validity === 'official') return say('confirmed', { time: wallTime(head.closedAt, lang) })
  if (head.validity === 'underReview') return say('untilDecided')
  if (head.phase !== 'provisional') return say('afterProtests')
  return head.phaseEndsAt === null || head.phaseEndsAt <= now
    ? say('untilSigned')
    : say('protestsClose', { time: wallTime(head.phaseEndsAt, lang) })
}
