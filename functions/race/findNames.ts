import type { DirectoryEntry } from '#contract'
import { folded, partsOf } from './fold.ts'

/**
 * The competitors whose bib the text is, then those of whom each word of the text begins a word of the name:
 * whatever case and accents, in the order of `entries`.
 */
export function findNames(entries: DirectoryEntry[], text: string): DirectoryEntry[] {
  const bib = /^\d+$/.test(text.trim()) ? Number(text) : undefined
  const wanted = wordsOf(text)
  const isNamed = ({ name }: DirectoryEntry): boolean => {
    const words = wordsOf(name)
    return wanted.length > 0 && wanted.every(part => words.some(word => word.startsWith(part)))
  }
  return [
    ...entries.filter(entry => entry.bib === bib),
    ...entries.filter(entry => entry.bib !== bib && isNamed(entry))
  ]
}

const wordsOf = (text: string): string[] => partsOf(folded(text))
