import { expect, test } from 'vitest'
import type { Row } from '#contract'
import { judgeFinal } from '../../pipeline/oracle.ts'
import { newAccount, type RiderAccount } from '../../simulators/account.ts'
import { localProcesses } from '../../simulators/processes.ts'
import { createProgressBar } from '../../simulators/progressBar.ts'
import { readSimulateArguments } from '../../simulators/simulateArguments.ts'
import { faultsOf, type Outcome } from '../../simulators/simulation.ts'

const GUN = 1_800_000_000_000
const MINUTE = 60_000
const RACED = {
  format: { kind: 'ride', metric: 'distance' } as const,
  ...{ startsAt: GUN, endsAt: GUN + MINUTE, backlogMs: 20_000 }
}

/** Somebody who rode so many seconds, by a clock that may be wrong; the first reading was sent twice. */
function rider(bib: number, seconds: number, metresPerSecond: number, skewMs = 0): RiderAccount {
  const readings = Array.from({ length: seconds }, (_, seq) => ({
    ...{ seq, t: GUN + (seq + 1) * 1_000 + skewMs, cadence: 90, resistance: 40, power: 200 },
    ...{ distance: (seq + 1) * metresPerSecond * 1_000, work: (seq + 1) * 200 }
  }))
  const acknowledged = [...readings, ...readings.slice(0, 1)]
  const heardAt = acknowledged.map(({ seq }) => GUN + (seq + 1) * 1_000 + 20.5)
  const who = { bib, competitorId: `rider-${bib}`, nickname: `Rider ${bib}`, session: 7, skewMs }
  return { ...who, acknowledged, heardAt, unanswered: [] }
}
const accountOf = (...riders: RiderAccount[]) => ({ ...newAccount(), riders })
const row = (bib: number, rank: number, more: Partial<Row>) => ({
  ...{ bib, rank, tied: false, status: 'finished' as const, lapsDown: 0, last: null },
  ...{ value: 0, at: 0, gap: 0, interval: null, laps: 0 },
  ...{ name: `Rider ${bib}`, country: 'FIN', class: 'Open' },
  ...more
})
const TWO = accountOf(rider(1, 10, 10), rider(2, 10, 8))
const FINAL = [
  row(1, 1, { value: 100_000, at: 10_000, laps: 10 }),
  row(2, 2, { value: 80_000, at: 10_000, laps: 10, gap: 2_000, interval: 2_000 })
]

test('the oracle agrees with a final that is what was acknowledged, repetitions counted once', () => {
  expect(judgeFinal(TWO, RACED, FINAL)).toEqual({
    ...{ distinct: 20, due: 20, counted: 20, lost: 0, double: 0, unknown: 0, wrong: [] }
  })
})

test.each<[string, number, Partial<Row & { name: string }>, object]>([
  ['a lost reading', 1, { laps: 9 }, { lost: 1 }],
  ['one that counted twice', 1, { laps: 11 }, { double: 1 }],
  ['another value', 0, { value: 100_001 }, {}],
  ['another instant', 0, { at: 9_999 }, {}],
  ['a tie that is none', 1, { tied: true }, {}],
  ['another gap', 1, { gap: 1 }, {}],
  ['another place', 1, { rank: 1 }, {}],
  ['a score that is held', 0, { held: 5 }, {}],
  ['a wrong name', 1, { name: 'Nobody' }, {}]
])('the oracle sees %s', (_, index, change, counts) => {
  const rows = FINAL.map((each, i) => (i === index ? { ...each, ...change } : each))
  const judged = judgeFinal(TWO, RACED, rows)
  expect(judged.wrong).toHaveLength(1)
  expect(judged).toMatchObject({ lost: 0, double: 0, ...counts })
})

test('the oracle sees who is missing, who does not belong there, and another order', () => {
  expect(judgeFinal(TWO, RACED, FINAL.slice(0, 1))).toMatchObject({
    lost: 10,
    wrong: ['bib 2 is missing', 'the order is another one']
  })
  const ghost = row(9, 3, { value: 1, at: 1, laps: 1 })
  expect(judgeFinal(TWO, RACED, [...FINAL, ghost])).toMatchObject({
    double: 1,
    wrong: ['bib 9 has no business there', 'the order is another one']
  })
  expect(judgeFinal(TWO, RACED, FINAL.toReversed()).wrong).toEqual(['the order is another one'])
})

