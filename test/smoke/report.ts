import type { Outcome, Result } from './check.ts'

/** A cell of a table on one line; a bar would begin another cell. */
const cell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim()

export const HEADER = '| check | proves | result | s |\n|---|---|---|---|'

/** A result as a line of the Markdown table that `HEADER` begins. */
export function rowOf({ name, proves, outcome, note, seconds }: Result): string {
  const said = note ? `${outcome}: ${note}` : outcome
  return `| ${[name, proves, said].map(cell).join(' | ')} | ${seconds.toFixed(1)} |`
}

const count = (results: readonly Result[], wanted: Outcome): number =>
  results.filter(({ outcome }) => outcome === wanted).length

/** The last line: how many of each. */
export const countsOf = (results: readonly Result[]): string =>
  `${count(results, 'passed')} passed, ${count(results, 'failed')} failed, ` +
  `${count(results, 'not applicable')} not applicable`

/** 0 where something passed and nothing failed. A run that could check nothing has proven nothing: 1. */
export const exitCodeOf = (results: readonly Result[]): 0 | 1 =>
  count(results, 'failed') === 0 && count(results, 'passed') > 0 ? 0 : 1
