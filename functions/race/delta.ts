import type { Board, DeltaFrame, Head, Row, SnapshotFrame } from '#contract'

/** What a board cannot do with a frame: it is older than the board, or its base is another version. */
export type Missed = 'old' | 'gap'

type HeadKey = Exclude<keyof Board, 'raceId' | 'version' | 'top'>

/** A head as screens know it: without the bookkeeping of pages. */
export function boardOf({
  rankPages: _ranks,
  bibPages: _bibs,
  lapPages: _laps,
  ...board
}: Head): Board {
  return board
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/**
 * What leads from board `base` to board `next` of the same race.
 * Law: `apply(base, diff(base, next))` equals `next`.
 */
export function diff(base: Board, next: Board): DeltaFrame {
  const head: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(next)) {
    if (key === 'raceId' || key === 'version' || key === 'top') continue
    if (!same(value, base[key as HeadKey])) head[key] = value
  }
  const known = new Map(base.top.map(row => [row.bib, row]))
  const order = next.top.map(row => row.bib)
  const moved = !same(
    order,
    base.top.map(row => row.bib)
  )
  return {
    type: 'delta',
    raceId: next.raceId,
    version: next.version,
    base: base.version,
    head,
    ...(moved ? { order } : {}),
    rows: next.top.filter(row => !same(row, known.get(row.bib)))
  }
}

/** The board after a frame, or why the frame cannot be used: `old` frames are ignored, a `gap` asks for the head anew. */
export function apply(board: Board | undefined, frame: SnapshotFrame | DeltaFrame): Board | Missed {
  if (frame.type === 'snapshot') {
    return board && frame.board.version < board.version ? 'old' : frame.board
  }
  if (!board) return 'gap'
  if (frame.version <= board.version) return 'old'
  if (frame.base !== board.version) return 'gap'
  const rows = new Map<number, Row>(board.top.map(row => [row.bib, row]))
  for (const row of frame.rows) rows.set(row.bib, row)
  const order = frame.order ?? board.top.map(row => row.bib)
  const top = order.map(bib => rows.get(bib))
  if (top.some(row => row === undefined)) return 'gap'
  return {
    ...board,
    ...frame.head,
    version: frame.version,
    top: top.filter(row => row !== undefined)
  } as Board
}
