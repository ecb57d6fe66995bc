import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CarReading } from '#contract'
import type { CarEvent, CarOperation } from '../../../functions/stages/runSignal.ts'
import { aCar, drive, LAP_M, msFor, READING_MS, ROUND_LINE } from '../../stories/cars.ts'
import { GUN } from '../../stories/races.ts'

const SPEED = 4
const ROUND = msFor(LAP_M, SPEED)
/** Where the car rolls off at `GUN`, in metres beyond the line; its clock shows `ZERO` then. */
const FROM = 2
const ZERO = 100_000
const GRACE_MS = 20_000

type Span = { runId: string; at: number; end: number }
/** A request with the hub time of its last reading; ms since `GUN`, as all times here. */
type Sent = { readings: CarReading[]; measured: number; enqueued: number }

const measuredAt = ({ t }: CarReading) => t - ZERO
const rolling = (ms: number) => drive(FROM, [{ speed: SPEED, ms }], { t: ZERO })
/** Crossing number `count`, from 1. */
const crossing = (count: number) => msFor(count * LAP_M - FROM, SPEED)

/** A request a second; while the link is away they wait, and come in order when it is back. */
function send(readings: CarReading[], away: { from: number; ms: number }[]): Sent[] {
  const seconds = Map.groupBy(readings, reading => Math.floor(measuredAt(reading) / 1_000))
  let latest = 0
  return [...seconds.values()].map(own => {
    const measured = measuredAt(own.at(-1)!)
    const lost = away.filter(({ from, ms }) => measured >= from && measured < from + ms)
    latest = Math.max(latest, measured, ...lost.map(({ from, ms }) => from + ms))
    return { readings: own, measured, enqueued: latest }
  })
}

/** Neighbours change places where told: the earlier one is at the hub right after the later one. */
function overtake(sent: Sent[], swaps: boolean[]): Sent[] {
  const changed = [...sent]
  // The first binds the clock, and a pair does not share a request with another.
  for (let i = 1; i + 1 < sent.length; i += 2) {
    const [earlier, later] = [sent[i]!, sent[i + 1]!]
    if (!swaps[i]) continue
    changed[i] = later
    changed[i + 1] = { ...earlier, enqueued: later.enqueued }
  }
  return changed
}

/** What a car and its officials tell, in the order of hub time; `again` requests come twice. */
function operations(runs: Span[], sent: Sent[], again: boolean[]): [number, CarOperation][] {
  const facts = runs.flatMap(({ runId, at, end }): [number, CarOperation][] => [
    [
      at,
      {
        name: 'run',
        input: { runId, raceId: 'evening-race', bib: 3, at: GUN + at, course: { line: ROUND_LINE } }
      }
    ],
    [end, { name: 'runEnd', input: { runId, at: GUN + end } }]
  ])
  const eventOf = ({ readings, enqueued }: Sent): CarEvent => ({
    boot: 1,
    readings,
    enqueued: GUN + enqueued
  })
  const requests = sent.flatMap((request, i): [number, CarOperation][] => {
    const operation: CarOperation = { name: 'readings', input: [eventOf(request)] }
    const repeated = { ...request, enqueued: request.enqueued + 700 }
    return again[i]
      ? [
          [request.enqueued, operation],
          [repeated.enqueued, { name: 'readings', input: [eventOf(repeated), eventOf(request)] }]
        ]
      : [[request.enqueued, operation]]
  })
  return [...facts, ...requests].sort(([a], [b]) => a - b)
}

/** Drives the story through a car's entity; returns its laps as run and crossing. */
async function hear(told: [number, CarOperation][]) {
  const { clock, laps, letters, hears } = aCar()
  for (const [at, operation] of told) {
    clock.now = GUN + at
    await hears(operation)
  }
  clock.now += 60_000
  await hears({ name: 'readings', input: [] })
  const crossed = laps.map(({ runId, lap, at }) => {
    const count = Math.round((at - GUN + msFor(FROM, SPEED)) / ROUND)
    return `${runId} lap ${lap} at crossing ${count}`
  })
  return { crossed, letters, laps }
}

