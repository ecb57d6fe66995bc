import type { Row } from '#contract'

/** The same text for the same content, whatever the order of the parts of objects. */
export const canonical = (value: unknown): string => JSON.stringify(value, sorted)

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** The first row in which two finals differ, in one sentence; undefined where they are the same to the byte. */
export function firstDifference(original: Row[], rebuilt: Row[]): string | undefined {
  if (canonical(original) === canonical(rebuilt)) return undefined
  const index = original.findIndex((row, i) => canonical(row) !== canonical(rebuilt[i]))
  const at = index < 0 ? original.length : index
  const told = (row: Row | undefined) => (row ? canonical(row) : 'there is none')
  return `Row ${at + 1} differs.\n  original: ${told(original[at])}\n  rebuilt:  ${told(rebuilt[at])}`
}
