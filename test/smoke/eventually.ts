import { setTimeout as pause } from 'node:timers/promises'

/** Looks every `everyMs` until `look` finds something; rejects after `withinMs`, saying what was waited for. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { withinMs = 60_000, everyMs = 500 } = {}
): Promise<T> {
  const until = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > until) throw new Error(`waited ${withinMs / 1_000} s for ${what}`)
    await pause(everyMs)
  }
}
