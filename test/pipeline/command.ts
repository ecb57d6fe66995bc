import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const START = fileURLToPath(new URL('../../infra/local/start.ts', import.meta.url))

/** `npm start` as a person runs it: a process with a group of its own, as a terminal gives it. */
export type Command = {
  pid: number
  stdout(): string
  stderr(): string
  /** Resolves with the exit code, null after a signal. */
  ended: Promise<number | null>
  /** Resolves when the table is printed; rejects with what was said where it ends before. */
  ready(): Promise<void>
  /** Ctrl-C: the whole group gets the signal. */
  interrupt(): void
  /** Ends this process alone, as a power cut would. */
  kill(): void
}

/** Runs start.ts with arguments, in `cwd` where it is given. */
export function run(args: string[], cwd?: string): Command {
  const child = spawn(process.execPath, [START, ...args], {
    ...(cwd ? { cwd } : {}),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const pid = child.pid ?? 0
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => {
    said.stdout += chunk
  })
  child.stderr.on('data', chunk => {
    said.stderr += chunk
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const isReady = () => said.stdout.includes('Grandstand runs')
  return {
    pid,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    async ready() {
      while (!isReady()) {
        const more = once(child.stdout, 'data').then(() => true)
        if (await Promise.race([more, ended.then(() => false)])) continue
        throw new Error(`ended before it was ready: ${said.stdout}${said.stderr}`)
      }
    },
    interrupt: () => void process.kill(-pid, 'SIGINT'),
    kill: () => void process.kill(pid, 'SIGKILL')
  }
}

type Running = { pid: number; parent: number; group: number; command: string }

/** All processes of this machine but those that only wait to be reaped. */
function processes(): Running[] {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,pgid=,stat=,command='], {
    encoding: 'utf8'
  })
  return stdout.split('\n').flatMap(line => {
    const [, pid, parent, group, state, command = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (!pid || state?.startsWith('Z')) return []
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), command }]
  })
}

/** The command lines of what a start began, and of all else that works in its state folder. */
export const familyOf = ({ pid }: Command, state: string): string[] =>
  processes()
    .filter(each => each.group === pid || each.command.includes(state))
    .map(each => each.command)

/** Ends whatever a failed test left behind. */
export function cleanUp({ pid }: Command): void {
  if (processes().some(each => each.group === pid)) process.kill(-pid, 'SIGKILL')
}
