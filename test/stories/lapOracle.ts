import type { Fact, FactOf, LapLine, Race, Racing, Row } from '#contract'
import { FLAG, GUN } from './races.ts'

type Lap = Omit<LapLine, 'runId'> & { run: string }
type Sheet = { bib: number; value: number | null; at: number; total: number; row: Partial<Row> }

const of = <K extends Fact['kind']>(facts: Fact[], kind: K) =>
  facts.filter((fact): fact is FactOf<K> => fact.kind === kind)
const first = <T extends { at: number; id: string }>(facts: T[]): T =>
  facts.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))[0]!
const latest = <T extends { at: number; id: string }>(facts: T[]): T | undefined =>
  facts.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1)

/** Whether the last word on a bib's place on the start list is that it has none. */
const isGone = (facts: Fact[], bib: number) =>
  latest([...of(facts, 'enter'), ...of(facts, 'withdraw')].filter(fact => fact.bib === bib))
    ?.kind === 'withdraw'

const bibsOf = (race: Race, facts: Fact[]) => {
  const told = [...of(facts, 'enter'), ...of(facts, 'run'), ...shownLaps(race, facts)]
  return new Set(told.map(({ bib }) => bib).filter(bib => !isGone(facts, bib)))
}

/** Every bib's laps, bib 1 first, up to the highest bib that the race knows. */
export function expectedLaps(race: Race, facts: Fact[]): LapLine[][] {
  const highest = Math.max(0, ...bibsOf(race, facts))
  return Array.from({ length: highest }, (_, i) =>
    lapsOf(race, facts, i + 1).map(({ run, at, ...lap }) => ({ ...lap, runId: run, at: at - GUN }))
  )
}

/** Runs that nobody ended, the earliest begun first. */
export function expectedRacing(race: Race, facts: Fact[]): Racing[] {
  const ended = of(facts, 'runEnd').map(({ runId }) => runId)
  const begun = Map.groupBy(of(facts, 'run'), ({ runId }) => runId)
  return [...begun]
    .filter(([runId, [begin]]) => !ended.includes(runId) && !isGone(facts, begin!.bib))
    .map(([runId, begins]) => {
      const { bib, at, deviceId = null } = first(begins)
      const laps = lapsOf(race, facts, bib).filter(({ run }) => run === runId)
      const last = laps.at(-1)
      const times = laps.filter(({ valid }) => valid).map(({ ms }) => ms)
      return {
        runId,
        bib,
        deviceId,
        since: at,
        laps: laps.length,
        last: last ? { ms: last.ms, valid: last.valid } : null,
        best: times.toSorted((a, b) => a - b)[0] ?? null,
        resets: resetsBetween(facts, runId, lastOf(shownLaps(race, facts), runId), Infinity),
        allowedResets: race.allowedResets ?? null
      }
    })
    .sort((a, b) => a.since - b.since || (a.runId < b.runId ? -1 : 1))
}

/** The provisional rows of a lap format with competition ties, from nothing but the list of facts. */
export function expectedLapRows(race: Race, facts: Fact[]): Row[] {
  const sheets = [...bibsOf(race, facts)].map(bib => sheetOf(race, facts, bib))
  const ranked = sheets
    .filter(({ value, row }) => value !== null && row.status === 'finished')
    .sort((a, b) => before(race, a, b) || a.total - b.total || a.at - b.at || a.bib - b.bib)
  const below = ['nc', 'dnf', 'dns', 'dsq']
  const others = sheets
    .filter(sheet => !ranked.includes(sheet))
    .sort(
      (a, b) =>
        below.indexOf(a.row.status!) - below.indexOf(b.row.status!) ||
        (b.value ?? 0) - (a.value ?? 0) ||
        b.row.laps! - a.row.laps! ||
        a.bib - b.bib
    )
  const leader = ranked[0]
  const gapOf = (sheet: Sheet) =>
    race.format.kind !== 'mostLaps'
      ? sheet.value! - leader!.value!
      : sheet.value === leader!.value
        ? sheet.at - leader!.at
        : null
  const place = (sheet: Sheet, index: number): Partial<Row> => {
    const gap = gapOf(sheet)
    const ahead = index > 0 ? gapOf(ranked[index - 1]!) : null
    return {
      rank: 1 + ranked.filter(other => before(race, other, sheet) < 0).length,
      tied: ranked.filter(other => before(race, other, sheet) === 0).length > 1,
      gap,
      interval: gap === null || ahead === null ? null : gap - ahead,
      lapsDown: race.format.kind === 'mostLaps' ? leader!.value! - sheet.value! : 0
    }
  }
  const unplaced = { rank: null, tied: false, gap: null, interval: null, lapsDown: 0 }
  return [
    ...ranked.map((sheet, index) => ({ ...sheet.row, ...place(sheet, index) })),
    ...others.map(({ row }) => ({ ...row, ...unplaced }))
  ] as Row[]
}

function before({ format }: Race, a: Sheet, b: Sheet): number {
  return format.kind === 'mostLaps' ? b.value! - a.value! || a.at - b.at : a.value! - b.value!
}

