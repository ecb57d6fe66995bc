import type { Place } from '../model.ts'

/** Ways to be wrong that a person could type. */
export const KINDS = [
  'rename',
  'retype',
  'wrong word',
  'wrong text',
  'wrong version',
  'drop'
] as const
export type Kind = (typeof KINDS)[number]

/** One change of one file: `text` in the place of what stands from `start` to `end`. */
export type Mutation = {
  kind: Kind
  file: string
  place: Place
  start: number
  end: number
  text: string
  /** What is changed, without line numbers, such as `Microsoft.Web/sites: properties.httpsOnly`. */
  what: string
}

/** The file's text with the change made. */
export const mutated = (text: string, { start, end, text: other }: Mutation): string =>
  text.slice(0, start) + other + text.slice(end)

/** A word misspelt by one letter, in its middle; undefined where it has no letter. */
export function misspelt(word: string): string | undefined {
  const letters = [...word.matchAll(/[a-z]/gi)].map(({ index }) => index)
  const at = letters[Math.floor(letters.length / 2)]
  const letter = at === undefined ? undefined : word[at]
  if (at === undefined || letter === undefined) return undefined
  const next =
    letter === 'z' ? 'a' : letter === 'Z' ? 'A' : String.fromCharCode(letter.charCodeAt(0) + 1)
  return word.slice(0, at) + next + word.slice(at + 1)
}

/** The version of an API that a day later would have been: there is none. */
export const wrongVersion = (version: string): string =>
  version.replace(/\d(?=\D*$)/, digit => String((Number(digit) + 1) % 10))
