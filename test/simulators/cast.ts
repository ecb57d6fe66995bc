import type { Official } from './official.ts'

/** What everybody in the demonstration has: the doors, the time, and when to stop. */
export type Cast = {
  /** Base of the public routes. */
  gateway: string
  office: Official
  now: () => number
  log: (line: object) => void
  signal: AbortSignal
}
