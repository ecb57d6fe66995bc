import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** How long a process may take until it serves, and to stop when asked to, in ms. */
const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 5_000
/** A process that ended by itself starts again after this. */
const RESTART_MS = 200

/** One process of the cloud: a file that reports `{ ready }` or `{ failed: sentence }` to its parent. */
export type ProcessPlan = {
  name: string
  file: string
  /** Passed as JSON. */
  options: unknown
  env?: Record<string, string>
}

/** A process that is kept running. */
export type Kept = {
  name: string
  pid(): number | undefined
  /** Ends it as a power cut would; it starts again by itself. Resolves when it serves again. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** Starts it again after `stop`. */
  start(): Promise<void>
}

/** Starts a process and keeps it running until `stop`. Its output goes to `<logs>/<name>.log`. */
export async function keepRunning(plan: ProcessPlan, logs: string): Promise<Kept> {
  const log = openSync(join(logs, `${plan.name}.log`), 'a')
  let stopping = false
  let child: ChildProcess | undefined
  let serving: Promise<void> = Promise.resolve()

  async function launch(): Promise<void> {
    const born = fork(plan.file, [JSON.stringify(plan.options)], {
      env: { ...process.env, ...plan.env },
      stdio: ['ignore', log, log, 'ipc']
    })
    child = born
    born.once('exit', () => {
      if (!stopping && child === born) serving = restart()
    })
    await ready(plan.name, born)
  }

  async function restart(): Promise<void> {
    for (;;) {
      await pause(RESTART_MS)
      if (stopping) return
      try {
        return await launch()
      } catch (error) {
        console.error(`${plan.name} does not start again yet: ${error}`)
      }
    }
  }

  await launch()
  return {
    name: plan.name,
    pid: () => child?.pid,
    async kill() {
      const dying = child
      dying?.kill('SIGKILL')
      if (dying?.exitCode === null) await once(dying, 'exit')
      await serving
    },
    async stop() {
      stopping = true
      const dying = child
      if (!dying || dying.exitCode !== null || dying.signalCode !== null) return
      dying.kill('SIGTERM')
      const ended = once(dying, 'exit').then(() => true)
      if (await Promise.race([ended, pause(STOP_TIMEOUT_MS, false, { ref: false })])) return
      dying.kill('SIGKILL')
      await ended
    },
    async start() {
      if (!stopping) return
      stopping = false
      await launch()
    }
  }
}

async function ready(name: string, child: ChildProcess): Promise<void> {
  const told = once(child, 'message').then(([message]) => message as { failed?: string })
  const ended = once(child, 'exit').then(() => ({ failed: `${name} ended before it served` }))
  const late = pause(
    START_TIMEOUT_MS,
    { failed: `${name} takes too long to start` },
    { ref: false }
  )
  const { failed } = await Promise.race([told, ended, late])
  if (!failed) return
  child.removeAllListeners('exit')
  child.kill('SIGKILL')
  throw new Error(failed)
}
