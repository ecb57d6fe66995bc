import { ApiError } from '../../call.ts'
import { SignInNeeded } from '../session.svelte.ts'

/** A part of a request that is refused: a JSON pointer and what is wrong there. */
export type Fault = { pointer: string; detail: string }

/** What went wrong, in a sentence for whoever pressed. */
export function reasonOf(error: unknown): string {
  if (error instanceof SignInNeeded)
    return 'Not sent: your sign-in has ended. Sign in and try again.'
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
  if (error.problem) return error.problem.detail
  return error.status === 0
    ? 'The service was not reached: nothing may have happened. Try again.'
    : error.message
}

/** The parts that the service refuses; none where it does not say. */
export const faultsOf = (error: unknown): readonly Fault[] =>
  error instanceof ApiError ? (error.problem?.errors ?? []) : []

/** Whether the service answered with this status. */
export const isStatus = (error: unknown, ...statuses: number[]): boolean =>
  error instanceof ApiError && statuses.includes(error.status)
