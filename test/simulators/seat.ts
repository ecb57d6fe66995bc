import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { Seat, SeatClaims, type SeatRequest } from '#contract'
import { type Answer, type Door, isDone, isPassing, refusal } from './door.ts'
import { pause, retryWait } from './pause.ts'
import type { Random } from './random.ts'

export type TakenSeat = Seat & { session: number }

/** Takes a seat, waiting for a race that is not open yet until `until`; or says why there is none. */
export async function takeSeat(
  door: Door,
  raceId: string,
  card: SeatRequest,
  options: { until: number; now: () => number; random: Random; signal: AbortSignal }
): Promise<TakenSeat | string> {
  const { until, now, random, signal } = options
  for (let attempt = 0; !signal.aborted && now() < until; attempt++) {
    const answer = await door.post(`/races/${raceId}/seats`, JSON.stringify(card))
    if (isDone(answer)) {
      const seat = v.parse(Seat, JSON.parse(answer.body))
      return { ...seat, session: v.parse(SeatClaims, decodeJwt(seat.token)).session }
    }
    if (!isPassing(answer) && !isEarly(answer)) return refusal(answer)
    await pause(answer.retryAfterMs ?? retryWait(attempt, random), signal)
  }
  return 'never answered'
}

/** The race is not known or not open yet: registration may still come. */
const isEarly = (answer: Answer): boolean =>
  answer.status === 404 || refusal(answer).endsWith('race-not-open')
