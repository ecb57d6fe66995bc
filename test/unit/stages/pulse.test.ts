import { expect, test } from 'vitest'
import type { Head, Pulse } from '#contract'
import { createPulse, type PulsePorts } from '../../../functions/stages/pulse.ts'

const head = (raceId: string, parts: Partial<Head>): Head =>
  ({ raceId, phase: 'running', window: 9, folded: 40, closedAt: 7, ...parts }) as Head

function pipeline(changes: Partial<PulsePorts> = {}) {
  const told: Pulse[] = []
  const warnings: string[] = []
  const asked: string[] = []
  const pulse = createPulse({
    readMarks: async () => [9, -1, 4, 3],
    readCheckpoints: async () =>
      new Map([
        [0, 7],
        [3, 5]
      ]),
    readLiving: async () => [],
    async readHead(raceId) {
      asked.push(raceId)
      return raceId === 'new' ? undefined : head(raceId, { window: raceId === 'open' ? -1 : 9 })
    },
    storePulse: async one => {
      told.push(one)
    },
    now: () => 8,
    warn: message => warnings.push(message),
    ...changes
  })
  return { pulse, told, warnings, asked }
}

test('what is not handed on is behind, an empty partition is not, and none is ahead', async () => {
  const { pulse, told } = pipeline()
  await pulse()
  expect(told).toEqual([
    {
      at: 8,
      races: [],
      partitions: [
        { last: 9, behind: 2 },
        { last: -1, behind: 0 },
        { last: 4, behind: 5 },
        { last: 3, behind: 0 }
      ]
    }
  ])
})

test('races that live are told by their boards; scheduled ones cost no read', async () => {
  const readLiving = async () => [
    { raceId: 'ride', phase: 'running' },
    { raceId: 'open', phase: 'open' },
    { raceId: 'new', phase: 'open' },
    ...Array.from({ length: 144 }, (_, n) => ({ raceId: `later-${n}`, phase: 'scheduled' }))
  ]
  const { pulse, told, asked } = pipeline({ readLiving })
  await pulse()
  expect(told[0]?.races).toEqual([
    { raceId: 'ride', phase: 'running', windows: 10, folded: 40, closedAt: 7 },
    { raceId: 'open', phase: 'running', windows: 0, folded: 40, closedAt: 7 },
    { raceId: 'new', phase: 'open', windows: 0, folded: 0, closedAt: null }
  ])
  expect(asked).toEqual(['ride', 'open', 'new'])
})

test('what cannot be read is told to the log, and the next pulse tries again', async () => {
  let isDown = true
  const { pulse, told, warnings } = pipeline({
    async readMarks() {
      if (isDown) throw new Error('no hub')
      return []
    }
  })
  await pulse()
  expect([told, warnings]).toEqual([[], ['no pulse: Error: no hub']])
  isDown = false
  await pulse()
  expect(told).toHaveLength(1)
})
