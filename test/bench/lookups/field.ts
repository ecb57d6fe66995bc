import { setTimeout as pause } from 'node:timers/promises'
import { EventHubProducerClient } from '@azure/event-hubs'
import { SEATS_PER_LANE } from '#contract'
import { createRider } from '../../simulators/rider.ts'

/** Batches of readings a second: each holds the riders of one part of a lane. */
const SLICE_RIDERS = 200

/** The one argument, as JSON; instants in ms since 1970. */
export type FieldOptions = {
  connectionString: string
  hub: string
  raceId: string
  riders: number
  startsAt: number
  endsAt: number
}

/** A field that rides past the gateway: its readings go into the hub by the official client, stamped as the gateway stamps them. */
async function ride(options: FieldOptions): Promise<void> {
  const { connectionString, hub, raceId, riders, startsAt, endsAt } = options
  const producer = new EventHubProducerClient(connectionString, hub)
  const field = Array.from({ length: riders }, (_, number) =>
    createRider({ seed: 1, number, durationMs: endsAt - startsAt })
  )
  const slices = Math.ceil(riders / SLICE_RIDERS)
  for (let turn = slices; ; turn++) {
    const due = startsAt + (turn * 1_000) / slices
    if (due > endsAt) break
    await pause(Math.max(0, due - Date.now()))
    const from = (turn % slices) * SLICE_RIDERS
    const partitionKey = `${raceId}.${Math.floor(from / SEATS_PER_LANE)}`
    const events = field.slice(from, from + SLICE_RIDERS).map((rider, i) => {
      rider.step(1_000)
      const bib = from + i + 1
      const body = rider.reading(Math.floor(turn / slices) - 1, Math.floor(due))
      return { body, properties: { race: raceId, bib: String(bib), session: '1' } }
    })
    await producer.sendBatch(events, { partitionKey })
  }
  await producer.close()
}

if (import.meta.main) {
  process.once('disconnect', () => process.exit())
  await ride(JSON.parse(process.argv[2] ?? '') as FieldOptions)
  process.disconnect?.()
}
