import type { Row, Status } from '#contract'

const OUT: readonly Status[] = ['dnf', 'dns', 'nc', 'dsq']

/** Whether a competitor is out of the classification. */
export const isOut = (row: Row): boolean => OUT.includes(row.status)

const group = (row: Row): number => {
  if (isOut(row)) return row.status === 'dsq' ? 3 : 2
  return row.rank === null ? 1 : 0
}

/** Ranked rows first, then who has no result yet, then who is out; within these as the classification has them. */
export const inOrder = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => group(a) - group(b))
