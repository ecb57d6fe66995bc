import type { Board, LapState } from '#contract'
import type { ShownLap, ShownRun } from './shownRun.ts'

/** How a lap stands, in one word: what the server judged, or what it will by the rules that are known here. */
export type Standing = 'valid' | 'notValid' | Exclude<LapState, 'counts' | 'invalid'>

export function standingOf({ state, resets }: ShownLap, allowed: number | null): Standing {
  if (state === 'counts') return 'valid'
  if (state === 'invalid') return 'notValid'
  if (state === 'valid' && allowed !== null && resets > allowed) return 'notValid'
  return state
}

/** What is to be read beside a lap that does not simply count. */
export function whyOf({ why, resets, state }: ShownLap, allowed: number | null): string {
  const tooMany = state === 'valid' && allowed !== null && resets > allowed
  return why || (tooMany ? `resets: ${resets} of ${allowed} allowed` : '')
}

const validOf = ({ laps }: ShownRun, allowed: number | null): ShownLap[] =>
  laps.filter(lap => standingOf(lap, allowed) === 'valid')

/** The run's best valid lap, the first of equals. */
export const bestOf = (run: ShownRun, allowed: number | null): ShownLap | undefined =>
  validOf(run, allowed).reduce<ShownLap | undefined>(
    (best, lap) => (best && best.ms <= lap.ms ? best : lap),
    undefined
  )

/** The best average of `n` valid laps in a row, in ms; a lap that is not valid breaks the row. */
export function averageOf(run: ShownRun, allowed: number | null, n: number): number | undefined {
  const standing = run.laps.filter(({ state }) => state !== 'retracted' && state !== 'superseded')
  const sums = standing.flatMap((_, from) => {
    const row = standing.slice(from, from + n)
    const whole = row.length === n && row.every(lap => standingOf(lap, allowed) === 'valid')
    return whole ? [row.reduce((sum, { ms }) => sum + ms, 0)] : []
  })
  return sums.length > 0 ? Math.trunc(Math.min(...sums) / n) : undefined
}

/** The place ahead and the time to beat for it; undefined for the leader, and where places go by something else than one lap. */
export function toBeat(
  board: Board | undefined,
  bib: number
): { place: number; ms: number } | undefined {
  if (board?.format.kind !== 'fastestLap') return undefined
  const ranked = board.top.filter(({ rank, value }) => rank !== null && value !== null)
  const own = ranked.findIndex(row => row.bib === bib)
  const ahead = own < 0 ? ranked.at(-1) : ranked[own - 1]
  if (own === 0 || !ahead) return undefined
  return { place: ahead.rank ?? 0, ms: ahead.value ?? 0 }
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th`. */
export function ordinal(n: number): string {
  const tens = n % 100
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}
