/** A record and the line on which it begins, from 1. */
export type CsvRecord = { line: number; cells: string[] }
/** Why a table cannot be read any further. */
export type CsvFault = { line: number; detail: string }

/**
 * Reads CSV by RFC 4180, whichever way lines end, one record at a time. What is no CSV is the last thing that is told.
 * `separator` is a comma or a semicolon.
 */
export function* readCsv(text: string, separator: ',' | ';'): Generator<CsvRecord | CsvFault> {
  const plain = new RegExp(`[^"\\r\\n${separator}]*`, 'y')
  let at = 0
  let line = 1
  while (at < text.length) {
    const record: CsvRecord = { line, cells: [] }
    for (;;) {
      if (text[at] === '"') {
        const end = closing(text, at + 1)
        if (end === undefined) return yield { line, detail: 'a quote is opened and not closed' }
        const quoted = text.slice(at + 1, end)
        record.cells.push(quoted.replaceAll('""', '"'))
        line += quoted.match(LINE_END)?.length ?? 0
        at = end + 1
      } else {
        plain.lastIndex = at
        record.cells.push(plain.exec(text)?.[0] ?? '')
        at = plain.lastIndex
      }
      if (text[at] !== separator) break
      at++
    }
    const isEnd = at === text.length || text[at] === '\r' || text[at] === '\n'
    if (!isEnd) {
      const detail = 'a quote stands inside a cell: quote the whole cell and double it'
      return yield { line, detail }
    }
    yield record
    at += text.startsWith('\r\n', at) ? 2 : 1
    line++
  }
}

const LINE_END = /\r\n|\r|\n/g

/** Where the quote is that ends a cell: not one of two, which mean one of its text. */
function closing(text: string, from: number): number | undefined {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at
  }
  return undefined
}
