import type { Explanation, Fact, Race, Row, Ties } from '#contract'
import { classify } from './classification.ts'
import { lapResults } from './lapResults.ts'
import { factsOf, knownAt, type Ledger } from './ledgerState.ts'
import { countsFor } from './merges.ts'
import { timedRuns } from './timedRuns.ts'

/** Why a competitor has the place that it has; undefined where the board has no such bib. */
export function explain(ledger: Ledger, bib: number): Explanation | undefined {
  const { state, laps } = ledger
  const rows = classify(state, laps)
  const row = rows.find(row => row.bib === bib)
  if (!row) return undefined
  const results = new Map(lapResults(state, laps).map(result => [result.bib, result]))
  const { rank, tied, status } = row
  const changes = changesOf(ledger, bib)
  return {
    raceId: state.race.raceId,
    bib,
    rank,
    tied,
    status,
    rule: changes.some(({ kind }) => kind === 'order')
      ? `${ruleOf(state.race)} ${PHOTO}`
      : ruleOf(state.race),
    decides: around(rows, row).map(({ bib, rank, value }) => {
      const made = results.get(bib)?.made ?? []
      return { bib, rank, value, laps: made.map(({ id }) => id) }
    }),
    laps: timedRuns(ledger)
      .flatMap(run => run.laps)
      .filter(lap => lap.bib === bib)
      .sort((a, b) => a.at - b.at || a.lap - b.lap || (a.lapId < b.lapId ? -1 : 1)),
    changes
  }
}

/** The row, those that share its place, and the ones next to them; a row without a place stands for itself. */
function around(rows: Row[], row: Row): Row[] {
  if (row.rank === null) return [row]
  const first = rows.findIndex(({ rank }) => rank === row.rank)
  const last = rows.findLastIndex(({ rank }) => rank === row.rank)
  return rows.slice(Math.max(0, first - 1), last + 2).filter(({ rank }) => rank !== null)
}

/** What was decided about a competitor, or about a run, lap or reset that counts for it; what was known first is first. */
function changesOf({ state, facts }: Ledger, bib: number): Fact[] {
  const own = (fact: { bib: number }) => countsFor(state, fact.bib) === bib
  const subjects = new Set(
    factsOf(facts, 'run', 'lap', 'reset')
      .filter(own)
      .map(({ id }) => id)
  )
  let wasWithdrawn = false
  const changed = facts.filter(fact => {
    switch (fact.kind) {
      case 'correct':
        return subjects.has(fact.lapId)
      case 'retract':
      case 'restore':
        return subjects.has(fact.of)
      case 'lap':
      case 'run':
        // One that is told with a reason, as a lap that was missed or a run too many.
        return own(fact) && fact.reason !== undefined
      case 'status':
      case 'judge':
        return fact.bib === bib
      case 'order':
        return fact.bibs.includes(bib)
      case 'merge':
        return fact.bib === bib || fact.from === bib
      case 'withdraw':
        wasWithdrawn ||= fact.bib === bib
        return fact.bib === bib
      case 'enter':
        return fact.bib === bib && wasWithdrawn
      default:
        return false
    }
  })
  return changed.sort((a, b) => knownAt(a) - knownAt(b))
}

const PHOTO = 'Where a photo finish was judged, equals stand in its order.'

function ruleOf({ format, ties }: Race): string {
  switch (format.kind) {
    case 'fastestLap':
      return `Fastest valid lap. ${tieRule(ties, 'Equal laps')}`
    case 'averageLap':
      return `Best sum of ${format.laps} valid laps in a row within one run. ${tieRule(ties, 'Equal sums')}`
    case 'mostLaps':
      return `Most valid laps, and of as many the earlier last one. ${tieRule(ties, 'Equals in both', false)}`
    case 'ride':
    case 'game':
      // No ledger makes a state of these.
      return ''
  }
}

/** `byTotal`: equals stand by the sum of all their laps. */
function tieRule(ties: Ties, equal: string, byTotal = true): string {
  switch (ties) {
    case 'competition':
      return `${equal} share the place, and as many places after it stay empty.`
    case 'dense':
      return `${equal} share the place, and the next place follows.`
    case 'ordinal':
      return `${equal} never share a place: ${byTotal ? 'the better sum of all valid laps is first, then who was there first, then' : 'first is'} the lower number.`
  }
}
