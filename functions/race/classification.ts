import type { Format, Row, Status } from '#contract'
import { riders, unpackGame } from './columns.ts'
import { FRONT_MAX_SECONDS, passing } from './front.ts'
import { countedFront, countedOf, heldOf } from './heldValues.ts'
import { type JudgedLaps, judgedLaps } from './judgedLaps.ts'
import { lapResults } from './lapResults.ts'
import { gapIsTime, isTimedByLaps } from './metric.ts'
import { photoFinish } from './photoFinish.ts'
import { places } from './places.ts'
import { enteredBibs, isOff } from './startList.ts'
import type { RaceState } from './state.ts'

/** A competitor before places are given. */
type Entry = Omit<Row, 'rank' | 'tied' | 'gap' | 'interval' | 'lapsDown'> & {
  /** Sum of valid laps: order of rows inside a tie of lap formats. */
  total: number
  /** The second word of a game's score. */
  detail: number
}

/** Non-finishers stand below the ranked in this order, then by progress. */
const BELOW: Status[] = ['running', 'scheduled', 'finished', 'nc', 'dnf', 'dns', 'dsq']

/**
 * The classification as the closed windows and facts have it: everyone's row in board order.
 * The same code makes the live board and the final. `laps` are the race's, where the caller has judged them already.
 */
export function classify(state: RaceState, laps?: JudgedLaps): Row[] {
  const { format, ties } = state.race
  const entries = isTimedByLaps(format)
    ? lapEntries(state, laps ?? judgedLaps(state))
    : riderEntries(state)
  const ranked = entries.filter(entry => entry.value !== null && isRanked(entry.status))
  const others = entries.filter(entry => entry.value === null || !isRanked(entry.status))
  const order = (a: Entry, b: Entry) => orderOf(format, a, b)
  sortRanked(ranked, format)
  const decided = photoFinish(state, ranked, order)
  const given = places(ranked, (a, b) => order(a, b) === 0 && !decided.has(a.bib), ties)
  const gapOf = gaps(state, ranked)
  let ahead: number | null = null
  const rows: Row[] = ranked.map((entry, index) => {
    const { gap, lapsDown } = gapOf(entry)
    const interval = index > 0 && gap !== null && ahead !== null ? gap - ahead : null
    ahead = gap
    return row(entry, given[index]!, {
      gap,
      interval,
      lapsDown
    })
  })
  others.sort(
    (a, b) =>
      BELOW.indexOf(a.status) - BELOW.indexOf(b.status) ||
      (b.value ?? 0) - (a.value ?? 0) ||
      b.laps - a.laps ||
      a.bib - b.bib
  )
  for (const entry of others) {
    rows.push(row(entry, { rank: null, tied: false }, { gap: null, interval: null, lapsDown: 0 }))
  }
  return rows
}

const isRanked = (status: Status) => status === 'running' || status === 'finished'

const row = (
  { bib, status, value, at, laps, last, proxy, held, game }: Entry,
  place: { rank: number | null; tied: boolean },
  distance: { gap: number | null; interval: number | null; lapsDown: number }
): Row => ({
  bib,
  ...place,
  status,
  value,
  at,
  ...distance,
  laps,
  last,
  ...(proxy ? { proxy } : {}),
  ...(held === undefined ? {} : { held }),
  ...(game ? { game } : {})
})

/** Less than zero when `a` is placed before `b`, zero when they earn the same place. */
function orderOf(format: Format, a: Entry, b: Entry): number {
  switch (format.kind) {
    case 'fastestLap':
    case 'averageLap':
      return a.value! - b.value!
    case 'mostLaps':
      return b.value! - a.value! || a.at! - b.at!
    case 'ride':
      return b.value! - a.value!
    case 'game':
      // Lives, then shots: the level in the last byte does not rank.
      return b.value! - a.value! || (b.detail >>> 8) - (a.detail >>> 8)
  }
}

/** Inside a tie rows keep still: the better total of laps, then who was there first, then the bib. */
function sortRanked(entries: Entry[], format: Format): void {
  const byTotal = format.kind === 'fastestLap' || format.kind === 'averageLap'
  entries.sort(
    (a, b) =>
      orderOf(format, a, b) || (byTotal ? a.total - b.total : 0) || a.at! - b.at! || a.bib - b.bib
  )
}

/** Each ranked entry's distance to the leader in the format's unit. */
function gaps(
  state: RaceState,
  ranked: Entry[]
): (entry: Entry) => { gap: number | null; lapsDown: number } {
  const { format } = state.race
  const leader = ranked[0]
  if (!leader) return () => ({ gap: null, lapsDown: 0 })
  if (gapIsTime(format)) {
    if (leader.at! >= FRONT_MAX_SECONDS * 1_000) {
      return entry => ({ gap: entry === leader ? 0 : null, lapsDown: 0 })
    }
    // How long before the leader's value the front was at this one: in the order of places, whenever each was measured.
    const passed = passing(countedFront(state))
    const here = passed(leader.value!)
    return entry => ({ gap: here - passed(entry.value!), lapsDown: 0 })
  }
  if (format.kind === 'mostLaps') {
    return entry => {
      const lapsDown = leader.value! - entry.value!
      return { gap: lapsDown ? null : entry.at! - leader.at!, lapsDown }
    }
  }
  return entry => ({ gap: Math.abs(entry.value! - leader.value!), lapsDown: 0 })
}

function riderEntries(state: RaceState): Entry[] {
  const { columns } = state
  const entries: Entry[] = []
  const entered = new Set(enteredBibs(state))
  for (let bib = 1; bib <= riders(columns); bib++) {
    const known = columns.count[bib - 1]! > 0 || state.heldBack.has(bib)
    if (isOff(state, bib) || !(known || entered.has(bib))) continue
    entries.push(riderEntry(state, bib, known))
  }
  for (const bib of entered) {
    if (bib <= riders(columns)) continue
    const status = statusOf(state, bib, false, false)
    entries.push({ bib, status, value: null, at: null, laps: 0, last: null, total: 0, detail: 0 })
  }
  return entries
}

function riderEntry(state: RaceState, bib: number, known: boolean): Entry {
  const counted = countedOf(state, bib)
  const held = heldOf(state, bib)
  const { value, at, detail } = counted ?? { value: null, at: null, detail: 0 }
  return {
    bib,
    status: statusOf(state, bib, known, value !== null),
    value,
    at,
    laps: state.columns.count[bib - 1]!,
    last: null,
    total: 0,
    detail,
    ...(held === undefined ? {} : { held }),
    ...(counted && state.race.format.kind === 'game' ? { game: unpackGame(detail) } : {})
  }
}

function lapEntries(state: RaceState, laps: JudgedLaps): Entry[] {
  const onTrack = new Set([...laps.runs.values()].map(({ bib }) => bib))
  return lapResults(state, laps).map(({ made, ...result }) => ({
    ...result,
    detail: 0,
    status: statusOf(
      state,
      result.bib,
      onTrack.has(result.bib) || result.last !== null,
      result.value !== null
    ),
    ...(made.some(({ runId }) => laps.runs.get(runId)?.proxy) ? { proxy: true } : {})
  }))
}

/** A decision holds; else the phase and what the competitor has done say it. */
function statusOf(state: RaceState, bib: number, started: boolean, scored: boolean): Status {
  const decision = state.decisions.get(bib)
  if (decision && decision.status !== 'running') return decision.status
  const final = state.phase === 'provisional' || state.phase === 'official'
  if (!final) return started ? 'running' : 'scheduled'
  if (scored) return 'finished'
  return started ? 'nc' : 'dns'
}
