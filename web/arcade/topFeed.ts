import * as v from 'valibot'
import type { Board, Row } from '#contract'
import { BIB_PAGE_ROWS } from '#contract/race'
import { BibPage } from '#contract/standings'
import type { Call } from '../call.ts'
import { createThrottle } from '../seat/throttle.ts'
import type { Placed } from './arcadeView.svelte.ts'

/** The player's own board changes this often at most, in ms. */
export const TOP_MS = 2_000

type TopOptions = {
  call: Call
  /** Whose place is looked for where the board does not have it; undefined: nobody's. */
  bib(): number | undefined
  show(top: readonly Row[], below: Placed | undefined): void
  error(error: unknown): void
  now(): number
}

/** Gives on at most one board per `TOP_MS`, always the last one, with the place of a player who is not on it. */
export function openTopFeed({ call, bib, show, error, now }: TopOptions) {
  let shown = -1

  const placeOf = async (raceId: string, mine: number): Promise<Placed> => {
    const page = Math.floor((mine - 1) / BIB_PAGE_ROWS)
    const answer = await call(`/races/${raceId}/standings/bibs/${page}`)
    const { rank, value } = v.parse(BibPage, await answer.json())
    const index = (mine - 1) % BIB_PAGE_ROWS
    return { rank: rank[index] ?? null, value: value[index] ?? null }
  }

  const read = async (board: Board): Promise<void> => {
    const mine = bib()
    const isThere =
      mine === undefined ||
      board.competitors <= board.top.length ||
      board.top.some(row => row.bib === mine)
    // Without it the first rows are news all the same.
    const below = isThere
      ? undefined
      : await placeOf(board.raceId, mine).catch(failure => {
          error(failure)
          return undefined
        })
    // An answer that was overtaken by a newer board is of no use.
    if (board.version < shown) return
    shown = board.version
    show(board.top, below)
  }

  return createThrottle<Board>(TOP_MS, read, now)
}
