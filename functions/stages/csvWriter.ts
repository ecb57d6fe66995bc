/** One cell: text, or a number or `null` (empty) of our own making. */
export type Cell = string | number | null

/** What begins a formula in one spreadsheet or another, in plain and full width; OWASP's list. */
const FORMULA = '=+-@\t\r\n\0＝＋－＠'
/** By this mark spreadsheets know the text for UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

/** A table as CSV by RFC 4180, its columns in the order of `header`. Text that could be a formula begins with an apostrophe. */
export const writeCsv = (header: string[], rows: Cell[][]): string =>
  BYTE_ORDER_MARK + [header, ...rows].map(row => `${row.map(written).join(',')}\r\n`).join('')

function written(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '')
  const text = cell !== '' && FORMULA.includes(cell[0]!) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
