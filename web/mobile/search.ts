import type { DirectoryEntry } from '#contract'
import { folded, partsOf } from '#race/fold'
import { typosAllowed, typosBetween } from './typos.ts'

/** Finds competitors by bib or by any parts of their names, the best hits first. */
export type Search = (typed: string, most: number) => DirectoryEntry[]

type Known = { entry: DirectoryEntry; parts: string[]; letters: string[][] }

/** How badly a typed word hits one part of a name: 0 begins it, 1 is inside, more has typing errors. */
const BEGINS = 0
const INSIDE = 1
const MISTYPED = 1
const MISSES = Number.POSITIVE_INFINITY

function hit(word: string, letters: string[], known: Known): number {
  if (known.parts.some(part => part.startsWith(word))) return BEGINS
  if (known.parts.some(part => part.includes(word))) return INSIDE
  const allowed = typosAllowed(letters.length)
  if (allowed === 0) return MISSES
  const typos = Math.min(...known.letters.map(part => typosBetween(letters, part, allowed)))
  return typos <= allowed ? MISTYPED + typos : MISSES
}

/** Makes a directory ready to be searched: folding every name once is most of the work. */
export function createSearch(entries: readonly DirectoryEntry[]): Search {
  const everyone = entries.map((entry): Known => {
    const name = folded(entry.name)
    const parts = partsOf(name)
    // A name is also found without its spaces, and one without any letter as it is.
    if (parts.length !== 1) parts.push(parts.join('') || name.trim())
    return { entry, parts, letters: parts.map(part => [...part]) }
  })

  return (typed, most) => {
    const text = folded(typed).trim().replace(/^#/, '')
    if (text === '') return []
    const whole = partsOf(text)
    const words = (whole.length > 0 ? whole : [text]).map(word => ({ word, letters: [...word] }))
    const hits: { entry: DirectoryEntry; badness: number }[] = []
    for (const known of everyone) {
      const bib = String(known.entry.bib)
      if (bib === text) {
        hits.push({ entry: known.entry, badness: -2 })
        continue
      }
      const badness =
        /^\d+$/.test(text) && bib.startsWith(text)
          ? -1
          : words.reduce((sum, { word, letters }) => sum + hit(word, letters, known), 0)
      if (badness < MISSES) hits.push({ entry: known.entry, badness })
    }
    return hits
      .sort((a, b) => a.badness - b.badness || a.entry.bib - b.entry.bib)
      .slice(0, most)
      .map(({ entry }) => entry)
  }
}
