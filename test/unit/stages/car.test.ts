import { describe, expect, it } from 'vitest'
import type { CarReading } from '#contract'
import type { CarEvent, CarOperation } from '../../../functions/stages/runSignal.ts'
import { aCar, drive, LAP_M, msFor, READING_MS, ROUND_COURSE } from '../../stories/cars.ts'
import { GUN } from '../../stories/races.ts'

const SPEED = 4
const ROUND = msFor(LAP_M, SPEED)

const run = (runId = 'run-1', at = GUN): CarOperation => ({
  name: 'run',
  input: { runId, raceId: 'evening-race', bib: 3, at, course: ROUND_COURSE }
})
const runEnd = (at: number, runId = 'run-1'): CarOperation => ({
  name: 'runEnd',
  input: { runId, at }
})
/** A request for each second of a drive, at the hub half a second after its first reading. */
const requests = (readings: CarReading[], boot = 1, from = GUN): CarEvent[] =>
  [...Map.groupBy(readings, ({ t }) => Math.floor((t - readings[0]!.t) / 1_000))].map(
    ([second, own]) => ({ boot, readings: own, enqueued: from + second * 1_000 + 500 })
  )
const ride = (rounds: number) =>
  drive(0.1, [
    { speed: 0, ms: 2 * READING_MS },
    { speed: SPEED, ms: rounds * ROUND }
  ])
const readings = (...input: CarEvent[]): CarOperation => ({ name: 'readings', input })

