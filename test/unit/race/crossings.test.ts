import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Crossing } from '#contract'
import {
  DEBOUNCE_MS,
  FLOOD_PULSES,
  type LineTimer,
  newLineTimer,
  type Pulse,
  pass,
  REORDER_PULSES,
  STALE_BOOT_MS,
  settleLine
} from '#race/crossings'
import { pulsesAt } from '../../stories/sensors.ts'

const heard = (pulses: Crossing[], enqueued = 1_000): Pulse[] =>
  pulses.map(pulse => ({ ...pulse, enqueued }))
const aLine = () => newLineTimer<Pulse>()
const seqs = (passages: { seq: number }[] | undefined) => passages?.map(({ seq }) => seq)
/** The instants of the cars that pass, message by message. */
const feed = (line: LineTimer<Pulse>, ...messages: Crossing[][]) =>
  messages.flatMap(pulses => pass(line, 1, heard(pulses)) ?? []).map(({ t }) => t)

test('a car passes once, by its first pulse, whatever sensors feel it', () => {
  expect(feed(aLine(), pulsesAt([5_000, 17_000, 29_123]))).toEqual([5_000, 17_000, 29_123])
})

test('a pulse within two seconds of the one that counted is of the same car, at any sensor, and the next is not', () => {
  const at = (t: number, seq: number, sensor: number) => ({ seq, t, sensor })
  const pulses = [at(0, 0, 0), at(1_500, 1, 1), at(DEBOUNCE_MS, 2, 2), at(DEBOUNCE_MS + 1, 3, 1)]
  expect(feed(aLine(), pulses)).toEqual([0, DEBOUNCE_MS + 1])
})

test('pulses give the same in any order within the window, repeated, and split into any messages', () => {
  const pulses = pulsesAt([100, 12_000, 12_500, 25_000, 26_000, 27_500, 40_000])
  const whole = aLine()
  const expected = feed(whole, pulses)
  expect(expected).toEqual([100, 12_000, 25_000, 27_500, 40_000])
  const places = (max: number) =>
    fc.array(fc.nat({ max }), { minLength: pulses.length, maxLength: pulses.length })
  fc.assert(
    fc.property(
      places(REORDER_PULSES - 1),
      places(30),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (delays, repeats, sizes) => {
        const arrived = pulses
          .flatMap((pulse, i) => [
            { pulse, order: i + delays[i]! },
            ...(repeats[i]! % 3 ? [] : [{ pulse, order: i + repeats[i]! }])
          ])
          .sort((a, b) => a.order - b.order)
          .map(({ pulse }) => pulse)
        let line = aLine()
        const passed: number[] = []
        for (let from = 0, i = 0; from < arrived.length; i++) {
          const size = sizes[i % sizes.length]!
          line = JSON.parse(JSON.stringify(line))
          passed.push(...feed(line, arrived.slice(from, from + size)))
          from += size
        }
        expect(passed).toEqual(expected)
      }
    ),
    { numRuns: 300 }
  )
})

test('a missing pulse is waited for until eight later ones are there', () => {
  const line = aLine()
  const pulses = pulsesAt([0, 10_000, 20_000, 30_000])
  expect(feed(line, pulses.slice(0, 4), pulses.slice(5, 12))).toEqual([0])
  expect(line.waiting).toHaveLength(7)
  // The first pulse of the second car is lost: the next one tells it.
  expect(feed(line, pulses.slice(12, 13))).toEqual([10_004, 20_000, 30_000])
  expect(feed(line, pulses.slice(4, 5))).toEqual([])
})

test('a missing pulse is waited for no longer before what is due, and still after that', () => {
  const line = aLine()
  const pulses = pulsesAt([0, 10_000, 20_000])
  const lacking = pulses.filter(({ seq }) => [0, 2, 3, 4, 5, 9, 10].includes(seq))
  feed(line, lacking)
  expect(settleLine(line, ({ t }) => t < 15_000).map(({ t }) => t)).toEqual([10_000])
  expect(line.waiting.map(({ seq }) => seq)).toEqual([9, 10])
  expect(settleLine(line, () => false)).toEqual([])
})

test('a sequence number comes once, with whatever time', () => {
  const line = aLine()
  const [first, second] = [pulsesAt([1_000]), pulsesAt([9_000])]
  expect(feed(line, first, second)).toEqual([1_000])
})

test('a new boot and a clock that went back are another era', () => {
  const line = aLine()
  const before = pass(line, 1, heard(pulsesAt([50_000])))!
  const back = pass(line, 1, heard(pulsesAt([49_500], 4)))!
  const boot = pass(line, 2, heard(pulsesAt([50_100])))!
  expect([before, back, boot].map(own => own.map(({ t }) => t))).toEqual([
    [50_000],
    [49_500],
    [50_100]
  ])
  expect(new Set([before, back, boot].map(([one]) => one!.era)).size).toBe(3)
})

test('what waits in a boot is not waited for any longer when the next one is heard', () => {
  const line = aLine()
  pass(line, 1, heard(pulsesAt([0])))
  pass(line, 1, heard(pulsesAt([9_000], 5)))
  const passed = pass(line, 2, heard(pulsesAt([100])))!
  expect(passed.map(({ boot, t }) => [boot, t])).toEqual([
    [1, 9_000],
    [2, 100]
  ])
})

test('an earlier boot is stale for twenty seconds of hub time; after that the timer counts its boots anew', () => {
  const line = aLine()
  pass(line, 7, heard(pulsesAt([0]), 100_000))
  expect(pass(line, 6, heard(pulsesAt([500]), 100_000 + STALE_BOOT_MS))).toEqual([])
  expect(seqs(pass(line, 0, heard(pulsesAt([500]), 100_001 + STALE_BOOT_MS)))).toEqual([0])
  expect(line.boot).toBe(0)
})

test('more than 64 pulses within 100 ms are refused with their message, and a repeated message is no more', () => {
  const line = aLine()
  const burst = (count: number, from: number, t: number) =>
    heard(Array.from({ length: count }, (_, i) => ({ seq: from + i, t: t + i, sensor: i % 16 })))
  expect(seqs(pass(line, 1, burst(FLOOD_PULSES, 0, 1_000)))).toEqual([0])
  expect(pass(line, 1, burst(FLOOD_PULSES, 0, 1_000))).toEqual([])
  expect(pass(line, 1, burst(1, 64, 1_100))).toBeUndefined()
  expect(line.next).toBe(64)
  expect(pass(line, 1, burst(1, 64, 1_101))).toEqual([])
  expect(line.next).toBe(65)
})

test('a line keeps less than a hundred pulses, whatever it is sent', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          boot: fc.nat(3),
          enqueued: fc.nat(100_000),
          pulses: fc.array(
            fc.record({ seq: fc.nat(2_000), t: fc.nat(1_000_000), sensor: fc.nat(15) }),
            { minLength: 1, maxLength: 64 }
          )
        }),
        { maxLength: 40 }
      ),
      messages => {
        const line = aLine()
        for (const { boot, enqueued, pulses } of messages) {
          for (const { t } of pass(line, boot, heard(pulses, enqueued)) ?? []) {
            expect(pulses.length > 0 && t >= 0).toBe(true)
          }
          expect(line.waiting.length).toBeLessThan(REORDER_PULSES)
          expect(line.recent.length).toBeLessThanOrEqual(FLOOD_PULSES)
        }
      }
    ),
    { numRuns: 100 }
  )
})
