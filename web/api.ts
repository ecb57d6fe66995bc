import * as v from 'valibot'
import { Board, Negotiation } from '#contract/channel'
import { Directory, RaceList } from '#contract/standings'
import { createCall } from './call.ts'

/** A head and its ETag, or `same` when the page holds it already. */
type HeadAnswer = { board: Board; etag: string | null } | 'same'

/** The routes that pages use; each throws `ApiError`, or a `ValiError` when an answer breaks the contract. */
export type Api = {
  races(): Promise<RaceList>
  head(raceId: string, etag: string | null): Promise<HeadAnswer>
  directory(raceId: string): Promise<Directory>
  /** `key` is a screen link or a seat token. */
  negotiate(raceId: string, key: string): Promise<Negotiation>
}

/** The API behind `apiBase`. */
export function createApi(apiBase: string): Api {
  const call = createCall(apiBase)
  return {
    races: async () => v.parse(RaceList, await (await call('/races')).json()),
    async head(raceId, etag) {
      const headers: Record<string, string> = etag ? { 'If-None-Match': etag } : {}
      const answer = await call(`/races/${raceId}/standings`, { headers })
      if (answer.status === 304) return 'same'
      return { board: v.parse(Board, await answer.json()), etag: answer.headers.get('ETag') }
    },
    directory: async raceId =>
      v.parse(Directory, await (await call(`/races/${raceId}/competitors`)).json()),
    async negotiate(raceId, key) {
      const headers = { Authorization: `Bearer ${key}` }
      const answer = await call(`/races/${raceId}/negotiate`, { method: 'POST', headers })
      return v.parse(Negotiation, await answer.json())
    }
  }
}
