import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** A process of the local cloud. */
export type LocalProcess = { name: string; pid: number }

/** Processes of a local cloud are started with their state folder in an argument. */
const OURS = /\/(?:infra\/local|test\/simulators)\/(?:parts\/)?(\w+)\.ts$/
const HOST = /\/hosts\/(\w+)"/

/** The processes of the local cloud that lives in a state folder, where it runs on this machine; none elsewhere. */
export function localProcesses(dir: string): LocalProcess[] {
  if (!existsSync('/proc/self/stat')) return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      const args = argumentsOf(pid)
      if (!args.some(arg => arg.includes(`${dir}"`) || arg.includes(`${dir}/`))) return []
      const [, file] = args.map(arg => OURS.exec(arg)).find(Boolean) ?? []
      if (!file || Number(pid) === process.pid) return []
      const [, app] = args.map(arg => HOST.exec(arg)).find(Boolean) ?? []
      return [{ name: file === 'functionsHost' && app ? app : file, pid: Number(pid) }]
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** The command line of a process; empty where it has just ended. */
function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
