import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsv } from '../../../functions/stages/csvReader.ts'

const read = (text: string, separator: ',' | ';' = ',') => [...readCsv(text, separator)]
const cells = (text: string, separator?: ',' | ';') =>
  read(text, separator).map(record => ('cells' in record ? record.cells : record))

test('whatever is written by RFC 4180 is read again, with the lines on which it began', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ß', '"', ',', ';', '\r', '\n', ' ', '🚲') })
  const rows = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { maxLength: 6 })
  const written = fc.record({
    rows,
    separator: fc.constantFrom(',', ';'),
    end: fc.constantFrom('\r\n', '\n', '\r'),
    last: fc.boolean(),
    quoteAll: fc.boolean()
  })
  fc.assert(
    fc.property(written, ({ rows, separator, end, last, quoteAll }) => {
      const cellOf = (cell: string) =>
        quoteAll || /[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
      const lines = rows.map(row => row.map(cellOf).join(separator))
      // A line of nothing at the very end is no line.
      fc.pre(last || lines.at(-1) !== '')
      const found = read(lines.join(end) + (last && rows.length ? end : ''), separator)
      let line = 1
      const wanted = rows.map((cells, i) => {
        const record = { line, cells }
        line += 1 + (lines[i]!.match(/\r\n|\r|\n/g)?.length ?? 0)
        return record
      })
      expect(found).toEqual(wanted)
    })
  )
})

test('only the separator that is asked for separates', () => {
  expect(cells('a;b,c', ';')).toEqual([['a', 'b,c']])
  expect(cells('a;b,c', ',')).toEqual([['a;b', 'c']])
})

test('a quote that is not closed is told with the line on which it was opened', () => {
  const fault = { line: 2, detail: expect.stringContaining('not closed') }
  expect(read('a,b\n1,"two\nthree\n')).toEqual([{ line: 1, cells: ['a', 'b'] }, fault])
})

test.each(['a "b" c', '"a"b', 'a"'])('a quote within a cell ends the reading: %s', text => {
  const fault = { line: 2, detail: expect.stringContaining('inside a cell') }
  expect(read(`x\r\n${text}\r\ny`)).toEqual([{ line: 1, cells: ['x'] }, fault])
})

test('nothing holds nothing', () => {
  expect(read('')).toEqual([])
})
