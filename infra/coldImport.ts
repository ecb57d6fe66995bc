import { spawnSync } from 'node:child_process'
import Module from 'node:module'

/**
 * How long a fresh process takes to load an app's bundle, in ms, its functions registered. Without the cost of node
 * itself, which Azure has running before it hands the app over. Throws what the bundle throws.
 */
export function coldImportMs(bundle: string): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, bundle], {
    encoding: 'utf8'
  })
  const found = /^loaded (\S+)$/m.exec(stdout)?.[1]
  if (status !== 0 || !found) throw new Error(`${bundle} does not load: ${stderr}`)
  return Number(found)
}

/** Loads the bundle with the least that stands in for the worker's own package. */
function load(bundle: string): number {
  const core = {
    version: '4',
    hostVersion: '4',
    setProgrammingModel: () => undefined,
    registerFunction: () => undefined,
    registerHook: () => undefined,
    log: () => undefined
  }
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }
  const original = loader._load
  loader._load = (request, ...rest) =>
    request === '@azure/functions-core' ? core : original.call(Module, request, ...rest)
  const require = Module.createRequire(bundle)
  const start = performance.now()
  require(bundle)
  return performance.now() - start
}

if (import.meta.main) {
  console.log(`loaded ${load(process.argv[2] ?? '')}`)
  // Some clients keep timers; nothing is left to do.
  process.exit(0)
}
