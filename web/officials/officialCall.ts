import { ApiError, type Call, createCall } from '../call.ts'

/** An order waits for the car's answer, so it may take this long, in ms. */
const TIMEOUT_MS = 15_000

/** Calls the API in the name of whoever is signed in; a token that is refused is renewed once. */
export function createOfficialCall(base: string, token: (fresh: boolean) => Promise<string>): Call {
  const call = createCall(base, TIMEOUT_MS)
  const attempt = async (path: string, init: RequestInit, fresh: boolean): Promise<Response> =>
    call(path, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${await token(fresh)}` }
    })
  return async (path, init = {}) => {
    try {
      return await attempt(path, init, false)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
      return attempt(path, init, true)
    }
  }
}
