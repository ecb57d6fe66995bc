import type { Fact, FactOf, LapLine, LapSource, Race, Racing, Row, Validity } from '#contract'
import { clockAt, decidedFacts, first, isGone, latest, of } from './decidedFacts.ts'
import { FLAG, GUN } from './races.ts'

type Lap = Omit<LapLine, 'runId'> & { run: string }
type Sheet = { bib: number; value: number | null; at: number; total: number; row: Partial<Row> }

const bibsOf = (race: Race, facts: Fact[]) => {
  const told = [...of(facts, 'enter'), ...of(facts, 'run'), ...shownLaps(race, facts)]
  return new Set(told.map(({ bib }) => bib).filter(bib => !isGone(facts, bib)))
}

/** Every bib's laps, bib 1 first, up to the highest bib that the race knows. */
export function expectedLaps(race: Race, told: Fact[]): LapLine[][] {
  const facts = decidedFacts(told)
  const highest = Math.max(0, ...bibsOf(race, facts))
  return Array.from({ length: highest }, (_, i) =>
    lapsOf(race, facts, i + 1).map(({ run, at, ...lap }) => ({ ...lap, runId: run, at: at - GUN }))
  )
}

/** How far the provisional classification is confirmed. */
export function expectedValidity(race: Race, told: Fact[]): Validity {
  const settled = of(told, 'settle').map(settle => settle.of)
  const isSettled = of(told, 'protest').every(({ id }) => settled.includes(id))
  const isHeld = expectedLaps(race, told)
    .flat()
    .some(({ held }) => held)
  return isSettled && !isHeld ? 'provisional' : 'underReview'
}

/** Runs that nobody ended, the earliest begun first. */
export function expectedRacing(race: Race, told: Fact[]): Racing[] {
  const facts = decidedFacts(told)
  const ended = of(facts, 'runEnd').map(({ runId }) => runId)
  return of(facts, 'run')
    .filter(({ runId, bib }) => !ended.includes(runId) && !isGone(facts, bib))
    .map(run => {
      const { runId, bib, at, deviceId = null } = run
      const laps = lapsOf(race, facts, bib).filter(({ run }) => run === runId)
      const last = laps.at(-1)
      const times = laps.filter(({ valid }) => valid).map(({ ms }) => ms)
      const { pausedAt, pausedMs } = clockAt(facts, run, Infinity)
      return {
        runId,
        bib,
        deviceId,
        since: at,
        laps: laps.length,
        last: last ? { ms: last.ms, valid: last.valid } : null,
        best: times.toSorted((a, b) => a - b)[0] ?? null,
        resets: resetsBetween(facts, runId, lastOf(shownLaps(race, facts), runId), Infinity),
        allowedResets: race.allowedResets ?? null,
        pausedAt,
        pausedMs,
        runMs: race.runMs ?? null
      }
    })
    .sort((a, b) => a.since - b.since || (a.runId < b.runId ? -1 : 1))
}

