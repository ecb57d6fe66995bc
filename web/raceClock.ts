import type { Phase, RaceSummary } from '#contract'
import type { Message } from './words.ts'

/** The word for where a race is in its life. */
export const stateWord = (phase: Phase): Message =>
  phase === 'provisional' || phase === 'official' ? 'finished' : phase

/** What the clock counts, in ms: down to the end, or up from the start where no end is set; undefined where it stands. */
export function clockOf(
  race: Pick<RaceSummary, 'phase' | 'startsAt' | 'endsAt'>,
  serverNow: number
): { ms: number; note: Message } | undefined {
  if (race.phase === 'finishing') return { ms: 0, note: 'lastReadings' }
  if (race.phase !== 'running') return undefined
  if (race.endsAt !== null) return { ms: race.endsAt - serverNow, note: 'timeLeft' }
  return race.startsAt === null ? undefined : { ms: serverNow - race.startsAt, note: 'elapsed' }
}