describe('a car in a run', () => {
  it('records each lap once, by the run and the reading at the crossing', async () => {
    const { laps, letters, hears } = aCar()
    await hears(run(), ...requests(ride(3.2)).map(event => readings(event)))
    expect(
      laps.map(({ lap, bib, runId, source, valid }) => [lap, bib, runId, source, valid])
    ).toEqual([1, 2, 3].map(lap => [lap, 3, 'run-1', 'telemetry', true]))
    expect(laps.slice(1).every(({ lapMs }) => Math.abs(lapMs - ROUND) <= 2)).toBe(true)
    expect(laps[0]!.id).toMatch(/^run-1-1-\d+$/)
    expect(letters).toEqual([])
  })

  it('dates a lap by when the car crossed the line, whenever that arrived', async () => {
    const story = ride(2.2)
    const crossed = GUN + 2 * READING_MS + msFor(2 * LAP_M - 0.1, SPEED)
    for (const delay of [0, 4_000]) {
      const { laps, hears } = aCar()
      // The last reading of a request is at the hub at once, or late where the link was lost.
      const events = [...Map.groupBy(story, ({ t }) => Math.floor((t - story[0]!.t) / 1_000))].map(
        ([second, own]) => {
          const measured = GUN + own.at(-1)!.t - story[0]!.t
          return { boot: 1, readings: own, enqueued: second < 20 ? measured : measured + delay }
        }
      )
      await hears(run(), ...events.map(event => readings(event)))
      expect(Math.abs(laps[1]!.at - crossed)).toBeLessThan(2 * READING_MS)
    }
  })

  it('records a lap that left the track with the reason, not counting, and counts on over starts of the car', async () => {
    const { facts, laps, resets, hears } = aCar()
    const off = (rounds: number) =>
      drive(0.1, [
        { speed: 0, ms: 2 * READING_MS },
        { speed: SPEED, ms: 0.4 * ROUND },
        { speed: SPEED, drift: 1.5, ms: 1_000 },
        { speed: SPEED, drift: -1.5, ms: 1_000 },
        { speed: SPEED, ms: rounds * ROUND },
        { speed: 0, ms: 300 },
        { speed: SPEED, ms: 500 }
      ])
    await hears(run(), readings(...requests(off(1.7))))
    await hears(readings(...requests(off(0.5), 2, GUN + 60_000)))
    expect(laps.map(({ lap, valid, reason }) => [lap, valid, reason])).toEqual([
      [1, false, 'left the track'],
      [2, true, undefined],
      [3, false, 'left the track']
    ])
    expect(resets.map(({ bib, runId, source, reason }) => [bib, runId, source, reason])).toEqual([
      [3, 'run-1', 'telemetry', 'left the track'],
      [3, 'run-1', 'telemetry', 'stood still'],
      [3, 'run-1', 'telemetry', 'left the track'],
      [3, 'run-1', 'telemetry', 'stood still']
    ])
    expect(new Set(facts.map(({ id }) => id)).size).toBe(7)
    const instants = facts.map(({ at }) => at)
    expect(instants).toEqual([...new Set(instants)].toSorted((a, b) => a - b))
  })

  it('goes on with its lap where resets are allowed, and records them in the lap that they befell', async () => {
    const { facts, hears } = aCar()
    const allowed: CarOperation = {
      name: 'run',
      input: {
        runId: 'run-1',
        raceId: 'evening-race',
        bib: 3,
        at: GUN,
        course: { ...ROUND_COURSE, allowedResets: 2 }
      }
    }
    const story = drive(0.1, [
      { speed: 0, ms: 2 * READING_MS },
      { speed: SPEED, ms: 1.4 * ROUND },
      { speed: SPEED, drift: 1.5, ms: 1_000 },
      { speed: SPEED, drift: -1.5, ms: 1_000 },
      { speed: SPEED, ms: 0.6 * ROUND }
    ])
    await hears(allowed, readings(...requests(story)))
    expect(facts.map(fact => [fact.kind, fact.kind === 'lap' && fact.valid])).toEqual([
      ['lap', true],
      ['reset', false],
      ['lap', true]
    ])
    const [first, reset, second] = facts.map(({ at }) => at)
    expect(first! < reset! && reset! < second!).toBe(true)
  })

  it('keeps order among its facts when they come faster than the hub’s clock tells', async () => {
    const { facts, hears } = aCar()
    // The link was away: everything is at the hub in one moment, and says that it was measured at once.
    const stops = Array.from({ length: 5 }, () => [
      { speed: SPEED, ms: 500 },
      { speed: 0, ms: 300 }
    ]).flat()
    const story = drive(1, stops).map(reading => ({ ...reading, t: 5_000 + reading.seq * 6 }))
    await hears(run(), readings({ boot: 1, readings: story, enqueued: GUN }))
    expect(facts.length).toBeGreaterThan(2)
    const instants = facts.map(({ at }) => at)
    expect(instants).toEqual([...new Set(instants)].toSorted((a, b) => a - b))
  })

  it('records nothing twice when every signal comes twice', async () => {
    const { laps, hears } = aCar()
    const events = requests(ride(3.2))
    await hears(run(), run())
    for (const event of events) await hears(readings(event), readings(event, event))
    await hears(run(), readings(...events))
    expect(laps).toHaveLength(3)
    expect(laps.map(({ lap }) => lap)).toEqual([1, 2, 3])
  })

  it('keeps laps that the ledger did not take, and records them with the next signal', async () => {
    const { laps, away, warnings, hears } = aCar()
    away.record = true
    await hears(run(), ...requests(ride(2.2)).map(event => readings(event)))
    expect(laps).toEqual([])
    expect(warnings.length).toBeGreaterThan(0)
    away.record = false
    await hears(readings())
    expect(laps.map(({ lap }) => lap)).toEqual([1, 2])
  })

  it('keeps no more than 256 facts while the ledger is away, the earliest, and names the others', async () => {
    const { facts, away, warnings, hears, state } = aCar()
    away.record = true
    await hears(run())
    let seq = 0
    for (let boot = 1; boot <= 8; boot++) {
      const stops = Array.from({ length: 45 }, () => [
        { speed: SPEED, ms: 300 },
        { speed: 0, ms: 300 }
      ]).flat()
      const story = drive(1, stops, { seq: 0, t: seq++ * 60_000 })
      await hears(readings(...requests(story, boot, GUN + boot * 60_000)))
    }
    expect(state().unwritten).toHaveLength(256)
    const first = state().unwritten[0]!.id
    expect(warnings.some(warning => warning.includes('is lost'))).toBe(true)
    away.record = false
    await hears(readings())
    expect([facts.length, facts[0]!.id]).toEqual([256, first])
  })

  it('that was started anew on the way invents no lap from where it woke up', async () => {
    const { laps, hears } = aCar()
    const [first, second] = [ride(1.5), drive(LAP_M * 0.5, [{ speed: SPEED, ms: 1.7 * ROUND }])]
    await hears(run(), readings(...requests(first)), readings(...requests(second, 2, GUN + 30_000)))
    expect(laps.map(({ lapMs }) => lapMs).every(lapMs => lapMs > ROUND - 3 * READING_MS)).toBe(true)
    expect(laps).toHaveLength(2)
  })

  it('counts laps on over two starts of the car, and hears nothing more of the first', async () => {
    const { laps, hears } = aCar()
    const first = requests(ride(1.2))
    await hears(run(), readings(...first), readings(...requests(ride(1.2), 2, GUN + 30_000)))
    await hears(readings(...requests(ride(2.4)).slice(-2)))
    expect(laps.map(({ lap, id }) => [lap, id.split('-')[2]])).toEqual([
      [1, '1'],
      [2, '2']
    ])
  })
})

