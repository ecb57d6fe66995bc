import type { BoardId } from '#contract'
import type { Series } from './performances.ts'

/** Seconds of racing whose histograms are stored together. */
const GHOST_BLOCK_SECONDS = 30
/** Width of a bin by what is counted: 10 m, 500 J, 50,000 of output in hundredths, 50 points. */
const WIDTHS: Record<string, number> = { distance: 10_000, work: 500, output: 50_000, game: 50 }
/** Races up to this long, in s, have bins of that width; longer ones wider bins, so that all have as many. */
const WIDTH_SECONDS = 300
/** Bins of a second. More is 67 m/s or 3,300 W all the way: what goes beyond is in no histogram. */
export const GHOST_BINS = 2_000
const WORD_BYTES = 4

/** How many performances were where at the end of one second, as in `Ghosts`. */
export type Spread = { first: number; counts: number[] }

/** Width of a bin and racing time in s of a board, fixed for ever; undefined where no ghosts are kept. */
export function ghostsOf(board: BoardId): { width: number; seconds: number } | undefined {
  const [, kind = '', text = ''] = /^([a-z]+)-(\d+)$/.exec(board) ?? []
  const width = WIDTHS[kind]
  const seconds = Number(text)
  if (width === undefined) return undefined
  return { width: width * Math.ceil(seconds / WIDTH_SECONDS), seconds }
}

/** How many blocks of seconds there are. */
export const ghostBlocks = (seconds: number): number => Math.ceil(seconds / GHOST_BLOCK_SECONDS)

/** Performances whose whole way is within the bins. */
export const within = (all: Series[], width: number): Series[] =>
  all.filter(series => binOf(series.at(-1) ?? 0, width) < GHOST_BINS)

/** The spreads of a block of seconds with more performances in them; `known` is empty where there are none yet. */
export function spread(
  known: Spread[],
  performances: Series[],
  block: number,
  width: number
): Spread[] {
  const from = block * GHOST_BLOCK_SECONDS
  const seconds = Math.min(GHOST_BLOCK_SECONDS, (performances[0]?.length ?? 0) - from)
  return Array.from({ length: seconds }, (_, i) =>
    counted(
      known[i] ?? { first: 0, counts: [] },
      performances.map(series => binOf(series[from + i]!, width))
    )
  )
}

/** A series in base64. */
export const packSeries = ({ buffer, byteOffset, byteLength }: Series): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')

/** The inverse of `packSeries`. */
export function unpackSeries(text: string): number[] {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'))
  return [...new Uint32Array(bytes.buffer, 0, bytes.byteLength / WORD_BYTES)]
}

const binOf = (value: number, width: number): number => Math.floor(value / width)

function counted(known: Spread, bins: number[]): Spread {
  const isEmpty = known.counts.length === 0
  const first = Math.min(...(isEmpty ? [] : [known.first]), ...bins)
  const last = Math.max(...(isEmpty ? [] : [known.first + known.counts.length - 1]), ...bins)
  const counts = new Array<number>(last - first + 1).fill(0)
  for (const [i, count] of known.counts.entries()) counts[known.first - first + i] = count
  for (const bin of bins) counts[bin - first] = counts[bin - first]! + 1
  return { first, counts }
}
