import type { Race, Row } from '#contract'
import type { Reading } from '#race/readings'
import { FLAG, GUN } from './races.ts'

type Best = {
  value: number
  at: number
  count: number
  lives: number
  shots: number
  level: number
}

/** Whether a reading counts, by the rules as the architecture states them. */
function counts(race: Race, { t, enqueued, seq }: Reading): number | undefined {
  if (t - enqueued > 15 * 60_000) return undefined
  const time = Math.min(t, enqueued)
  if (time < GUN || time > FLAG || enqueued > FLAG + race.timetable.backlogMs) return undefined
  const { format } = race
  const secondsRaced = Math.floor((time - GUN) / 1_000)
  const isOutput = format.kind === 'ride' && format.metric === 'output'
  return isOutput && seq > secondsRaced + 2 ? undefined : time - GUN
}

/** The final rows of a ride or game, from nothing but maps and sorting. */
export function expectedRows(race: Race, readings: Reading[]): Row[] {
  const { format } = race
  const seen = new Map<string, Reading & { at: number }>()
  for (const reading of readings) {
    const at = counts(race, reading)
    if (at === undefined) continue
    seen.set(`${reading.bib}/${reading.session}/${reading.seq}`, { ...reading, at })
  }
  const bests = new Map<number, Best>()
  for (const [bib, own] of Map.groupBy(seen.values(), ({ bib }) => bib)) {
    bests.set(bib, bestOf(race, own))
  }
  const order = (a: Best, b: Best) =>
    b.value - a.value || (format.kind === 'game' ? b.lives - a.lives || a.shots - b.shots : 0)
  const sorted = [...bests].sort(
    ([bibA, a], [bibB, b]) => order(a, b) || a.at - b.at || bibA - bibB
  )
  const gapOf = expectedGap(race, [...seen.values()], sorted[0]?.[1])
  return sorted.map(([bib, best], index) => {
    const equals = sorted.filter(([, other]) => order(other, best) === 0)
    const gap = gapOf(best)
    return {
      bib,
      rank: 1 + sorted.filter(([, other]) => order(other, best) < 0).length,
      tied: equals.length > 1,
      status: 'finished',
      value: best.value,
      at: best.at,
      gap,
      interval: index === 0 ? null : gap - gapOf(sorted[index - 1]![1]),
      lapsDown: 0,
      laps: best.count,
      last: null,
      ...(format.kind === 'game'
        ? { game: { level: best.level, lives: best.lives, shots: best.shots } }
        : {})
    }
  })
}

function bestOf({ format }: Race, own: (Reading & { at: number })[]): Best {
  const plain = { lives: 0, shots: 0, level: 0, count: own.length }
  if (format.kind === 'ride' && format.metric === 'output') {
    const value = own.reduce((sum, { figures }) => sum + ride(figures).output, 0)
    return { ...plain, value, at: Math.max(...own.map(({ at }) => at)) }
  }
  if (format.kind === 'ride') {
    const { metric } = format
    const value = Math.max(...own.map(({ figures }) => ride(figures)[metric]))
    const there = own.filter(({ figures }) => ride(figures)[metric] === value)
    return { ...plain, value, at: Math.min(...there.map(({ at }) => at)) }
  }
  const [first] = own
    .map(({ figures, at }) => ({ ...game(figures), at }))
    .sort(
      (a, b) =>
        b.score - a.score ||
        b.at - a.at ||
        b.lives - a.lives ||
        a.shots - b.shots ||
        b.level - a.level
    )
  const { score, lives, shots, level } = first!
  const there = own.filter(({ figures }) => game(figures).score === score)
  const at = Math.min(...there.map(reading => reading.at))
  return { value: score, at, lives, shots, level, count: own.length }
}

/** How long before the leader's value the front of the field, second by second, was at this one; points to the leader otherwise. */
function expectedGap(
  { format }: Race,
  seen: (Reading & { at: number })[],
  leader: Best | undefined
): (best: Best) => number {
  if (format.kind !== 'ride' || format.metric === 'output') {
    return best => leader!.value - best.value
  }
  const { metric } = format
  const points = seen.map(({ figures, at }) => ({ value: ride(figures)[metric], at }))
  const front = [{ value: 0, at: 0 }]
  for (const own of Map.groupBy(
    points.sort((a, b) => a.at - b.at),
    ({ at }) => Math.floor(at / 1_000)
  ).values()) {
    const value = Math.max(...own.map(point => point.value))
    if (value > front.at(-1)!.value) front.push(own.find(point => point.value === value)!)
  }
  const passed = ({ value }: Best) => {
    const beyond = front.findIndex(point => point.value > value)
    if (beyond < 0) return front.at(-1)!.at
    const a = front[beyond - 1]!
    const b = front[beyond]!
    return Math.round(a.at + ((value - a.value) / (b.value - a.value)) * (b.at - a.at))
  }
  return best => passed(leader!) - passed(best)
}

const ride = (figures: Reading['figures']) => {
  if (figures.kind !== 'ride') throw new Error('not a ride')
  return figures
}

const game = (figures: Reading['figures']) => {
  if (figures.kind !== 'game') throw new Error('not a game')
  return figures
}
