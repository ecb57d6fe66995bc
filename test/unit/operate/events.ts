import type { RideReading } from '#contract'
import type { ArchivedEvent } from '../../../infra/operate/archivedEvent.ts'

export const START = 1_800_000_000_000

/** A reading measured `second` s after the start. */
export const reading = (second: number, more: Partial<RideReading> = {}): RideReading => ({
  seq: second,
  t: START + second * 1_000,
  cadence: 90,
  resistance: 40,
  power: 200,
  distance: second * 10_000,
  work: second * 200,
  ...more
})

/** An archived event of rider 1 of `ride`, which came when its last reading was measured. */
export const archived = (
  readings: object | object[],
  more: Partial<ArchivedEvent> = {}
): ArchivedEvent => ({
  partition: '3',
  sequence: 0,
  enqueued: ([readings].flat() as { t?: number }[]).at(-1)?.t ?? START + 100,
  isExact: true,
  key: 'ride.0',
  properties: { race: 'ride', bib: '1', session: '7' },
  body: Buffer.from(JSON.stringify(readings)),
  ...more
})