function sheetOf(race: Race, facts: Fact[], bib: number): Sheet {
  const laps = lapsOf(race, facts, bib)
  const valid = laps.filter(lap => lap.valid)
  const scored = scoreOf(race, laps)
  const decided = latest(of(facts, 'status').filter(fact => fact.bib === bib))?.status ?? 'running'
  const onTrack = laps.length > 0 || of(facts, 'run').some(run => run.bib === bib)
  const status = decided !== 'running' ? decided : scored ? 'finished' : onTrack ? 'nc' : 'dns'
  const last = laps.at(-1)
  const value = scored?.value ?? null
  const at = scored ? scored.at - GUN : null
  const row: Partial<Row> = {
    bib,
    status,
    value,
    at,
    laps: valid.length,
    last: last ? { ms: last.ms, valid: last.valid } : null
  }
  const total = race.format.kind === 'mostLaps' ? 0 : valid.reduce((sum, { ms }) => sum + ms, 0)
  return { bib, value, at: at ?? 0, total, row }
}

/** Every lap that the board may show, told by a machine that the race listens to, by hand, or let in by a decision. */
function shownLaps({ timedBy }: Race, facts: Fact[]): FactOf<'lap'>[] {
  const all = of(facts, 'lap')
  const sensed = new Set(all.filter(lap => lap.source === 'sensor').map(({ runId }) => runId))
  return all.filter(({ id, source, runId }) => {
    if (source === 'hand' || verdict(facts, id)?.valid) return true
    const machine = timedBy === 'sensor' && sensed.has(runId) ? 'sensor' : 'telemetry'
    return source === machine
  })
}

const verdict = (facts: Fact[], id: string) =>
  latest(of(facts, 'correct').filter(({ lapId }) => lapId === id))

/** How often a run's car was put back after one instant, up to and with another. */
const resetsBetween = (facts: Fact[], run: string, from: number, to: number) =>
  of(facts, 'reset').filter(({ runId, at }) => runId === run && at > from && at <= to).length

const lastOf = (laps: FactOf<'lap'>[], run: string) =>
  Math.max(-Infinity, ...laps.filter(({ runId }) => runId === run).map(({ at }) => at))

/** Whether nothing was wrong with a lap, by what was seen of it: a sensor's by the nearest that was seen by telemetry. */
function isClean(race: Race, facts: Fact[], lap: FactOf<'lap'>): boolean {
  if (!lap.valid || lap.lapMs < race.minLapMs) return false
  if (lap.source !== 'sensor') return true
  let seen: FactOf<'lap'> | undefined
  for (const other of inOrder(of(facts, 'lap'))) {
    if (other.source !== 'telemetry' || other.runId !== lap.runId) continue
    const apart = Math.abs(other.at - lap.at)
    if (apart * 2 > lap.lapMs) continue
    if (!seen || apart < Math.abs(seen.at - lap.at)) seen = other
  }
  return !seen || (verdict(facts, seen.id)?.valid ?? isClean(race, facts, seen))
}

const inOrder = (laps: FactOf<'lap'>[]) =>
  laps.toSorted((a, b) => a.at - b.at || a.lap - b.lap || (a.id < b.id ? -1 : 1))

function lapsOf(race: Race, facts: Fact[], bib: number): Lap[] {
  const shown = inOrder(shownLaps(race, facts))
  return shown.flatMap(fact => {
    if (fact.bib !== bib || isGone(facts, bib)) return []
    const { id, at, lap, lapMs, runId, source } = fact
    const run = shown.filter(other => other.runId === runId)
    // Of laps that are complete at one instant the first has what happened before.
    const isFirst = run.find(other => other.at === at) === fact
    const before = lastOf(
      run.filter(other => other.at < at),
      runId
    )
    const resets = isFirst ? resetsBetween(facts, runId, before, at) : 0
    const tooOften = race.allowedResets !== undefined && resets > race.allowedResets
    const put = verdict(facts, id)
    const valid = put ? put.valid : isClean(race, facts, fact) && !tooOften
    const ms = put?.lapMs ?? lapMs
    return [{ ms, at, lap, run: runId, source, resets, valid: valid && at - lapMs <= FLAG }]
  })
}

function scoreOf({ format }: Race, laps: Lap[]): { value: number; at: number } | undefined {
  const valid = laps.filter(lap => lap.valid)
  if (format.kind === 'mostLaps') {
    return valid.length ? { value: valid.length, at: valid.at(-1)!.at } : undefined
  }
  const length = format.kind === 'averageLap' ? format.laps : 1
  const windows = laps.flatMap((_, i) => {
    const chain = laps.slice(i, i + length)
    const whole =
      chain.length === length &&
      chain.every(
        (lap, k) => lap.valid && lap.run === chain[0]!.run && lap.lap === chain[0]!.lap + k
      )
    return whole
      ? [{ value: chain.reduce((sum, { ms }) => sum + ms, 0), at: chain.at(-1)!.at }]
      : []
  })
  return windows.toSorted((a, b) => a.value - b.value || a.at - b.at)[0]
}
