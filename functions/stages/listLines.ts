import * as v from 'valibot'
import { EntryRequest, type Race } from '#contract'
import { type CsvFault, type CsvRecord, readCsv } from './csvReader.ts'
import { classFault, type Face, faceOf } from './registration.ts'

const COLUMNS = ['bib', 'name', 'country', 'class', 'email', 'phone'] as const
type Column = (typeof COLUMNS)[number]
const NEEDED: Column[] = ['bib', 'name']

/** A line of a start list that is right in itself. */
export type ListLine = {
  line: number
  bib: number
  face: Face
  contact: NonNullable<EntryRequest['contact']>
}
type ListLines = { lines: ListLine[]; faults: CsvFault[] }

/** What is in no text that was written and read as UTF-8. */
const LOST = /[\0\uFFFD]/
const NOBODY = { line: 1, detail: 'it names nobody' }

/**
 * Reads a start list: CSV whose first line names its columns, in any order, separated by commas or semicolons. Every
 * fault is told with its line; reading ends where the race has no more places.
 */
export function readListLines(text: string, race: Race): ListLines {
  const first = text.slice(0, text.search(/[\r\n]|$/))
  const records = readCsv(text, first.includes(';') ? ';' : ',')
  const header = readHeader(records.next().value ?? NOBODY)
  if ('faults' in header) {
    return { lines: [], faults: header.faults.map(detail => ({ line: 1, detail })) }
  }
  const lines = new Map<number, ListLine>()
  const faults: CsvFault[] = []
  let count = 0
  for (const record of records) {
    const tell = (detail: string) => faults.push({ line: record.line, detail })
    if ('cells' in record && !record.cells.some(cell => cell.trim())) continue
    if (++count > race.capacity) {
      tell(`the race has ${race.capacity} places: what follows was not read`)
      break
    }
    const read = readLine(record, header.columns, race)
    const before = 'bib' in read ? lines.get(read.bib) : undefined
    if ('faults' in read) read.faults.forEach(tell)
    else if (before) tell(`bib: number ${read.bib} is in line ${before.line} already`)
    else lines.set(read.bib, read)
  }
  if (!count) faults.push(NOBODY)
  return { lines: [...lines.values()], faults }
}

/** The cells of a line, as long as they are text. */
function cellsOf(record: CsvRecord | CsvFault): string[] | { faults: string[] } {
  if ('detail' in record) return { faults: [record.detail] }
  if (!LOST.test(record.cells.join())) return record.cells
  return { faults: ['it is not UTF-8: save the list as CSV in UTF-8'] }
}

const columnOf = (cell: string) => cell.trim().toLowerCase() as Column

function readHeader(record: CsvRecord | CsvFault): { columns: Column[] } | { faults: string[] } {
  const cells = cellsOf(record)
  if ('faults' in cells) return cells
  const columns = cells.map(columnOf)
  const missing = NEEDED.filter(column => !columns.includes(column))
  const strange = cells.filter((_, i) => !COLUMNS.includes(columns[i]!))
  const twice = COLUMNS.filter(column => columns.indexOf(column) !== columns.lastIndexOf(column))
  const faults = [
    ...missing.map(column => `the column ${column} is missing`),
    ...strange.map(cell => `there is no column ${cell}: ${COLUMNS.join(', ')}`),
    ...twice.map(column => `the column ${column} is there twice`)
  ]
  return faults.length ? { faults } : { columns }
}

function readLine(
  record: CsvRecord | CsvFault,
  columns: Column[],
  race: Race
): ListLine | { faults: string[] } {
  const cells = cellsOf(record)
  if ('faults' in cells) return cells
  if (cells.length !== columns.length) {
    return { faults: [`it has ${cells.length} cells, the first line ${columns.length}`] }
  }
  const told = new Map(columns.map((column, i) => [column, cells[i]!.trim()]))
  const cell = (column: Column) => told.get(column) || undefined
  const bib = cell('bib') ?? ''
  const asked = {
    name: cell('name') ?? '',
    country: cell('country'),
    class: cell('class'),
    bib: /^\d+$/.test(bib) ? Number(bib) : bib,
    contact: { email: cell('email'), phone: cell('phone') }
  }
  // One fault a cell.
  const parsed = v.safeParse(EntryRequest, asked, { abortPipeEarly: true })
  if (!parsed.success) return { faults: parsed.issues.map(worded) }
  const face = faceOf(parsed.output)
  const fault = classFault(race, face.class)
  if (fault) return { faults: [`class: ${fault}`] }
  const { bib: number, contact } = parsed.output
  return { line: record.line, bib: number!, face, contact: contact! }
}

function worded(issue: v.BaseIssue<unknown>): string {
  const column = v.getDotPath(issue)?.split('.').at(-1)
  if (column === 'bib') return 'bib: it must be a whole number from 1 to 10000'
  return `${column}: ${issue.message}`
}
