import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { Seat, SeatClaims, type SeatRequest } from '#contract'
import { type Answer, type Door, isDone, isPassing, refusal } from './door.ts'
import { pause, retryWait } from './pause.ts'
import type { Random } from './random.ts'

export type TakenSeat = Seat & { session: number }

/** Numbers after names that another one has already. */
const NUMBERS = 9_999

/**
 * Takes a seat, waiting for a race that is not open yet until `until`; or says why there is none. Where another one has the
 * name it is followed by a number: the seat tells as what it stands.
 */
export async function takeSeat(
  door: Door,
  raceId: string,
  card: SeatRequest,
  options: { until: number; now: () => number; random: Random; signal: AbortSignal }
): Promise<TakenSeat | string> {
  const { until, now, random, signal } = options
  let { nickname } = card
  let key: string = randomUUID()
  for (let attempt = 0; !signal.aborted && now() < until; attempt++) {
    const body = JSON.stringify({ ...card, nickname })
    const answer = await door.post(`/races/${raceId}/seats`, body, undefined, key)
    if (isDone(answer)) {
      const seat = v.parse(Seat, JSON.parse(answer.body))
      return { ...seat, session: v.parse(SeatClaims, decodeJwt(seat.token)).session }
    }
    if (refusal(answer).endsWith('name-taken')) {
      nickname = `${card.nickname} ${1 + Math.floor(random() * NUMBERS)}`
      key = randomUUID()
      continue
    }
    if (!isPassing(answer) && !isEarly(answer)) return refusal(answer)
    await pause(answer.retryAfterMs ?? retryWait(attempt, random), signal)
  }
  return 'never answered'
}

/** The race is not known or not open yet: registration may still come. */
const isEarly = (answer: Answer): boolean =>
  answer.status === 404 || refusal(answer).endsWith('race-not-open')
