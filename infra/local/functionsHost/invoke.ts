import { randomUUID } from 'node:crypto'
import type { App, AppFunction, Callback, TypedData } from './core.ts'
import { messageOf } from './errors.ts'
import { writeLog } from './log.ts'

/** Present from the second attempt on. */
export type RetryContext = {
  retryCount: number
  maxRetryCount: number
  exception: { message: string }
}

/** What a trigger hands over. */
export type Invocation = {
  data: TypedData
  triggerMetadata?: Record<string, TypedData>
  retryContext?: RetryContext
}

/** Runs a function once; rejects with what the handler or a hook threw. */
export type Invoke = (
  fn: AppFunction,
  invocation: Invocation
) => Promise<TypedData | null | undefined>

/** Gives `app` a way to be invoked; `clientBinding` is the JSON that durable clients receive. */
export function createInvoke(app: App, clientBinding: string): Invoke {
  const appHookData = {}
  return async (fn, { data, triggerMetadata, retryContext }) => {
    const invocationId = randomUUID()
    const coreContext: Record<string, unknown> = {
      invocationId,
      metadata: fn.metadata,
      state: undefined,
      log: (level: string, _category: string, message: string) => writeLog(level, fn.name, message),
      request: {
        invocationId,
        inputData: [
          { name: fn.triggerName, data },
          ...fn.inputs.map(name => ({ name, data: { string: clientBinding } }))
        ],
        triggerMetadata: triggerMetadata ?? {},
        retryContext
      }
    }
    const model = app.model.getInvocationModel(coreContext)
    const { context, inputs } = await model.getArguments()
    const hookContext = { hookData: {}, appHookData, invocationContext: context }

    const before = { ...hookContext, functionCallback: fn.callback as Callback, inputs }
    coreContext.state = 'preInvocationHooks'
    await app.runHooks('preInvocation', before)

    const after: { result: unknown; error: unknown } & Record<string, unknown> = {
      ...hookContext,
      inputs: before.inputs,
      result: null,
      error: null
    }
    coreContext.state = 'invocation'
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback)
    } catch (error) {
      after.error = error
    }
    coreContext.state = 'postInvocationHooks'
    await app.runHooks('postInvocation', after)
    coreContext.state = undefined
    if (after.error) throw after.error
    return (await model.getResponse(context, after.result)).returnValue
  }
}

/** Logs a failed invocation as the service does; the trigger decides what follows. */
export function logFailure(fn: AppFunction, error: unknown): void {
  writeLog('error', fn.name, `invocation failed: ${messageOf(error)}`)
}
