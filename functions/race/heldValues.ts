import type { ReviewItem, Row } from '#contract'
import { NEVER } from './columns.ts'
import { type Front, reach } from './front.ts'
import type { Gain } from './metric.ts'
import { bestOf, type Stand, tie } from './stands.ts'
import { isOff } from './startList.ts'
import type { RaceState } from './state.ts'

/** The best that a bib sent beyond what ride or game can give, when it first did (ms since the start), and how games with it stood. */
export type Held = { value: number; at: number; stands: Stand[] }

/** Holds a value back. It is merged as the bests that count are: in any order, with the same outcome. */
export function holdBack(heldBack: Map<number, Held>, bib: number, gain: Gain): void {
  const { value, at, trial, detail, detailAt } = gain
  const stand = { trial, detail, at: detailAt }
  const known = heldBack.get(bib)
  if (known && value < known.value) return
  if (!known || value > known.value) {
    heldBack.set(bib, { value, at, stands: [stand] })
    return
  }
  known.at = Math.min(known.at, at)
  tie(known.stands, stand)
}

/** A value that counts for a bib, when it was reached (ms since the start), and a game's second word. */
type Counted = { value: number; at: number; detail: number }

/** What counts for a bib: the best of what is beyond doubt and what a person let count. Undefined before any. */
export function countedOf(state: RaceState, bib: number): Counted | undefined {
  const { at, value, detail } = state.columns
  const slot = bib - 1
  const accepted = acceptedOf(state, bib)
  const isKnown = at[slot] !== NEVER
  if (accepted && !(isKnown && value[slot]! >= accepted.value)) return accepted
  return isKnown ? { value: value[slot]!, at: at[slot]!, detail: detail[slot] ?? 0 } : undefined
}

/** What a person let count of what was held for a bib: no more than was judged. */
function acceptedOf({ heldBack, judgements }: RaceState, bib: number): Counted | undefined {
  const known = heldBack.get(bib)
  const judgement = judgements.get(bib)
  if (!known || !judgement?.accepted) return undefined
  const value = Math.min(known.value, judgement.value)
  return { value, at: known.at, detail: bestOf(known.stands).detail }
}

/** The front of the field with what a person let count. */
export function countedFront(state: RaceState): Front {
  const accepted = [...state.heldBack.keys()].flatMap(bib => acceptedOf(state, bib) ?? [])
  if (!accepted.length) return state.front
  const { value, offset } = state.front
  let front: Front = { value: value.slice(), offset: offset.slice() }
  for (const { at, value } of accepted) front = reach(front, at, value)
  return front
}

/** The value of a bib that a person still has to judge: more than counts, and than was judged. Undefined where there is none. */
export function heldOf(
  { heldBack, judgements, columns }: RaceState,
  bib: number
): number | undefined {
  const value = heldBack.get(bib)?.value
  if (value === undefined || value <= (judgements.get(bib)?.value ?? -1)) return undefined
  const counts = columns.at[bib - 1] !== NEVER && value <= columns.value[bib - 1]!
  return counts ? undefined : value
}

/** Whether anybody who is in the race has to be judged. */
export const holdsAny = (state: RaceState): boolean =>
  [...state.heldBack.keys()].some(bib => heldOf(state, bib) !== undefined && !isOff(state, bib))

/** What somebody has to judge by the rows of a board, before its classification is signed. */
export const heldScores = (rows: Row[]): ReviewItem[] =>
  rows
    .filter(({ held }) => held !== undefined)
    .map(({ bib }) => ({
      kind: 'score',
      bib,
      runId: null,
      of: [],
      detail: 'More was sent than can be ridden or played: it does not count until it is judged.'
    }))
