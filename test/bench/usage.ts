import { existsSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in ticks of 10 ms and memory in pages. */
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4_096

/**
 * What these processes use together: CPU in s since their start, resident memory in MB, where shared memory counts
 * once for each process that has it. One that has ended uses nothing.
 */
export function usageOf(pids: number[]): { cpu: number; rss: number } {
  const usage = { cpu: 0, rss: 0 }
  for (const file of pids.map(pid => `/proc/${pid}/stat`).filter(existsSync)) {
    const stat = readFileSync(file, 'utf8')
    // The command's name, in brackets, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    usage.cpu += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    usage.rss += (Number(fields[21]) * PAGE_BYTES) / 1e6
  }
  return usage
}
