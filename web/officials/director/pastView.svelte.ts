import type { BoardAt } from '#contract/office'
import type { Row } from '#contract/standings'
import { reasonOf } from './trouble.ts'

/** A competitor's row then and now; undefined where there was none. */
export type Compared = { bib: number; was: Row | undefined; now: Row | undefined }

/** Rows of then in their order, with those of now; who came later stands at the end. */
export function compared(then: readonly Row[], now: readonly Row[]): Compared[] {
  const of = (rows: readonly Row[]) => new Map(rows.map(row => [row.bib, row]))
  const before = of(then)
  const after = of(now)
  return [
    ...then.map(row => ({ bib: row.bib, was: row, now: after.get(row.bib) })),
    ...now
      .filter(({ bib }) => !before.has(bib))
      .map(row => ({ bib: row.bib, was: undefined, now: row }))
  ]
}

/** Places gained since then; undefined where one of the two has none. */
export const gained = ({ was, now }: Compared): number | undefined =>
  was?.rank == null || now?.rank == null ? undefined : was.rank - now.rank

/** The board as it stood at an instant. */
export class PastView {
  /** Ms since 1970; undefined until one is chosen. */
  at = $state<number>()
  board = $state.raw<BoardAt>()
  refusal = $state<string>()

  readonly #boardAt: (at: number) => Promise<BoardAt>

  constructor(boardAt: (at: number) => Promise<BoardAt>) {
    this.#boardAt = boardAt
  }

  async show(at: number): Promise<void> {
    this.at = at
    try {
      const board = await this.#boardAt(at)
      if (at !== this.at) return
      this.board = board
      this.refusal = undefined
    } catch (error) {
      if (at !== this.at) return
      this.board = undefined
      this.refusal = reasonOf(error)
    }
  }
}
