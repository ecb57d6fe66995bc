import * as v from 'valibot'
import { Operations } from '#contract/operations'
import type { Call } from '../../call.ts'

/** What the pipeline says of itself; throws `ApiError`, or `SignInNeeded`. */
export const createOperationsApi = (call: Call) => async (): Promise<Operations> =>
  v.parse(Operations, await (await call('/operations')).json())
