/**
 * A race's riders as columns: entry `bib - 1` of each array. 1,000 riders are 28 kB, and a fold touches a few words.
 * `value` and `at` are what the last closed window knows; `next…` is what arrived beyond it and waits for its window.
 */
export type Columns = {
  /** The session whose sequence `high` follows, in s since 1970; 0 before the first reading. */
  session: Uint32Array
  /** One more than the highest sequence number seen in that session. */
  high: Uint32Array
  value: Uint32Array
  /** When `value` was reached, in ms since the start; `NEVER` before. */
  at: Int32Array
  nextValue: Uint32Array
  nextAt: Int32Array
  /** Readings counted. */
  count: Uint32Array
  /** Score game only: level, lives and shots packed by `packGame`; empty otherwise. */
  detail: Uint32Array
  /** Score game only: when `detail` was so, which may be after the score was reached. */
  detailAt: Int32Array
  nextDetail: Uint32Array
  nextDetailAt: Int32Array
  /** Score game only: the trial that `detail` is of, and `nextDetail`. */
  trial: Uint32Array
  nextTrial: Uint32Array
}

/** No reading yet. Earlier than any start. */
export const NEVER = -(2 ** 31)

const WORD_BYTES = 4
const BASE_COLUMNS = 7
const DETAIL_COLUMNS = 13
/** Those of games that were packed before trials were told apart: all but the last two. */
const OLDER_DETAIL_COLUMNS = 11

/** Columns for bibs 1 to `riders`, with nothing in them. */
export function emptyColumns(riders: number, withDetail: boolean): Columns {
  const columns = layOut(new ArrayBuffer(riders * WORD_BYTES * columnCount(withDetail)), withDetail)
  columns.at.fill(NEVER)
  columns.nextAt.fill(NEVER)
  return columns
}

/** How many bibs the columns have room for. */
export const riders = (columns: Columns): number => columns.session.length

/** The same columns with room for at least `bib`; grows by half so that joining riders do not copy each time. */
export function withRoomFor(columns: Columns, bib: number, withDetail: boolean): Columns {
  const have = riders(columns)
  if (bib <= have) return columns
  const grown = emptyColumns(Math.max(bib, have + (have >> 1) + 16), withDetail)
  for (const name of Object.keys(columns) as (keyof Columns)[]) {
    if (columns[name].length) grown[name].set(columns[name])
  }
  return grown
}

/** Base64 of all columns one after the other, cut after the last rider that has anything. */
export function packColumns(columns: Columns): string {
  let used = riders(columns)
  while (used > 0 && columns.high[used - 1] === 0) used--
  const names = Object.keys(columns) as (keyof Columns)[]
  return Buffer.concat(
    names.map(name => {
      const column = columns[name].subarray(0, used)
      return Buffer.from(column.buffer, column.byteOffset, column.byteLength)
    })
  ).toString('base64')
}

/** The inverse of `packColumns`; `older` columns know the first trial alone. */
export function unpackColumns(text: string, withDetail: boolean, older = false): Columns {
  const packed = Buffer.from(text, 'base64')
  const column = packed.length / OLDER_DETAIL_COLUMNS
  const bytes = new Uint8Array(older && withDetail ? column * DETAIL_COLUMNS : packed.length)
  bytes.set(packed)
  return layOut(bytes.buffer, withDetail)
}

/** Level, lives and shots of a game reading in one word; a higher word is a better one of equal scores: more lives, then fewer shots. */
export const packGame = (level: number, lives: number, shots: number): number =>
  ((lives << 24) | ((0xffff - shots) << 8) | level) >>> 0

/** The inverse of `packGame`. */
export const unpackGame = (word: number): { level: number; lives: number; shots: number } => ({
  level: word & 0xff,
  lives: word >>> 24,
  shots: 0xffff - ((word >>> 8) & 0xffff)
})

const columnCount = (withDetail: boolean) => (withDetail ? DETAIL_COLUMNS : BASE_COLUMNS)

function layOut(buffer: ArrayBuffer, withDetail: boolean): Columns {
  const length = buffer.byteLength / WORD_BYTES / columnCount(withDetail)
  let offset = 0
  const next = () => {
    const at = offset
    offset += length * WORD_BYTES
    return at
  }
  const word = () => new Uint32Array(buffer, next(), length)
  const signed = () => new Int32Array(buffer, next(), length)
  return {
    session: word(),
    high: word(),
    value: word(),
    at: signed(),
    nextValue: word(),
    nextAt: signed(),
    count: word(),
    detail: withDetail ? word() : new Uint32Array(0),
    detailAt: withDetail ? signed() : new Int32Array(0),
    nextDetail: withDetail ? word() : new Uint32Array(0),
    nextDetailAt: withDetail ? signed() : new Int32Array(0),
    trial: withDetail ? word() : new Uint32Array(0),
    nextTrial: withDetail ? word() : new Uint32Array(0)
  }
}
