import type { Head, Row } from '#contract'
import { TOP_ROWS } from '#contract/race'
import { gapAmount, lapsText } from '../result.ts'
import type { Words } from '../words.ts'
import type { Held } from './held.ts'
import { indexOf, rowAt } from './places.ts'

/** Places that matter more than the next one: the last on the venue screen, the last on the podium, the first. */
const CUTS = [TOP_ROWS, 3, 1] as const

type Compared = Pick<Row, 'rank' | 'at' | 'gap' | 'lapsDown'>

/** What lies between one result and another: with a plus the first is behind. Undefined where they cannot be compared. */
export function gapBetween(
  behind: Compared,
  ahead: Compared,
  format: Head['format'],
  words: Words
): string | undefined {
  if (behind.rank === null || ahead.rank === null) return undefined
  const laps = behind.lapsDown - ahead.lapsDown
  if (laps > 0) return lapsText(laps, words)
  if (laps < 0) return lapsText(-laps, words).replace('+', '\u2212')
  // Laps behind the leader nobody has a gap to the leader, but to others on the same lap.
  const [a, b] = [behind, ahead].map(row => (row.lapsDown > 0 ? row.at : row.gap))
  return a == null || b == null ? undefined : gapAmount(a - b, format, words)
}

/** The way to a better place: which, and how much is missing, without a sign. */
export type Way = { place: number; missing: string | undefined }

const without = (gap: string | undefined): string | undefined => gap?.replace(/^[+\u2212]/, '')

/** The way to the next better place, as far as the rows ahead are held; undefined for who leads or has no place. */
export function wayToNext(held: Held, bib: number, words: Words): Way | undefined {
  const index = indexOf(held, bib)
  const row = index === undefined ? undefined : rowAt(held, index)
  if (index === undefined || !row || row.rank === null) return undefined
  for (let i = index - 1; i >= 0; i--) {
    const ahead = rowAt(held, i)
    if (!ahead) return undefined
    if (ahead.rank !== null && ahead.rank < row.rank) {
      return {
        place: ahead.rank,
        missing: without(gapBetween(row, ahead, held.head.format, words))
      }
    }
  }
  return undefined
}

/** The way to the next place that matters; undefined where that is the next place anyway. */
export function wayToCut(
  { head }: Pick<Held, 'head'>,
  mine: Compared,
  next: Way | undefined,
  words: Words
): Way | undefined {
  const { rank } = mine
  const cut = CUTS.find(place => rank !== null && place < rank)
  const row = head.top.findLast(
    other => other.rank !== null && cut !== undefined && other.rank <= cut
  )
  if (cut === undefined || row?.rank == null || row.rank === next?.place) return undefined
  return { place: row.rank, missing: without(gapBetween(mine, row, head.format, words)) }
}
