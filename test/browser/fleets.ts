import type { Board, Directory, FleetDevice } from '#contract'
import { directory, timeTrial } from './boards.ts'

const car = (deviceId: string, changes: Partial<FleetDevice> = {}): FleetDevice => ({
  deviceId,
  enabled: true,
  connected: true,
  lastSeen: Date.now() - 900,
  stopOrdered: false,
  ...changes,
  reported: {
    kind: 'car',
    firmware: '2.1.0',
    battery: 83,
    link: { ackMs: 24, losses: 0 },
    stopped: false,
    ...changes.reported
  }
})

/** A fleet in which everything that can happen has happened to somebody. */
export const troubledFleet = (): FleetDevice[] => [
  car('car-1'),
  car('car-2', {
    connected: false,
    lastSeen: Date.now() - 75_000,
    reported: { battery: 41, link: { ackMs: 180, losses: 3 } }
  }),
  car('car-3', { reported: { battery: 12, link: { ackMs: 720, losses: 1 } } }),
  car('car-4', { stopOrdered: true, connected: false, lastSeen: Date.now() - 9_000_000 }),
  car('car-5', { stopOrdered: true, reported: { stopped: true } }),
  car('car-10', { enabled: false, connected: false, lastSeen: null, reported: {} }),
  car('timer-1', { reported: { kind: 'timer', battery: 100, link: { ackMs: 8, losses: 0 } } })
]

/** Two cars without a fault, and a timer. */
export const soundFleet = (): FleetDevice[] => [
  car('car-1'),
  car('car-2'),
  car('timer-1', { reported: { kind: 'timer', battery: 100 } })
]

/** A time trial in which these cars drive for these bibs. */
export function raceOf(cars: Record<string, number>): [Board, Directory] {
  const board = timeTrial('final', Date.now())
  const racing = Object.entries(cars).map(([deviceId, bib], index) => ({
    runId: `run-${index}`,
    bib,
    deviceId,
    since: Date.now() - 60_000,
    laps: 3,
    last: null,
    best: null,
    resets: 0,
    allowedResets: null,
    pausedAt: null,
    pausedMs: 0,
    runMs: null
  }))
  return [{ ...board, racing }, directory('final')]
}