/** The laps between two crossings of one run whose every reading was at the hub in time, by the story alone. */
function expected(runs: Span[], sent: Sent[], grace = GRACE_MS): string[] {
  return runs.flatMap(({ runId, at, end }) => {
    const inTime = new Set(
      sent
        .filter(({ enqueued }) => enqueued <= end + grace)
        .flatMap(({ readings }) => readings)
        .map(measuredAt)
    )
    const last = sent.at(-1)!.readings.at(-1)!
    const counts = Array.from({ length: 20 }, (_, i) => i + 2).filter(
      count => crossing(count) < measuredAt(last)
    )
    return counts
      .filter(count => crossing(count - 1) > at && crossing(count) <= end)
      .filter(count => {
        const [from, to] = [crossing(count - 1) - READING_MS, crossing(count) + READING_MS]
        const all = sent.flatMap(({ readings }) => readings).map(measuredAt)
        return all.filter(ms => ms > from && ms < to).every(ms => inTime.has(ms))
      })
      .map((count, i) => `${runId} lap ${i + 1} at crossing ${count}`)
  })
}

describe('the last requests of a run', () => {
  const readings = rolling(6 * ROUND)
  const first = { runId: 'run-1', at: 1_000, end: 2.5 * ROUND }
  const lost = (ms: number) => send(readings, [{ from: first.end - ROUND, ms }])

  it('count for it when they come within twenty seconds of its end', async () => {
    const { crossed } = await hear(operations([first], lost(ROUND + 19_000), []))
    expect(crossed).toEqual(['run-1 lap 1 at crossing 2'])
  })

  it('count for nobody after that', async () => {
    const { crossed, letters } = await hear(operations([first], lost(ROUND + 21_000), []))
    expect(crossed).toEqual([])
    expect(letters.length).toBeGreaterThan(15)
  })

  it("are not the next run's, which has its own laps from the same requests", async () => {
    const second = { runId: 'run-2', at: first.end + 2_000, end: 5.5 * ROUND }
    const { crossed } = await hear(operations([first, second], lost(ROUND + 15_000), []))
    expect(crossed).toEqual([
      'run-1 lap 1 at crossing 2',
      'run-2 lap 1 at crossing 4',
      'run-2 lap 2 at crossing 5'
    ])
  })

  it("are not the next run's where the car was started anew for it", async () => {
    const second = { runId: 'run-2', at: first.end + 2_000, end: 6 * ROUND }
    const before = lost(ROUND + 15_000).filter(({ measured }) => measured < first.end)
    const anew = send(rolling(2.2 * ROUND), []).map(
      ({ readings, enqueued }): [number, CarOperation] => {
        const at = second.at + 500 + enqueued
        return [at, { name: 'readings', input: [{ boot: 2, readings, enqueued: GUN + at }] }]
      }
    )
    const told = [...operations([first, second], before, []), ...anew].sort(([a], [b]) => a - b)
    const { laps } = await hear(told)
    expect(laps.map(({ id }) => id.replace(/-\d+$/, '')).toSorted()).toEqual(['run-1-1', 'run-2-2'])
  })

  it("give the laps that the car's clock gives, however late", async () => {
    const { laps } = await hear(operations([first], lost(ROUND + 15_000), []))
    for (const { lapMs } of laps) expect(Math.abs(lapMs - ROUND)).toBeLessThanOrEqual(2)
  })

  it('are told by a clock that was put back during the run as well', async () => {
    const jump = 1.2 * ROUND
    const jumped = readings.map(reading =>
      measuredAt(reading) < jump ? reading : { ...reading, t: reading.t - 60_000 }
    )
    const run = { runId: 'run-1', at: 1_000, end: 3.5 * ROUND }
    const sent = send(readings, [{ from: run.end - ROUND, ms: ROUND + 10_000 }]).map(request => ({
      ...request,
      readings: jumped.slice(request.readings[0]!.seq, request.readings.at(-1)!.seq + 1)
    }))
    const { crossed } = await hear(operations([run], sent, []))
    expect(crossed).toEqual(['run-1 lap 1 at crossing 3'])
  })

  it('are waited for, the one before the crossing too, and given up at the end of the grace', async () => {
    const sent = send(readings, [])
    const missing = Math.floor((crossing(2) - 1_500) / 1_000)
    const run = { runId: 'run-1', at: 1_000, end: crossing(2) + 1_000 }
    const late = { ...sent[missing]!, enqueued: run.end + 15_000 }
    const others = sent
      .filter(({ measured }) => measured < run.end)
      .filter(one => one !== sent[missing])
    expect((await hear(operations([run], [...others, late], []))).crossed).toEqual([
      'run-1 lap 1 at crossing 2'
    ])
    // Without it nobody saw the whole lap.
    expect((await hear(operations([run], others, []))).crossed).toEqual([])
  })

  it('are given up at the latest when the next run begins: its car may have been silent since', async () => {
    const { clock, laps, hears, state } = aCar()
    const sent = send(readings, []).filter(({ measured }) => measured < crossing(2) + 1_000)
    // One reading is missing right before the second crossing.
    const lacking = Math.floor((crossing(2) - 500) / READING_MS)
    const [begins, ...told] = operations([{ ...first, end: crossing(2) + 1_000 }], sent, [])
    for (const [at, operation] of [begins!, ...told]) {
      clock.now = GUN + at
      if (operation.name !== 'readings') await hears(operation)
      else {
        const input = operation.input.map(event => ({
          ...event,
          readings: event.readings.filter(({ seq }) => seq !== lacking)
        }))
        await hears({ name: 'readings', input })
      }
    }
    expect(laps).toHaveLength(0)
    clock.now = GUN + 200_000
    const next = { runId: 'run-2', at: 200_000, end: 210_000 }
    await hears(operations([next], [], [])[0]![1])
    expect(laps.map(({ runId, lap }) => [runId, lap])).toEqual([['run-1', 1]])
    expect(state().runs.map(({ runId }) => runId)).toEqual(['run-2'])
  })
})

