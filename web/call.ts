import * as v from 'valibot'
import { Problem } from '#contract/problem'

/** How long a request may take, in ms: less than the age at which a screen calls its data old. */
const TIMEOUT_MS = 4_000
const MS_PER_S = 1_000

/** An answer that is not a success: status 0 when the service could not be reached at all. */
export class ApiError extends Error {
  readonly status: number
  /** How long the service asks to be left alone, in ms; 0 where it does not say. */
  readonly retryAfterMs: number
  /** What the service says is wrong, where it says so. */
  readonly problem: Problem | undefined
  constructor(status: number, message: string, retryAfterMs = 0, problem?: Problem) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.problem = problem
  }
}

/** One request to a path of the API; a 304 is an answer too. Throws `ApiError`. */
export type Call = (path: string, init?: RequestInit) => Promise<Response>

async function problemOf(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => undefined)
  const problem = v.safeParse(Problem, body)
  const told = problem.success ? problem.output : undefined
  const text = told ? `${told.title}: ${told.detail}` : answer.url
  // In seconds: our services and API Management never send a date.
  const wait = Number(answer.headers.get('Retry-After')) || 0
  return new ApiError(answer.status, `${answer.status} ${text}`, wait * MS_PER_S, told)
}

/** Calls the API behind `apiBase`; a request may take so long, in ms, unless it brings a signal of its own. */
export const createCall =
  (apiBase: string, timeoutMs = TIMEOUT_MS): Call =>
  async (path, init = {}) => {
    const signal = init.signal ?? AbortSignal.timeout(timeoutMs)
    const answer = await fetch(`${apiBase}${path}`, { ...init, signal }).catch((error: unknown) => {
      throw new ApiError(0, `${path} was not reached: ${String(error)}`)
    })
    if (!answer.ok && answer.status !== 304) throw await problemOf(answer)
    return answer
  }