/** The provisional rows of a lap format with competition ties, from nothing but the list of facts. */
export function expectedLapRows(race: Race, told: Fact[]): Row[] {
  const facts = decidedFacts(told)
  const sheets = [...bibsOf(race, facts)].map(bib => sheetOf(race, facts, bib))
  const finishers = sheets
    .filter(({ value, row }) => value !== null && row.status === 'finished')
    .sort((a, b) => before(race, a, b) || a.total - b.total || a.at - b.at || a.bib - b.bib)
  const equalsOf = (sheet: Sheet) => finishers.filter(other => before(race, other, sheet) === 0)
  const isFirstOfEquals = (sheet: Sheet) => equalsOf(sheet)[0] === sheet
  const placed = new Set<Sheet>()
  const ranked = finishers.filter(isFirstOfEquals).flatMap(sheet => {
    const equals = equalsOf(sheet)
    const ahead = photoFinished(facts, equals)
    for (const one of ahead) placed.add(one)
    return [...ahead, ...equals.filter(one => !ahead.includes(one))]
  })
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
    const equals = equalsOf(sheet)
    const better = ranked.filter(other => before(race, other, sheet) < 0).length
    const undecided = equals.filter(other => !placed.has(other)).length
    return {
      rank: placed.has(sheet) ? index + 1 : better + equals.length - undecided + 1,
      tied: !placed.has(sheet) && undecided > 1,
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

/** Of equals those whom photo finishes put in an order, in it: the earliest one's first. */
function photoFinished(facts: Fact[], equals: Sheet[]): Sheet[] {
  const orders = of(facts, 'order').toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  return orders.flatMap(order => {
    const concerned = order.bibs.flatMap(bib => {
      const last = orders.findLast(({ bibs }) => bibs.includes(bib))
      return last === order ? equals.filter(sheet => sheet.bib === bib) : []
    })
    return concerned.length > 1 ? concerned : []
  })
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
  const proxied = of(facts, 'run').flatMap(({ runId, proxy }) => (proxy ? [runId] : []))
  const row: Partial<Row> = {
    bib,
    status,
    value,
    at,
    laps: valid.length,
    last: last ? { ms: last.ms, valid: last.valid } : null,
    ...(scored?.laps.some(({ run }) => proxied.includes(run)) ? { proxy: true } : {})
  }
  const total = race.format.kind === 'mostLaps' ? 0 : valid.reduce((sum, { ms }) => sum + ms, 0)
  return { bib, value, at: at ?? 0, total, row }
}

/** Every lap that the board shows: of the machine or person that is listened to, or let in by a decision. */
function shownLaps(race: Race, facts: Fact[]): FactOf<'lap'>[] {
  return of(facts, 'lap').filter(lap => {
    if (verdict(facts, lap.id)?.valid) return true
    if (lap.source !== 'hand') return lap.source === machineOf(race, facts, lap.runId)
    return isListenedTo(facts, lap) && !machineTwin(race, facts, lap)
  })
}

const machineOf = ({ timedBy }: Race, facts: Fact[], run: string) =>
  timedBy === 'sensor' &&
  of(facts, 'lap').some(({ runId, source }) => runId === run && source === 'sensor')
    ? 'sensor'
    : 'telemetry'

/** Whether a lap by hand is by who began the run: a person, else who told the first lap of it by hand. */
function isListenedTo(facts: Fact[], lap: FactOf<'lap'>): boolean {
  const begin = of(facts, 'run').find(({ runId }) => runId === lap.runId)?.actor
  const hands = of(facts, 'lap').filter(
    ({ source, runId }) => source === 'hand' && runId === lap.runId
  )
  const person = begin?.kind === 'person' ? begin : inOrder(hands)[0]!.actor
  return JSON.stringify(person) === JSON.stringify(lap.actor)
}

/** The machine's lap that a lap by hand is the same as. */
const machineTwin = (race: Race, facts: Fact[], lap: FactOf<'lap'>) =>
  twin(facts, lap, machineOf(race, facts, lap.runId))

/** Of the run's laps by a source the one whose end is nearest, no further than half of the lap away. */
function twin(facts: Fact[], lap: FactOf<'lap'>, source: LapSource): FactOf<'lap'> | undefined {
  let found: FactOf<'lap'> | undefined
  for (const other of inOrder(of(facts, 'lap'))) {
    if (other.source !== source || other.runId !== lap.runId) continue
    const apart = Math.abs(other.at - lap.at)
    if (apart * 2 > lap.lapMs) continue
    if (!found || apart < Math.abs(found.at - lap.at)) found = other
  }
  return found
}

const verdict = (facts: Fact[], id: string) =>
  latest(of(facts, 'correct').filter(({ lapId }) => lapId === id))

/** How often a run's car was put back after one instant, up to and with another. */
const resetsBetween = (facts: Fact[], run: string, from: number, to: number) =>
  of(facts, 'reset').filter(({ runId, at }) => runId === run && at > from && at <= to).length

const lastOf = (laps: FactOf<'lap'>[], run: string) =>
  Math.max(-Infinity, ...laps.filter(({ runId }) => runId === run).map(({ at }) => at))

/** Whether nothing was wrong with a lap, by what was seen of it: by its own timing, by telemetry, by hand. */
function isClean(race: Race, facts: Fact[], lap: FactOf<'lap'>): boolean {
  const isRight = (one: FactOf<'lap'>) => verdict(facts, one.id)?.valid ?? one.valid
  if (!lap.valid) return false
  const derived = lap.source === 'sensor' ? twin(facts, lap, 'telemetry') : undefined
  if (derived && !isRight(derived)) return false
  return of(facts, 'lap').every(
    hand =>
      hand.source !== 'hand' ||
      isRight(hand) ||
      !isListenedTo(facts, hand) ||
      machineTwin(race, facts, hand) !== lap
  )
}

/** Whether a lap is one of the runs that its racer may have, and begun while that went on. */
function isAllowed(
  { maxRuns = Infinity, runMs = Infinity }: Race,
  facts: Fact[],
  lap: FactOf<'lap'>
) {
  const run = of(facts, 'run').find(({ runId }) => runId === lap.runId)
  if (!run) return true
  const earlier = of(facts, 'run').filter(
    other => other.bib === run.bib && other !== run && first([other, run]) === other
  )
  const { gone } = clockAt(facts, run, lap.at - lap.lapMs)
  return earlier.length < maxRuns && gone <= runMs
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
    const right = isClean(race, facts, fact) && !tooOften && isAllowed(race, facts, fact)
    const beyond = lapMs < race.minLapMs || lapMs > race.maxLapMs
    const inTime = at - lapMs <= FLAG
    const valid = inTime && (put ? put.valid : right && !beyond)
    const held = !put && inTime && right && beyond ? { held: true as const } : {}
    const ms = put?.lapMs ?? lapMs
    return [{ ms, at, lap, run: runId, source, resets, valid, ...held }]
  })
}

function scoreOf(
  { format }: Race,
  laps: Lap[]
): { value: number; at: number; laps: Lap[] } | undefined {
  const valid = laps.filter(lap => lap.valid)
  if (format.kind === 'mostLaps') {
    return valid.length ? { value: valid.length, at: valid.at(-1)!.at, laps: valid } : undefined
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
      ? [{ value: chain.reduce((sum, { ms }) => sum + ms, 0), at: chain.at(-1)!.at, laps: chain }]
      : []
  })
  return windows.toSorted((a, b) => a.value - b.value || a.at - b.at)[0]
}
