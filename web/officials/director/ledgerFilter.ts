import type { Fact } from '#contract/ledger'
import type { ReviewItem } from '#contract/timing'

/** Which facts of the ledger are shown. */
export const FILTERS = ['all', 'corrections', 'held', 'protests'] as const
export type Filter = (typeof FILTERS)[number]

export const FILTER_TITLES: Record<Filter, string> = {
  all: 'All',
  corrections: 'Corrections',
  held: 'Held',
  protests: 'Protests'
}

const CORRECTIONS: readonly Fact['kind'][] = [
  'correct',
  'status',
  'retract',
  'restore',
  'order',
  'merge',
  'withdraw',
  'judge'
]

/** Whether a person has to judge a lap's time. */
export const isTimeInQuestion = ({ kind }: ReviewItem): boolean =>
  kind === 'held' || kind === 'disagreement'

/** The facts that a filter lets through; held are those in question now. */
export function filtered(
  facts: readonly Fact[],
  filter: Filter,
  review: readonly ReviewItem[]
): readonly Fact[] {
  switch (filter) {
    case 'all':
      return facts
    case 'corrections':
      return facts.filter(({ kind, id }) => CORRECTIONS.includes(kind) || id.startsWith('added.'))
    case 'held': {
      const held = new Set(review.filter(isTimeInQuestion).flatMap(({ of }) => of))
      return facts.filter(({ id }) => held.has(id))
    }
    case 'protests':
      return facts.filter(({ kind }) => kind === 'protest' || kind === 'settle')
  }
}

/** What is open of a filter's kind. */
export const openOf = (review: readonly ReviewItem[], filter: Filter): readonly ReviewItem[] => {
  if (filter === 'held') return review.filter(item => item.kind !== 'protest')
  return filter === 'protests' ? review.filter(({ kind }) => kind === 'protest') : []
}
