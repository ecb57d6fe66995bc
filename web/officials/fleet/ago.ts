const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago something was, `ms` before now: `4 s ago`, `3 min ago`, `2 h ago`, `5 days ago`. */
export function ago(ms: number): string {
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)} s ago`
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min ago`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h ago`
  return `${Math.floor(ms / DAY)} days ago`
}
