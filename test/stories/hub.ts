import type { HubEvent } from '../../functions/stages/telemetry.ts'
import { GUN } from './races.ts'

/** A rider's reading as the phone sends it. */
export const rideBody = (seq = 0) => ({
  seq,
  t: GUN + seq * 1_000,
  cadence: 90,
  resistance: 50,
  power: 200,
  distance: seq * 8_000,
  work: seq * 200
})

/** A player's reading as the game sends it. */
export const gameBody = (seq = 0) => ({
  seq,
  t: GUN + seq * 1_000,
  score: seq * 10,
  level: 1,
  lives: 3,
  shots: seq
})

/** An event of the hub, as the front door stamped it. */
export const hubEvent = (
  body: unknown,
  properties: Record<string, unknown> = { race: 'evening-race', bib: '7', session: '1000' },
  sequence = 1
): HubEvent => ({ body, properties, partition: '4', sequence, enqueued: GUN + 500 })
