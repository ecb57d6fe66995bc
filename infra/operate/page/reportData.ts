/** A rider's or player's line of the chooser. Names may be empty. */
export type ReportRider = { bib: number; name: string; place: number | null }

/** Figures of one kind, packed: a row for each rider in the order of `riders`, a column for each step. */
export type Packed = { bits: 16 | 32; base64: string }

/** What the page plots. Times are in s since the start. */
export type ReportData = {
  seconds: number
  /** So many seconds are one point: means of power, the last place and score. */
  step: number
  riders: ReportRider[]
  /** Watts; of a ride alone. */
  power?: Packed
  /** Points; of a game alone. */
  score?: Packed
  rank: Packed
  dropOuts: { rider: number; from: number; to: number }[]
  /** From measuring to the hub, in ms. */
  lag: { at: number[]; p50: number[]; p99: number[] }
  /** Readings that the hub got in each second. */
  rate: { at: number[]; readings: number[] }
}

/** Stands where there is no figure. */
const NONE = { 16: 2 ** 16 - 1, 32: 2 ** 32 - 1 }

/** The rows of packed figures; null where there is none. Works in pages too. */
export function unpackRow({ bits, base64 }: Packed, row: number, columns: number) {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
  const all = bits === 16 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer)
  const figures = [...all.subarray(row * columns, (row + 1) * columns)]
  return figures.map(figure => (figure === NONE[bits] ? null : figure))
}

/** Packs rows of figures, each below the greatest of so many bits. */
export function packRows(bits: 16 | 32, rows: (number | null)[][]): Packed {
  const figures = rows.flat().map(figure => figure ?? NONE[bits])
  const packed = bits === 16 ? Uint16Array.from(figures) : Uint32Array.from(figures)
  return { bits, base64: Buffer.from(packed.buffer).toString('base64') }
}
