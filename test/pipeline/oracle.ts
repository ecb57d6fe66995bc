import type { Format, GameReading, RideReading, Row } from '#contract'
import type { Reading } from '#race/readings'
import type { FieldAccount, PersonAccount, RideAccount } from '../simulators/account.ts'
import { expectedRows } from '../stories/rideOracle.ts'

/** What a rider should have been given, from what the gateway acknowledged. */
export type Expected = { bib: number; value: number; laps: number }

/** The final by plain sums over the acknowledged readings, each once: nothing of the product's own rules. */
export function expectedFinal(
  account: RideAccount,
  format: Extract<Format, { kind: 'ride' }>,
  { startsAt, endsAt }: { startsAt: number; endsAt: number }
): Expected[] {
  const expected = account.riders.flatMap(rider => {
    const once = new Map(rider.acknowledged.map(reading => [reading.seq, reading]))
    const counted = [...once.values()].filter(({ t }) => t >= startsAt && t <= endsAt)
    if (!counted.length) return []
    const value =
      format.metric === 'output'
        ? counted.reduce((sum, r) => sum + (r.cadence + 35) * (r.resistance + 65), 0)
        : counted.reduce((most, r) => Math.max(most, r[format.metric as 'distance' | 'work']), 0)
    return [{ bib: rider.bib, value, laps: counted.length }]
  })
  return expected.sort((a, b) => a.bib - b.bib)
}

/** The same columns of a final as stored. */
export const columnsOf = (rows: Row[]): Expected[] =>
  rows
    .filter(row => row.value !== null)
    .map(({ bib, value, laps }) => ({ bib, value: value ?? 0, laps }))
    .sort((a, b) => a.bib - b.bib)

/** A field's race as its own devices know it; instants in ms since 1970. */
export type Raced = { format: Format; startsAt: number; endsAt: number; backlogMs: number }

/** A final against what follows from what was acknowledged. Counts are readings. */
export type Judgement = {
  /** Acknowledged without repetitions, and those of them that the rules count. */
  distinct: number
  due: number
  /** What the final has counted, and how it differs from what was due. */
  counted: number
  lost: number
  double: number
  /** Competitors left out of the comparison: whether their last request arrived is unknown. */
  unknown: number
  /** Everything else that is not as it should be, a sentence each. */
  wrong: string[]
}

type Named = Row & { name: string }

/** Compares every figure of everybody's row, and the order of the rows, with what follows from the acknowledgements. */
export function judgeFinal(account: FieldAccount, raced: Raced, rows: Named[]): Judgement {
  const { format, backlogMs, startsAt: gun, endsAt: flag } = raced
  const readings = account.riders.flatMap(readingsOf)
  const race = { format, timetable: { backlogMs } }
  const expected = expectedRows(race, readings, undefined, { gun, flag })
  const due = new Map(expected.map(row => [row.bib, row]))
  const got = new Map(rows.map(row => [row.bib, row]))
  const nicknames = new Map(account.riders.map(rider => [rider.bib, rider.nickname]))
  const unknown = new Set(
    account.riders.filter(rider => rider.unanswered.length > 0).map(({ bib }) => bib)
  )
  const distinct = new Set(readings.map(({ bib, session, seq }) => `${bib}/${session}/${seq}`))
  const sum = { distinct: distinct.size, due: 0, counted: 0, lost: 0, double: 0 }
  const wrong: string[] = []
  for (const bib of new Set([...due.keys(), ...got.keys()])) {
    if (unknown.has(bib)) continue
    const [want, has] = [due.get(bib), got.get(bib)]
    sum.due += want?.laps ?? 0
    sum.counted += has?.laps ?? 0
    sum.lost += Math.max(0, (want?.laps ?? 0) - (has?.laps ?? 0))
    sum.double += Math.max(0, (has?.laps ?? 0) - (want?.laps ?? 0))
    if (!want || !has) wrong.push(`bib ${bib} ${want ? 'is missing' : 'has no business there'}`)
    else wrong.push(...differences(want, has, nicknames.get(bib), unknown.size > 0))
  }
  const order = (list: Row[]) => list.map(({ bib }) => bib).join()
  if (unknown.size === 0 && order(rows) !== order(expected)) wrong.push('the order is another one')
  return { ...sum, unknown: unknown.size, wrong }
}

/** What is relative to others says nothing while somebody's value is unknown. */
const RELATIVE = new Set<string>(['rank', 'tied', 'gap', 'interval'])

function differences(
  want: Row,
  { name, ...has }: Named,
  nickname: string | undefined,
  isPartial: boolean
): string[] {
  const said: string[] = name === nickname ? [] : [`bib ${want.bib}: name ${name}, not ${nickname}`]
  for (const key of Object.keys({ ...want, ...has }) as (keyof Row)[]) {
    if (OUTSIDE.has(key) || (isPartial && RELATIVE.has(key))) continue
    const [due, got] = [JSON.stringify(want[key]), JSON.stringify(has[key])]
    if (due !== got) said.push(`bib ${want.bib}: ${key} ${got}, not ${due}`)
  }
  return said
}

/** What results tell beside the row. */
const OUTSIDE = new Set<string>(['country', 'class'])

/** Readings as the hub had them: enqueued at their acknowledgement at the latest. */
const readingsOf = ({ bib, session, acknowledged, heardAt }: PersonAccount): Reading[] =>
  acknowledged.map((reading, i) => {
    const { seq, t } = reading
    return { bib, session, seq, t, enqueued: Math.ceil(heardAt[i]!), figures: figuresOf(reading) }
  })

const figuresOf = (reading: RideReading | GameReading): Reading['figures'] => {
  if ('score' in reading) {
    const { score, level, lives, shots, trial } = reading
    return { kind: 'game', score, level, lives, shots, trial }
  }
  const { distance, work, cadence, resistance } = reading
  return { kind: 'ride', distance, work, output: (cadence + 35) * (resistance + 65) }
}
