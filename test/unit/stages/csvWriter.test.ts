import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, writeCsv } from '../../../functions/stages/csvWriter.ts'

/** What is read back by the letter of RFC 4180, one character after the other; every record ends with CRLF. */
function parsed(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) {
      if (c !== '"') field += c
      else if (text[i + 1] === '"') field += text[++i]
      else quoted = false
    } else if (c === '"' && field === '') quoted = true
    else if (c === ',' || (c === '\r' && text[i + 1] === '\n')) {
      record.push(field)
      field = ''
      if (c === ',') continue
      records.push(record)
      record = []
      i++
    } else {
      expect('"\r\n').not.toContain(c)
      field += c
    }
  }
  expect([quoted, field, record]).toEqual([false, '', []])
  return records
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '\t', ';', '=', '-', "'", 'a') })
)
const cell: fc.Arbitrary<Cell> = fc.oneof(text, fc.integer(), fc.constant(null))
const tables = fc
  .integer({ min: 1, max: 4 })
  .chain(width =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 })
  )
const BYTE_ORDER_MARK = '\uFEFF'

test('a reader that knows the RFC alone reads every cell back, but for the apostrophe', () => {
  fc.assert(
    fc.property(tables, rows => {
      const header = (rows[0] ?? ['a']).map((_, i) => `column ${i}`)
      const written = writeCsv(header, rows)
      expect(written.startsWith(BYTE_ORDER_MARK)).toBe(true)
      const read = parsed(written.slice(1))
      expect(read[0]).toEqual(header)
      expect(read).toHaveLength(rows.length + 1)
      rows.flat().forEach((cell, i) => {
        const back = read.slice(1).flat()[i]!
        const plain = String(cell ?? '')
        expect([plain, typeof cell === 'string' ? `'${plain}` : plain]).toContain(back)
      })
    })
  )
})

test('no text that is read back begins a formula, whatever it holds', () => {
  fc.assert(
    fc.property(fc.constantFrom(...'=+-@\t\r\n\0＝＋－＠'), text, (first, rest) => {
      const [, [back]] = parsed(writeCsv(['name'], [[first + rest]]).slice(1)) as [
        string[],
        string[]
      ]
      expect(back).toBe(`'${first}${rest}`)
    })
  )
})

test('numbers of our own are no text: a minus stays a minus', () => {
  expect(writeCsv(['a', 'b', 'c', 'd'], [[-5, '-5', null, 'x-5']])).toBe(
    `${BYTE_ORDER_MARK}a,b,c,d\r\n-5,'-5,,x-5\r\n`
  )
})

test('commas, quotes and line breaks are quoted, and quotes doubled', () => {
  expect(writeCsv(['name'], [['O\'Hara, "Ace"'], ['two\nlines']])).toBe(
    `${BYTE_ORDER_MARK}name\r\n"O'Hara, ""Ace"""\r\n"two\nlines"\r\n`
  )
})
