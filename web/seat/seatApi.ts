import * as v from 'valibot'
import { ServerTime } from '#contract/boards'
import { PROBLEM_BASE, type ProblemKind } from '#contract/problem'
import { Seat, type SeatRequest } from '#contract/seats'
import { ApiError, type Call } from '../call.ts'

/** What a seat's page asks of the API; each throws `ApiError`, or a `ValiError` when an answer breaks the contract. */
export type SeatApi = {
  /** The same `key` again is the same seat again. `account` is an access token, where the race asks who one is. */
  take(raceId: string, request: SeatRequest, key: string, account?: string): Promise<Seat>
  renew(held: Pick<Seat, 'raceId' | 'bib' | 'token'>): Promise<Seat>
  /** Gives it back, also while the page is going. */
  leave(held: Pick<Seat, 'raceId' | 'bib' | 'token'>): Promise<void>
  /** Sends readings, `BATCH_MAX_READINGS` at most, in their order; `last` also while the page is going. */
  send(
    held: Pick<Seat, 'raceId' | 'token'>,
    readings: readonly object[],
    last: boolean
  ): Promise<void>
  /** The server's time, in ms since 1970. */
  time(): Promise<number>
}

/** The API by `call`, whose base should be the gateway: nothing of this comes from a cache. */
export function createSeatApi(call: Call): SeatApi {
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
  const json = { 'Content-Type': 'application/json' }
  const seatOf = async (answer: Response): Promise<Seat> => v.parse(Seat, await answer.json())
  return {
    take: async (raceId, request, key, account) =>
      seatOf(
        await call(`/races/${raceId}/seats`, {
          method: 'POST',
          headers: { ...json, 'Idempotency-Key': key, ...(account ? bearer(account) : {}) },
          body: JSON.stringify(request)
        })
      ),
    renew: async ({ raceId, bib, token }) =>
      seatOf(
        await call(`/races/${raceId}/seats/${bib}/renewal`, {
          method: 'POST',
          headers: bearer(token)
        })
      ),
    async leave({ raceId, bib, token }) {
      const init = { method: 'DELETE', headers: bearer(token), keepalive: true }
      await call(`/races/${raceId}/seats/${bib}`, init)
    },
    async send({ raceId, token }, readings, last) {
      await call(`/races/${raceId}/telemetry`, {
        method: 'POST',
        headers: { ...json, ...bearer(token) },
        body: JSON.stringify(readings),
        keepalive: last
      })
    },
    time: async () =>
      v.parse(ServerTime, await (await call('/time', { cache: 'no-store' })).json()).now
  }
}

/** Which of the API's refusals an error is; undefined where it is none. */
export const kindOf = (error: unknown): ProblemKind | undefined =>
  error instanceof ApiError && error.problem?.type.startsWith(PROBLEM_BASE)
    ? (error.problem.type.slice(PROBLEM_BASE.length) as ProblemKind)
    : undefined

/** Whether the same request may succeed later: no answer, too many requests, or a service that failed. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500)
