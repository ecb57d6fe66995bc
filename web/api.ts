import * as v from 'valibot'
import { Board, Directory, Negotiation, Problem, RaceList } from '#contract'

/** How long a request may take, in ms: less than the age at which a screen calls its data old. */
const TIMEOUT_MS = 4_000

/** An answer that is not a success: status 0 when the service could not be reached at all. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
  }
}

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

async function problemOf(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => undefined)
  const problem = v.safeParse(Problem, body)
  const text = problem.success ? `${problem.output.title}: ${problem.output.detail}` : answer.url
  return new ApiError(answer.status, `${answer.status} ${text}`)
}

/** The API behind `apiBase`. */
export function createApi(apiBase: string): Api {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const answer = await fetch(`${apiBase}${path}`, { ...init, signal }).catch((error: unknown) => {
      throw new ApiError(0, `${path} was not reached: ${String(error)}`)
    })
    if (!answer.ok && answer.status !== 304) throw await problemOf(answer)
    return answer
  }
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
