import type { Explanation } from '#contract/office'
import type { Format } from '#contract/race'
import { gapAmount } from '../../result.ts'
import type { Words } from '../../words.ts'

type Named = (bib: number) => string

/** Who shares a place, and which place comes next. */
export function placeWords({ bib, rank, tied, decides }: Explanation, nameOf: Named): string {
  if (rank === null) return 'has no place'
  const equals = decides.filter(each => each.rank === rank && each.bib !== bib)
  const next = decides.find(each => (each.rank ?? 0) > rank)?.rank
  const after = next == null ? 'nobody is behind' : `next is ${next}`
  return tied && equals.length > 0
    ? `shares place ${rank} with ${equals.map(each => nameOf(each.bib)).join(', ')}; ${after}`
    : after
}

/** How certain a place is: how far the ones next to it are away. */
export function certainty(
  { bib, rank, decides }: Explanation,
  format: Format,
  nameOf: Named,
  words: Words
): string {
  const own = decides.find(each => each.bib === bib)
  if (rank === null || own?.value == null) return 'Nothing counts yet.'
  const value = own.value
  if (decides.some(each => each.bib !== bib && each.value === value && each.rank === rank))
    return 'Both come to the same, to the last digit: the tie stands unless a photo finish decides it.'
  const told = decides
    .filter(each => each.bib !== bib && each.value !== null)
    .map(each => {
      const apart = gapAmount(Math.abs((each.value ?? 0) - value), format, words)
      const where = (each.rank ?? 0) < rank ? 'behind' : 'ahead of'
      return `${apart.replace(/^[+\u2212]/, '')} ${where} ${nameOf(each.bib)}`
    })
  return told.length === 0 ? 'Nobody is next to it.' : `${told.join('; ')}.`
}
