import { describe, expect, it } from 'vitest'
import { type Fact, PEOPLE } from '#contract'
import { createFacts, type FactsPorts } from '../../../functions/stages/facts.ts'
import type { CarOperation, SensorOperation } from '../../../functions/stages/runSignal.ts'
import { ROUND_COURSE } from '../../stories/cars.ts'
import {
  correctionFact,
  entryFact,
  extendFact,
  judgeFact,
  laps,
  officialFact,
  runEndFact,
  runFact,
  statusFact
} from '../../stories/facts.ts'
import { aRace, FASTEST_LAP, GUN } from '../../stories/races.ts'

function ledgerFeed(overrides: Partial<FactsPorts> = {}) {
  const told: string[] = []
  const signals: [string, Fact[]][] = []
  const ports: FactsPorts = {
    startLife: async raceId => void told.push(`life of ${raceId}`),
    tellLife: async fact => void told.push(`tell ${fact.kind}`),
    signalRace: async (raceId, facts) => void signals.push([raceId, facts]),
    signalCar: async (deviceId, operation) =>
      void told.push(
        `${deviceId} ${operation.name} ${operation.input && JSON.stringify(operation.input)}`
      ),
    signalSensor: async (deviceId, operation) =>
      void told.push(`${deviceId} ${operation.name} ${JSON.stringify(operation.input)}`),
    settleRun: async run => void told.push(`settle ${JSON.stringify(run)}`),
    readRace: async () => aRace(FASTEST_LAP),
    warn: message => void told.push(message),
    ...overrides
  }
  return { told, signals, hear: createFacts(ports) }
}

const scheduled: Fact = { ...officialFact('start', 0), kind: 'schedule' }

describe('new facts of the ledger', () => {
  it('reach each race as one signal, in the order of the feed', async () => {
    const { signals, hear } = ledgerFeed()
    const other = { ...entryFact(9), raceId: 'night-race' }
    const own = [
      entryFact(1),
      ...laps(1, [900, 800]),
      correctionFact('run-1-1', {}),
      statusFact(1, 'dnf')
    ]
    await hear([own[0]!, other, ...own.slice(1)])
    expect(signals).toEqual([
      ['evening-race', own],
      ['night-race', [other]]
    ])
  })

  it('that judge what was held reach the race as other corrections do, and not its life', async () => {
    const { told, signals, hear } = ledgerFeed()
    await hear([judgeFact(1, 900, true)])
    expect(told).toEqual([])
    expect(signals).toEqual([['evening-race', [judgeFact(1, 900, true)]]])
  })

  it('about a person reach no race', async () => {
    const { signals, hear } = ledgerFeed()
    const look: Fact = { ...scheduled, raceId: PEOPLE, kind: 'look', competitorId: 'driver-1' }
    await hear([look, entryFact(1)])
    expect(signals).toEqual([['evening-race', [entryFact(1)]]])
  })

  it('start the life of a race and tell it what it may be waiting for', async () => {
    const { told, hear } = ledgerFeed()
    const open: Fact = { ...scheduled, kind: 'open', race: aRace(FASTEST_LAP) }
    const official = (['start', 'close', 'abort', 'confirm'] as const).map(k => officialFact(k, 0))
    await hear([scheduled, open, ...official, extendFact(30_000, 5_000), entryFact(1)])
    expect(told).toEqual([
      'life of evening-race',
      'tell open',
      'tell start',
      'tell close',
      'tell abort',
      'tell confirm',
      'tell extend'
    ])
  })

  it('bind a device to its run with the line of the course, and free it', async () => {
    const { told, hear } = ledgerFeed()
    await hear([runFact(1, 'run-1', 500), runEndFact('run-1', 9_000)])
    expect(told).toEqual([
      `car-1 run {"runId":"run-1","raceId":"evening-race","bib":1,"at":${GUN + 500},"course":{"line":{"x1":9,"y1":0,"x2":11,"y2":0}}}`,
      `car-1 runEnd {"runId":"run-1","at":${GUN + 9_000}}`,
      `settle {"runId":"run-1","at":${GUN + 9_000},"deviceId":"car-1"}`
    ])
  })

  it('bind a device with the edges of the course too, where it has them', async () => {
    const course = { courseId: 'round', name: 'Round', ...ROUND_COURSE }
    const operations: CarOperation[] = []
    const { hear } = ledgerFeed({
      readRace: async () => aRace(FASTEST_LAP, { course }),
      signalCar: async (_, operation) => void operations.push(operation)
    })
    await hear([runFact(1)])
    expect(operations).toMatchObject([{ name: 'run', input: { course: ROUND_COURSE } }])
  })

  it('bind a lap timer too, on a course without a line as well, and free it', async () => {
    const race = aRace(FASTEST_LAP, { course: { courseId: 'oval', name: 'Oval' } })
    const { told, hear } = ledgerFeed({ readRace: async () => race })
    const devices = { deviceId: undefined, sensorId: 'timer-1' }
    await hear([
      { ...runFact(1, 'run-1', 500), ...devices },
      { ...runEndFact('run-1', 9_000), ...devices }
    ])
    expect(told).toEqual([
      `timer-1 run {"runId":"run-1","raceId":"evening-race","bib":1,"at":${GUN + 500}}`,
      `timer-1 runEnd {"runId":"run-1","at":${GUN + 9_000}}`,
      `settle {"runId":"run-1","at":${GUN + 9_000},"sensorId":"timer-1"}`
    ])
  })

  it('bind and settle nothing of a run by hand', async () => {
    const { told, signals, hear } = ledgerFeed()
    const { deviceId: _, ...begun } = runFact(1)
    const { deviceId: __, ...ended } = runEndFact('run-1', 9_000)
    await hear([begun, ended])
    expect(told).toEqual([])
    expect(signals).toHaveLength(1)
  })

  it('bind a car with the resets that its race allows', async () => {
    const operations: (CarOperation | SensorOperation)[] = []
    const { hear } = ledgerFeed({
      readRace: async () => aRace(FASTEST_LAP, { allowedResets: 2 }),
      signalCar: async (_, operation) => void operations.push(operation)
    })
    await hear([runFact(1)])
    expect(operations).toMatchObject([{ name: 'run', input: { course: { allowedResets: 2 } } }])
  })

  it('bind nothing where the course has no line, and say so', async () => {
    const race = aRace(FASTEST_LAP, { course: { courseId: 'oval', name: 'Oval' } })
    const { told, signals, hear } = ledgerFeed({ readRace: async () => race })
    await hear([runFact(1)])
    expect(told).toEqual(['run run-1 is not timed by telemetry: its course has no line'])
    expect(signals).toHaveLength(1)
  })

  it.each([
    'startLife',
    'tellLife',
    'signalRace',
    'signalCar',
    'signalSensor',
    'settleRun',
    'readRace'
  ] as const)('are brought again when %s failed', async name => {
    const { hear } = ledgerFeed({
      [name]: async () => {
        throw new Error('away')
      }
    })
    const facts = [
      scheduled,
      officialFact('start', 0),
      { ...runFact(1), sensorId: 'timer-1' },
      runEndFact('run-1', 1)
    ]
    await expect(hear(facts)).rejects.toThrow('away')
  })
})