describe('the last lap of a run', () => {
  it('is recorded although a reading before it was lost and the run ended right after it', async () => {
    const { clock, laps, hears } = aCar()
    const whole = ride(1.05)
    const crossed = READING_MS * Math.floor((ROUND - 1_000) / READING_MS)
    const events = requests(whole.filter(({ t }) => t !== whole[0]!.t + crossed))
    const endsAt = events.at(-1)!.enqueued + 1
    await hears(run(), readings(...events), runEnd(endsAt))
    clock.now = GUN + 30_000
    await hears(readings())
    expect(laps).toEqual([])
    const settle: CarOperation = { name: 'settle', input: { runId: 'run-1', at: endsAt } }
    await hears(settle, settle)
    expect(laps.map(({ lap }) => lap)).toEqual([1])
  })
})

describe('readings outside a run', () => {
  const event = requests(ride(0.1))[0]!

  it('wait five seconds for the fact that binds the car', async () => {
    const { clock, laps, letters, hears } = aCar()
    const events = requests(ride(1.1), 1, GUN + 100)
    clock.now = GUN + 700
    await hears(readings(...events.slice(0, 1)))
    expect(letters).toEqual([])
    await hears(run(), readings(...events.slice(1)))
    expect(laps).toHaveLength(1)
  })

  it("of a replay four times as fast are the run's too, although that was known late", async () => {
    const { clock, laps, letters, hears } = aCar()
    const fast = requests(ride(1.1)).map((event, second) => ({
      ...event,
      enqueued: GUN + 50 + second * 250
    }))
    clock.now = GUN + 2_100
    await hears(...fast.slice(0, 8).map(event => readings(event)), run())
    await hears(readings(...fast.slice(8)))
    expect(laps).toHaveLength(1)
    expect(letters).toEqual([])
  })

  it('are dead letters when no fact came', async () => {
    const { clock, letters, hears } = aCar()
    await hears(readings(event))
    clock.now = event.enqueued + 5_000
    await hears(readings())
    expect(letters.map(({ id, source, reason }) => [id, source, reason])).toEqual([
      ['car-1-1-0-no-run', 'car-1', 'no-run']
    ])
  })

  it('of before the run and after its end count for nobody', async () => {
    const { clock, laps, letters, hears } = aCar()
    const events = requests(ride(2.2))
    const stray = { ...events[0]!, boot: 0, enqueued: GUN - 1 }
    const late = events.filter(({ enqueued }) => enqueued > GUN + 20_000)
    clock.now = GUN + 100_000
    await hears(run('run-1', GUN), runEnd(GUN + 20_000), readings(stray, ...events))
    expect(laps).toHaveLength(1)
    expect(letters).toHaveLength(1 + late.length)
  })

  it('never wait in greater numbers than sixteen', async () => {
    const { clock, letters, hears, state } = aCar()
    clock.now = GUN
    for (let i = 0; i < 40; i++) {
      await hears(readings({ ...event, boot: i, enqueued: GUN + 1_000 }))
    }
    expect(state().waiting.length).toBeLessThanOrEqual(16)
    expect(letters).toHaveLength(24)
  })

  it('are dead letters later where their store is away', async () => {
    const { clock, letters, away, hears } = aCar()
    clock.now = GUN + 60_000
    away.deadLetter = true
    await hears(readings(requests(ride(0.1))[0]!))
    away.deadLetter = false
    await hears(readings())
    expect(letters).toHaveLength(1)
  })
})