test('of a clock 40 s slow counts what is after the start by it and possible by then; of one 20 min fast nothing', () => {
  const slow = rider(1, 60, 12, -40_000)
  const fast = rider(2, 60, 8, 20 * MINUTE)
  const right = rider(3, 60, 10)
  // By its own clock the slow one has covered 480 m at the start and 720 m after 20 s: more than 30 m/s from 2 s before.
  const { distinct, due, wrong } = judgeFinal(accountOf(slow, fast, right), RACED, [
    row(3, 1, { value: 600_000, at: 60_000, laps: 60 })
  ])
  expect([distinct, due]).toEqual([180, 60])
  expect(wrong).toContain('bib 1 is missing')
  expect(wrong.filter(sentence => sentence.includes('bib 2'))).toEqual([])
})

test('whose last request was never answered is left out, with all that depends on it', () => {
  const [first, second] = TWO.riders
  const account = accountOf(first!, { ...second!, unanswered: second!.acknowledged.slice(0, 1) })
  const rows = [
    row(2, 1, { value: 999_000, at: 10_000, laps: 11 }),
    row(1, 2, { value: 100_000, at: 10_000, laps: 10, gap: 5, interval: 5 })
  ]
  expect(judgeFinal(account, RACED, rows)).toMatchObject({ due: 10, unknown: 1, wrong: [] })
})

const OUTCOME: Outcome = {
  ...{ raceId: 'r-1', kind: 'game', people: 2, riders: 2, seatless: {}, renewed: 0, sent: 9 },
  ...{ acknowledged: 9, refused: {}, unanswered: 0, latency: { p50: 1, p99: 1, max: 1 } },
  ...{ distinct: 9, due: 9, counted: 9, lost: 0, double: 0, unknown: 0, wrong: [], ruledOut: 0 },
  ...{ frames: 1, eventToFrame: { p50: 1, p99: 1, max: 1 } },
  game: { raw: 20, kept: 9, played: 2, lastArrived: 2 }
}

test('a simulation fails by what is lost, double, wrong, missing or was never seated, and by nothing else', () => {
  expect(faultsOf([OUTCOME])).toEqual([])
  const changes: Partial<Outcome>[] = [
    { lost: 1 },
    { double: 1 },
    { wrong: ['bib 1: value 2, not 3'] },
    { riders: 1 },
    { seatless: { '409 race-full': 1 } },
    { acknowledged: 0 },
    { game: { ...OUTCOME.game!, lastArrived: 1 } }
  ]
  for (const change of changes) {
    const [fault, ...more] = faultsOf([{ ...OUTCOME, ...change }])
    expect(fault).toMatch(/^r-1: /)
    expect(more).toEqual([])
  }
})

test('a progress bar redraws its line on a terminal and writes lines now and then elsewhere', () => {
  for (const isTTY of [true, false]) {
    const written: string[] = []
    let now = 0
    const bar = createProgressBar(
      { isTTY, write: (text: string) => written.push(text) > 0 },
      () => now
    )
    for (; now < 30_000; now += 100) {
      bar.show({ share: now / 30_000, seated: 3, of: 4, acknowledged: now })
    }
    bar.end()
    expect(written).toHaveLength(isTTY ? 151 : 2)
    expect(written[0]).toContain('seats 3 of 4, 0 readings acknowledged')
    for (const text of written) expect(text.endsWith('\n')).toBe(!isTTY || text === '\n')
  }
})

test('the command names the option that is wrong', () => {
  expect(readSimulateArguments(['--riders', '1000', '--races', '3'])).toMatchObject({
    ...{
      riders: 1_000,
      races: 3,
      'race-seconds': 300,
      metric: 'distance',
      players: 0,
      faults: true
    }
  })
  expect(readSimulateArguments(['--players', '200', '--no-faults']).faults).toBe(false)
  expect(() => readSimulateArguments(['--riders', 'many'])).toThrow('--riders')
  expect(() => readSimulateArguments(['--riders', '1', '--metric', 'speed'])).toThrow('--metric')
  expect(() => readSimulateArguments([])).toThrow('--riders or --players')
})

test('processes that do not work in the folder are none of the local cloud', () => {
  expect(localProcesses('/nowhere/at/all')).toEqual([])
})
