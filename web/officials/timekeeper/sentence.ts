import { ApiError } from '../../call.ts'
import { SignInNeeded } from '../session.svelte.ts'

/** Why a request came to nothing, for the person who made it. */
export function sentenceOf(error: unknown): string {
  if (error instanceof SignInNeeded)
    return 'Not sent: your sign-in has ended. Sign in and press again.'
  if (error instanceof ApiError && error.status === 0)
    return 'Not sent: there is no link. Press again.'
  if (error instanceof ApiError && error.problem) return error.problem.detail
  return error instanceof Error ? error.message : String(error)
}
