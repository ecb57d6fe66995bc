import { describe, expect, it } from 'vitest'
import { createDisturbance, type Faults } from '../../simulators/faults.ts'
import { createRandom } from '../../simulators/random.ts'

function disturb(faults: Partial<Faults>, seed = 1): number[] {
  const all = { duplicates: 0, late: 0, outOfOrder: 0, ...faults }
  const disturbance = createDisturbance<number>(all, createRandom(seed))
  const readings = Array.from({ length: 1_000 }, (_, seq) => seq)
  return [...readings.flatMap(reading => disturbance.pass(reading)), ...disturbance.rest()]
}
const straight = Array.from({ length: 1_000 }, (_, seq) => seq)
const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b)

describe('deliberate faults', () => {
  it('leave a stream alone where none are asked for', () => {
    expect(disturb({})).toEqual(straight)
  })

  it('send about the asked share twice', () => {
    const sent = disturb({ duplicates: 0.1 })
    expect(new Set(sent).size).toBe(1_000)
    expect(sent.length).toBeGreaterThan(1_050)
    expect(sent.length).toBeLessThan(1_150)
  })

  it('swap readings and hold readings back, and lose none', () => {
    const swapped = disturb({ outOfOrder: 0.1 })
    const late = disturb({ late: 0.1 })
    for (const sent of [swapped, late]) {
      expect(sent).not.toEqual(straight)
      expect(sorted(sent)).toEqual(straight)
    }
    const lateness = late.map((seq, place) => place - seq)
    expect(Math.max(...lateness)).toBeGreaterThan(2)
    expect(Math.max(...lateness)).toBeLessThan(10)
  })

  it('are the same for the same seed', () => {
    const faults = { duplicates: 0.1, late: 0.1, outOfOrder: 0.1 }
    expect(disturb(faults)).toEqual(disturb(faults))
    expect(disturb(faults, 2)).not.toEqual(disturb(faults))
  })
})
