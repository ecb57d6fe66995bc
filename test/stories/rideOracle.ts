import type { Race, Row } from '#contract'
import type { Reading } from '#race/readings'
import { FLAG, GUN } from './races.ts'

/** What the rules need to know of a race, and when it was, in ms since 1970: a story's own time unless told. */
type Raced = Pick<Race, 'format'> & { timetable: Pick<Race['timetable'], 'backlogMs'> }
type Times = { gun: number; flag: number }

type Seen = Reading & { at: number }
type Best = {
  bib: number
  value: number
  at: number
  count: number
  lives: number
  shots: number
  level: number
  held: number | undefined
}
/** What was judged last of what was held for a bib. */
export type Judged = { value: number; accepted: boolean }

/** Whether a reading counts, by the rules as the architecture states them. */
function counts(
  race: Raced,
  { t, enqueued, seq }: Reading,
  { gun, flag }: Times
): number | undefined {
  if (t - enqueued > 15 * 60_000) return undefined
  const time = Math.min(t, enqueued)
  if (time < gun || time > flag || enqueued > flag + race.timetable.backlogMs) return undefined
  const { format } = race
  const secondsRaced = Math.floor((time - gun) / 1_000)
  const isOutput = format.kind === 'ride' && format.metric === 'output'
  return isOutput && seq > secondsRaced + 2 ? undefined : time - gun
}

/** Whether legs or game can have given it: 30 m/s and 2,500 W at most, 300 points a shot and ten shots a second, from two seconds before the gun. */
function isPossible({ format }: Raced, { figures, at }: Seen): boolean {
  const seconds = at / 1_000 + 2
  if (figures.kind === 'game') {
    return figures.score <= figures.shots * 300 && figures.shots <= seconds * 10
  }
  if (format.kind !== 'ride' || format.metric === 'output') return true
  return format.metric === 'distance'
    ? figures.distance / 1_000 <= seconds * 30
    : figures.work <= seconds * 2_500
}

/** The final rows of a ride or game, from nothing but maps and sorting. */
export function expectedRows(
  race: Raced,
  readings: Reading[],
  judged = new Map<number, Judged>(),
  times: Times = { gun: GUN, flag: FLAG }
): Row[] {
  const { format } = race
  const seen = new Map<string, Seen>()
  for (const reading of readings) {
    const at = counts(race, reading, times)
    if (at === undefined) continue
    seen.set(`${reading.bib}/${reading.session}/${reading.seq}`, { ...reading, at })
  }
  const points = [...seen.values()]
    .filter(reading => isPossible(race, reading))
    .map(reading => ({ value: metricOf(race, reading), at: reading.at }))
  const bests: Best[] = []
  const unranked: Row[] = []
  for (const [bib, own] of Map.groupBy(seen.values(), ({ bib }) => bib)) {
    const sure = own.filter(reading => isPossible(race, reading))
    const held = own.filter(reading => !isPossible(race, reading))
    const best = sure.length ? bestOf(race, sure) : undefined
    const most = held.length ? bestOf(race, held) : undefined
    const { value = -1, accepted = false } = judged.get(bib) ?? {}
    const isOpen = most !== undefined && most.value > value && most.value > (best?.value ?? -1)
    const count = sure.length
    const taken = most && accepted ? { ...most, value: Math.min(most.value, value) } : undefined
    if (taken) points.push(taken)
    const counted = taken && taken.value > (best?.value ?? -1) ? taken : best
    if (counted) bests.push({ ...counted, bib, count, held: isOpen ? most.value : undefined })
    else unranked.push({ ...UNRANKED, bib, ...(isOpen ? { held: most.value } : {}) })
  }
  const order = (a: Best, b: Best) =>
    b.value - a.value || (format.kind === 'game' ? b.lives - a.lives || a.shots - b.shots : 0)
  const sorted = bests.sort((a, b) => order(a, b) || a.at - b.at || a.bib - b.bib)
  const gapOf = expectedGap(race, points, sorted[0])
  const ranked = sorted.map((best, index): Row => {
    const equals = sorted.filter(other => order(other, best) === 0)
    const gap = gapOf(best)
    return {
      bib: best.bib,
      rank: 1 + sorted.filter(other => order(other, best) < 0).length,
      tied: equals.length > 1,
      status: 'finished',
      value: best.value,
      at: best.at,
      gap,
      interval: index === 0 ? null : gap - gapOf(sorted[index - 1]!),
      lapsDown: 0,
      laps: best.count,
      last: null,
      ...(best.held === undefined ? {} : { held: best.held }),
      ...(format.kind === 'game'
        ? { game: { level: best.level, lives: best.lives, shots: best.shots } }
        : {})
    }
  })
  return [...ranked, ...unranked.sort((a, b) => a.bib - b.bib)]
}

/** Who started, and gave nothing that counts. */
const UNRANKED = {
  ...{ rank: null, tied: false, status: 'nc', value: null, at: null, gap: null, interval: null },
  ...{ lapsDown: 0, laps: 0, last: null }
} satisfies Partial<Row>

const metricOf = ({ format }: Raced, { figures }: Seen): number => {
  if (format.kind === 'game') return game(figures).score
  if (format.kind !== 'ride') throw new Error('laps')
  return ride(figures)[format.metric]
}

function bestOf(race: Raced, own: Seen[]): Omit<Best, 'bib' | 'count' | 'held'> {
  const { format } = race
  const plain = { lives: 0, shots: 0, level: 0 }
  if (format.kind === 'ride' && format.metric === 'output') {
    const value = own.reduce((sum, { figures }) => sum + ride(figures).output, 0)
    return { ...plain, value, at: Math.max(...own.map(({ at }) => at)) }
  }
  const value = Math.max(...own.map(reading => metricOf(race, reading)))
  const there = own.filter(reading => metricOf(race, reading) === value)
  const at = Math.min(...there.map(reading => reading.at))
  if (format.kind === 'ride') return { ...plain, value, at }
  // Each trial as it was last with that score; of these the one that ranks best.
  const stands = there.map(({ figures, at }) => ({ ...game(figures), at }))
  const better = (a: (typeof stands)[0], b: (typeof stands)[0]) =>
    b.lives - a.lives || a.shots - b.shots || b.level - a.level
  const [best] = [...Map.groupBy(stands, ({ trial }) => trial).values()]
    .map(trial => trial.sort((a, b) => b.at - a.at || better(a, b))[0]!)
    .sort(better)
  const { lives, shots, level } = best!
  return { value, at, lives, shots, level }
}

/** How long before the leader's value the front of the field, second by second, was at this one; points to the leader otherwise. */
function expectedGap(
  { format }: Raced,
  points: { value: number; at: number }[],
  leader: Best | undefined
): (best: { value: number }) => number {
  if (format.kind !== 'ride' || format.metric === 'output') {
    return best => leader!.value - best.value
  }
  const front = [{ value: 0, at: 0 }]
  for (const own of Map.groupBy(
    points.sort((a, b) => a.at - b.at),
    ({ at }) => Math.floor(at / 1_000)
  ).values()) {
    const value = Math.max(...own.map(point => point.value))
    if (value > front.at(-1)!.value) front.push(own.find(point => point.value === value)!)
  }
  const passed = ({ value }: { value: number }) => {
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
