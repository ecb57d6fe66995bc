import type { Columns } from './columns.ts'

/** How far back a missing sequence number is still waited for. */
export const FENCE_BACK = 256
/** Sessions of one bib that are told apart: each reload of a phone is one. */
export const MAX_SESSIONS = 8

/** One session's fence: everything below `high` has been seen but the `holes`. */
type Session = { session: number; high: number; holes: number[] }

/**
 * What lets each reading count once although hub, host and client repeat and reorder.
 * The newest session of a bib lies in the columns; its holes and older sessions, both rare, lie here.
 */
export type Fences = { holes: Map<number, number[]>; older: Map<number, Session[]> }

/** `new` is counted; the others are not. */
export type Passage = 'new' | 'duplicate' | 'too-old' | 'too-many-sessions'

export const emptyFences = (): Fences => ({ holes: new Map(), older: new Map() })

/** Passes one reading through the fence of its bib and session, and remembers it. `bib` must have room in the columns. */
export function pass(
  fences: Fences,
  columns: Columns,
  bib: number,
  session: number,
  seq: number
): Passage {
  const slot = bib - 1
  const current = columns.session[slot]!
  if (session > current) {
    if (current > 0 && !retire(fences, columns, bib)) return 'too-many-sessions'
    columns.session[slot] = session
    columns.high[slot] = 0
  } else if (session < current) {
    return passOlder(fences, bib, session, seq)
  }
  const fence = { high: columns.high[slot]!, holes: fences.holes.get(bib) ?? [] }
  const passage = advance(fence, seq)
  columns.high[slot] = fence.high
  if (fence.holes.length) fences.holes.set(bib, fence.holes)
  else fences.holes.delete(bib)
  return passage
}

function retire(fences: Fences, columns: Columns, bib: number): boolean {
  const older = fences.older.get(bib) ?? []
  if (older.length >= MAX_SESSIONS - 1) return false
  const slot = bib - 1
  older.push({
    session: columns.session[slot]!,
    high: columns.high[slot]!,
    holes: fences.holes.get(bib) ?? []
  })
  fences.older.set(bib, older)
  fences.holes.delete(bib)
  return true
}

function passOlder(fences: Fences, bib: number, session: number, seq: number): Passage {
  const older = fences.older.get(bib) ?? []
  let fence = older.find(known => known.session === session)
  if (!fence) {
    if (older.length >= MAX_SESSIONS - 1) return 'too-many-sessions'
    fence = { session, high: 0, holes: [] }
    older.push(fence)
    fences.older.set(bib, older)
  }
  return advance(fence, seq)
}

function advance(fence: { high: number; holes: number[] }, seq: number): Passage {
  if (seq >= fence.high) {
    const oldest = seq - FENCE_BACK + 1
    const holes = fence.holes.filter(hole => hole >= oldest)
    for (let hole = Math.max(fence.high, oldest); hole < seq; hole++) holes.push(hole)
    fence.holes = holes
    fence.high = seq + 1
    return 'new'
  }
  const hole = fence.holes.indexOf(seq)
  if (hole >= 0) {
    fence.holes.splice(hole, 1)
    return 'new'
  }
  return seq < fence.high - FENCE_BACK ? 'too-old' : 'duplicate'
}
