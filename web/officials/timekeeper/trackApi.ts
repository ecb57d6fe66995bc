import * as v from 'valibot'
import { Entry as Entered, type EntryRequest, Fleet, Queue } from '#contract'
import type { Call } from '../../call.ts'
import { type Entry, pathOf } from './entry.ts'

/** The timekeeper's routes; each throws `ApiError`, or `SignInNeeded`. */
export type TrackApi = {
  queue(raceId: string): Promise<Queue>
  fleet(): Promise<Fleet>
  /** Sends what was told of a run. */
  send(entry: Entry): Promise<void>
  /** The bib. Under the same key the same again. */
  enter(raceId: string, key: string, request: EntryRequest): Promise<number>
  propose(raceId: string, key: string): Promise<void>
}

/** The timekeeper's routes behind `call`, which knows who asks. */
export function createTrackApi(call: Call): TrackApi {
  const post = (path: string, key: string, body?: object): Promise<Response> =>
    call(path, {
      method: 'POST',
      headers: {
        'Idempotency-Key': key,
        ...(body ? { 'Content-Type': 'application/json' } : {})
      },
      ...(body ? { body: JSON.stringify(body) } : {})
    })
  return {
    queue: async raceId => v.parse(Queue, await (await call(`/races/${raceId}/queue`)).json()),
    fleet: async () => v.parse(Fleet, await (await call('/fleet')).json()),
    send: async entry => void (await post(pathOf(entry), entry.key, entry.body)),
    async enter(raceId, key, request) {
      const answer = await post(`/races/${raceId}/entries`, key, request)
      return v.parse(Entered, await answer.json()).bib
    },
    propose: async (raceId, key) => void (await post(`/races/${raceId}/proposal`, key))
  }
}
