import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { NotServedError } from './errors.ts'
import { writeLog } from './log.ts'

/** A value on the way between host and app: exactly one of the fields is set. */
export type TypedData = {
  string?: string
  json?: string
  bytes?: Uint8Array
  int?: number
  double?: number
  http?: HttpData
  collectionString?: { string: string[] }
}

/** A request (to the app) or a response (from it). */
export type HttpData = {
  method?: string
  url?: string
  headers?: Record<string, string>
  params?: Record<string, string>
  statusCode?: string
  cookies?: unknown[]
  body?: TypedData | null
}

export type Binding = { type: string; direction: string; name?: string; [option: string]: unknown }

/** Retry policy; the library rounds durations to whole seconds. */
export type RetryPolicy = {
  maxRetryCount: number
  retryStrategy: 'fixedDelay' | 'exponentialBackoff'
  delayInterval?: { seconds: number }
  minimumInterval?: { seconds: number }
  maximumInterval?: { seconds: number }
}

export type FunctionMetadata = {
  name: string
  bindings: Record<string, Binding>
  retryOptions?: RetryPolicy
}

export type Callback = (...args: unknown[]) => unknown

/** A registered function with its trigger; `inputs` are the names of its durable clients. */
export type AppFunction = {
  name: string
  metadata: FunctionMetadata
  callback: Callback
  trigger: Binding
  triggerName: string
  inputs: string[]
}

export type Hook = (context: Record<string, unknown>) => unknown

/** What `@azure/functions` gives the worker to run invocations with. */
export type ProgrammingModel = {
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>
  getInvocationModel(context: Record<string, unknown>): {
    getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
    invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>
    getResponse(context: unknown, result: unknown): Promise<{ returnValue?: TypedData | null }>
  }
}

/** A loaded app. */
export type App = {
  functions: AppFunction[]
  capabilities: Record<string, string>
  model: ProgrammingModel
  runHooks(name: string, context: Record<string, unknown>): Promise<void>
}

const HOST_VERSION = '4.1000.0'
const SERVED_TRIGGERS = [
  'httpTrigger',
  'eventHubTrigger',
  'cosmosDBTrigger',
  'timerTrigger',
  'orchestrationTrigger',
  'entityTrigger',
  'activityTrigger'
]
/** The service offers retry policies to these of the served triggers. */
const RETRYING_TRIGGERS = ['eventHubTrigger', 'cosmosDBTrigger']

/**
 * Loads the app whose package.json `main` is in `appDir` and gives it `@azure/functions-core`,
 * which exists only inside the service's worker. Rejects if the app fails to load or binds
 * something that is not served.
 */
export async function loadApp(appDir: string): Promise<App> {
  const functions: AppFunction[] = []
  const hooks: { name: string; hook: Hook }[] = []
  let model: ProgrammingModel | undefined
  let started = false

  const core = {
    version: HOST_VERSION,
    hostVersion: HOST_VERSION,
    setProgrammingModel(value: ProgrammingModel) {
      model = value
    },
    getProgrammingModel: () => model,
    log: (level: string, _category: string, message: string) => writeLog(level, 'app', message),
    registerHook(name: string, hook: Hook) {
      hooks.push({ name, hook })
      return { dispose: () => hooks.splice(hooks.findIndex(other => other.hook === hook) >>> 0, 1) }
    },
    registerFunction(metadata: FunctionMetadata, callback: Callback) {
      if (started) throw new Error('A function can only be registered during app startup.')
      if (functions.some(({ name }) => name === metadata.name))
        throw new Error(`A function named "${metadata.name}" is already registered.`)
      functions.push(toAppFunction(metadata, callback))
    }
  }

  requireWithCore(appDir, core)
  async function runHooks(name: string, context: Record<string, unknown>) {
    for (const entry of hooks.filter(entry => entry.name === name)) await entry.hook(context)
  }
  await runHooks('appStart', { hookData: {}, appHookData: {} })
  started = true
  if (!model) throw new Error(`${appDir} registers nothing through @azure/functions`)
  const capabilities = await model.getCapabilities({})
  if (capabilities.HttpUri) throw new NotServedError('HTTP streaming')
  return { functions, capabilities, model, runHooks }
}

function requireWithCore(appDir: string, core: object): void {
  const manifest: { main?: string } = JSON.parse(readFileSync(join(appDir, 'package.json'), 'utf8'))
  const entry = resolve(appDir, manifest.main ?? 'index.cjs')
  const require = createRequire(entry)
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }
  const load = loader._load
  loader._load = (request, ...rest) =>
    request === '@azure/functions-core' ? core : load.call(Module, request, ...rest)
  try {
    delete require.cache[entry] // a host started again in one process loads the app again
    require(entry)
  } finally {
    loader._load = load
  }
}

/** Refuses what is not served while the app loads, so that it shows up at once. */
function toAppFunction(metadata: FunctionMetadata, callback: Callback): AppFunction {
  const { name, bindings, retryOptions } = metadata
  const names = Object.keys(bindings)
  const triggerName = names.find(key => bindings[key]?.type.endsWith('Trigger')) ?? ''
  const trigger = bindings[triggerName]
  if (!trigger || !SERVED_TRIGGERS.includes(trigger.type))
    throw new NotServedError(`The trigger ${trigger?.type ?? '(none)'}`, name)
  if (retryOptions && !RETRYING_TRIGGERS.includes(trigger.type))
    throw new NotServedError(`A retry policy on ${trigger.type}`, name)
  const inputs = names.filter(key => key !== triggerName && key !== '$return')
  for (const binding of [...inputs.map(key => bindings[key]), bindings.$return])
    if (binding && binding.type !== 'durableClient' && binding.type !== 'http')
      throw new NotServedError(`The ${binding.direction} binding ${binding.type}`, name)
  return { name, metadata, callback, trigger, triggerName, inputs }
}
