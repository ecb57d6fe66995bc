import { describe, expect, it } from 'vitest'
import type { CarReading, DeadLetter, FactOf } from '#contract'
import { type CarState, createCar, parkedCar } from '../../../functions/stages/car.ts'
import type { CarEvent, CarOperation } from '../../../functions/stages/carSignal.ts'
import { drive, LAP_M, msFor, READING_MS, ROUND_LINE } from '../../stories/cars.ts'
import { GUN } from '../../stories/races.ts'

const SPEED = 4
const ROUND = msFor(LAP_M, SPEED)

const run = (runId = 'run-1', at = GUN): CarOperation => ({
  name: 'run',
  input: { runId, raceId: 'evening-race', bib: 3, at, line: ROUND_LINE }
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

/** One car on ports of arrays; its state is kept as JSON between operations. */
function aCar() {
  const clock = { now: GUN }
  const laps: FactOf<'lap'>[] = []
  const letters: DeadLetter[] = []
  const warnings: string[] = []
  const away = { record: false, deadLetter: false }
  const operate = createCar({
    async record(fact) {
      if (away.record) throw new Error('away')
      if (!laps.some(({ id }) => id === fact.id)) laps.push(fact)
    },
    async deadLetter(own) {
      if (away.deadLetter) throw new Error('away')
      letters.push(...own)
    },
    now: () => clock.now,
    warn: message => warnings.push(message)
  })
  let state: CarState = parkedCar()
  const hears = async (...operations: CarOperation[]) => {
    for (const operation of operations) {
      state = JSON.parse(JSON.stringify(await operate('car-1', state, operation)))
    }
  }
  return { clock, laps, letters, warnings, away, hears, state: () => state }
}

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
    await hears(run(), readings(...events), runEnd(events.at(-1)!.enqueued + 1))
    clock.now = GUN + 60_000
    await hears(readings())
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
})

describe('signals out of turn', () => {
  it('of an earlier run do not take the car back', async () => {
    const { hears, state } = aCar()
    await hears(run('run-2', GUN + 60_000), run('run-1', GUN), runEnd(GUN + 30_000, 'run-1'))
    expect(state().run).toMatchObject({ runId: 'run-2', endedAt: null })
  })

  it('end a run whose end overtook its beginning', async () => {
    const { hears, state } = aCar()
    await hears(runEnd(GUN + 30_000), run())
    expect(state().run).toMatchObject({ runId: 'run-1', endedAt: GUN + 30_000 })
  })

  it('never lose dead letters while their store is away', async () => {
    const { clock, letters, away, hears } = aCar()
    clock.now = GUN + 60_000
    away.deadLetter = true
    await hears(readings(requests(ride(0.1))[0]!))
    away.deadLetter = false
    await hears(readings())
    expect(letters).toHaveLength(1)
  })
})
