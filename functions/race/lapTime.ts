const SECOND = 1_000
const MINUTE = 60 * SECOND

/** A span in ms as `m:ss.mmm`, with as many minutes as there are. */
export function lapTime(ms: number): string {
  const seconds = Math.floor((ms % MINUTE) / SECOND)
  const pad = (n: number, digits: number) => String(n).padStart(digits, '0')
  return `${Math.floor(ms / MINUTE)}:${pad(seconds, 2)}.${pad(ms % SECOND, 3)}`
}