describe('requests around the ends of runs', () => {
  it('give each run the laps that were driven in it and are here in time, and no other', async () => {
    const total = 9 * ROUND
    const readings = rolling(total)
    const runs = fc
      .array(
        fc.record({ pause: fc.nat(15_000), length: fc.integer({ min: 8_000, max: 70_000 }) }),
        {
          minLength: 1,
          maxLength: 5
        }
      )
      .map(lengths => {
        let end = 0
        return lengths.map(({ pause, length }, i): Span => {
          const at = end + 1 + pause
          end = at + length
          return { runId: `run-${i + 1}`, at, end }
        })
      })
      // A crossing within the second before a run, or two readings of its end, may be taken either way.
      .filter(spans =>
        spans.every(({ at, end }) =>
          Array.from({ length: 10 }, (_, i) => crossing(i + 1)).every(
            ms => (ms < at - 1_200 || ms > at + 200) && Math.abs(ms - end) > 200
          )
        )
      )
    /** The link is lost up to a lap and a bit before the end of a run. */
    const away = fc.array(
      fc.record({ before: fc.nat(20_000), ms: fc.integer({ min: 500, max: 40_000 }) }),
      { maxLength: 5 }
    )
    const flags = fc.array(fc.boolean(), { minLength: 150, maxLength: 150 })
    let seen = 0
    let late = 0
    await fc.assert(
      fc.asyncProperty(runs, away, flags, flags, async (spans, lost, swaps, again) => {
        const outages = lost.flatMap(({ before, ms }, i) => {
          const end = spans[i]?.end
          return end ? [{ from: Math.max(1_500, end - before), ms }] : []
        })
        const sent = overtake(send(readings, outages), swaps)
        const { crossed } = await hear(operations(spans, sent, again))
        const laps = expected(spans, sent)
        expect(crossed.toSorted()).toEqual(laps.toSorted())
        seen += laps.length
        late += laps.length - expected(spans, sent, 0).length
      }),
      { numRuns: 100, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true }
    )
    expect(seen).toBeGreaterThan(100)
    expect(late).toBeGreaterThan(5)
  })
})
