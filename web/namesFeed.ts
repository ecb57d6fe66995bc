import type { Directory } from '#contract'

/** Names are asked for at most this often, in ms; in vain ever more seldom, and in any case so often as the second says. */
const LEAST_MS = 2_000
const MOST_MS = 60_000

type NamesOptions = {
  read(): Promise<Directory>
  names(directory: Directory): void
  error(error: unknown): void
  now(): number
}

/** Keeps a race's names: asks for them while somebody who is shown has none, and when they have changed. */
export function openNamesFeed({ read, names, error, now }: NamesOptions) {
  let bibs: ReadonlySet<number> = new Set()
  /** The version that is held, and the one that there is. */
  let held = -1
  let wanted = -1
  let askedAt = Number.NEGATIVE_INFINITY
  /** Who had no name when names were last asked for, and how many answers in a row were of no use. */
  let missed: ReadonlySet<number> = new Set()
  let vain = 0
  let asking = false
  let closed = false

  const ask = async (missing: readonly number[]): Promise<void> => {
    if (asking) return
    asking = true
    askedAt = now()
    missed = new Set(missing)
    try {
      const directory = await read()
      if (closed) return
      bibs = new Set(directory.entries.map(entry => entry.bib))
      held = directory.version
      vain += 1
      names(directory)
    } catch (failure) {
      error(failure)
    }
    asking = false
  }

  return {
    /** These are shown: asks where it is time to. */
    show(shown: readonly number[]): void {
      const missing = shown.filter(bib => !bibs.has(bib))
      const due = missing.length > 0 || held < wanted
      if (!due || missing.some(bib => !missed.has(bib))) vain = 0
      const wait = due ? Math.min(MOST_MS, LEAST_MS * 2 ** vain) : MOST_MS
      if (now() - askedAt >= wait) ask(missing)
    },
    /** The directory has this version now: it is asked for at once, and again where a cache is behind. */
    changed(version: number): void {
      wanted = version
      ask([])
    },
    close(): void {
      closed = true
    }
  }
}
