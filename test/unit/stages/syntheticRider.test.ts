import { expect, test } from 'vitest'
import type { DeltaFrame, Frame, Latency, RideReading, Seat, SeatRequest } from '#contract'
import {
  createSyntheticRider,
  type SyntheticRiderPorts
} from '../../../functions/stages/syntheticRider.ts'

const STARTED = 1_800_000_000_000
const MINUTE = 60_000

/** A race behind doors that a story opens and shuts; each reading is on the screens 300 ms after it was sent. */
function race(changes: Partial<SyntheticRiderPorts> = {}) {
  const clock = { now: STARTED + MINUTE }
  const told: Latency[] = []
  const warnings: string[] = []
  const taken: SeatRequest[] = []
  const sent: RideReading[] = []
  const screens = new Set<(frame: Frame) => void>()
  const show = (bib: number, value: number) => {
    const frame = { type: 'delta', rows: [{ bib, value }] } as unknown as DeltaFrame
    for (const onFrame of screens) onFrame(frame)
  }
  const seat = (bib: number): Seat => ({
    ...{ raceId: 'synthetic-rider', bib, competitorId: 'c', nickname: 'n', idleMs: 1 },
    ...{ token: `token-${bib}`, expiresAt: 0, pass: 'pass' }
  })
  const ride = createSyntheticRider({
    readRace: async () => ({ phase: 'running', startsAt: STARTED }),
    takeSeat: async request => seat(taken.push(request)),
    renewSeat: async held => held,
    async listen(_, onFrame) {
      screens.add(onFrame)
      return () => screens.delete(onFrame)
    },
    async sendReading(token, reading) {
      sent.push(reading)
      // What others sent is on the screens before.
      show(99, reading.distance)
      show(Number(token.slice(6)), reading.distance - 1)
      clock.now += 300
      show(Number(token.slice(6)), reading.distance)
    },
    storeLatency: async latency => {
      told.push(latency)
    },
    wait: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal))),
    random: () => 0.5,
    now: () => clock.now,
    warn: message => warnings.push(message),
    ...changes
  })
  const minute = async () => {
    await ride()
    clock.now += MINUTE
  }
  return { minute, told, warnings, taken, sent, screens }
}

test('the time from sending a reading to the frame that shows it is kept, and the socket closed', async () => {
  const { minute, told, sent, screens } = race()
  await minute()
  expect(told).toEqual([{ at: STARTED + MINUTE, ms: 300 }])
  expect(sent).toMatchObject([{ seq: 0, t: STARTED + MINUTE, distance: 6_000 }])
  expect(screens.size).toBe(0)
})

test('it keeps its seat from minute to minute and rides on', async () => {
  const { minute, taken, sent } = race()
  await minute()
  await minute()
  expect(taken).toEqual([{ nickname: 'Synthetic rider 5000' }])
  expect(sent.map(({ seq }) => seq)).toEqual([0, 1])
  expect(sent[1]!.distance).toBeGreaterThan(sent[0]!.distance)
})

test('a seat that is held no more is taken anew by the same competitor, ahead of its earlier bib', async () => {
  const { minute, taken, sent, told } = race({ renewSeat: async () => undefined })
  await minute()
  await minute()
  expect(taken[1]).toMatchObject({ pass: 'pass' })
  expect(sent[1]!.distance).toBeGreaterThan(sent[0]!.distance)
  expect(told.map(({ ms }) => ms)).toEqual([300, 300])
})

test.each([undefined, { phase: 'open', startsAt: null }, { phase: 'aborted', startsAt: STARTED }])(
  'where its race does not run it does nothing',
  async known => {
    const { minute, told, taken } = race({
      readRace: async () => known as Awaited<ReturnType<SyntheticRiderPorts['readRace']>>
    })
    await minute()
    expect([told, taken]).toEqual([[], []])
  }
)

test('a frame that does not come is a measurement without a time', async () => {
  const { minute, told, warnings, screens } = race({
    sendReading: async () => undefined,
    wait: async () => undefined
  })
  await minute()
  expect(told).toEqual([{ at: STARTED + MINUTE, ms: null }])
  expect(warnings[0]).toContain('20000 ms')
  expect(screens.size).toBe(0)
})

test.each<keyof SyntheticRiderPorts>(['takeSeat', 'listen', 'sendReading'])(
  'a door that does not open by %s is a measurement without a time, and told to the log',
  async door => {
    const { minute, told, warnings, screens } = race({
      [door]: async () => {
        throw new Error('shut')
      }
    })
    await minute()
    expect(told).toEqual([{ at: STARTED + MINUTE, ms: null }])
    expect(warnings[0]).toContain('shut')
    expect(screens.size).toBe(0)
  }
)
