import type { CarBody, CarReading } from '#contract'
import { tally } from './account.ts'
import { openDoor } from './door.ts'
import { createOutbox } from './outbox.ts'
import { pause } from './pause.ts'
import { createRandom } from './random.ts'
import { packBySecond } from './recording.ts'

export type CarOptions = {
  /** Base of the public routes. */
  gateway: string
  deviceId: string
  /** Counts the car's starts: higher than ever before. */
  boot: number
  readings: CarReading[]
  /** The car's token; a rejection is tried again like a failing gateway. */
  token: () => Promise<string>
  now: () => number
  /** How many times faster than it was driven; 1 unless told. */
  speed?: number
  signal?: AbortSignal
}
/** What a car has sent, in readings: their sum is what was due until the signal. */
export type CarAccount = {
  acknowledged: number
  refused: Record<string, number>
  unanswered: number
}

/** Replays a recorded run through the gateway, a packet a second; what fails waits and goes first, in order. */
export async function replayCar(options: CarOptions): Promise<CarAccount> {
  const { deviceId, boot, now, speed = 1, signal = new AbortController().signal } = options
  const account: CarAccount = { acknowledged: 0, refused: {}, unanswered: 0 }
  const door = openDoor(options.gateway)
  const closeDoor = () => door.close()
  signal.addEventListener('abort', closeDoor)
  const outbox = createOutbox<CarReading>({
    async send(readings) {
      const body: CarBody = { boot, readings }
      try {
        const token = await options.token()
        return await door.post(`/cars/${deviceId}/telemetry`, JSON.stringify(body), token)
      } catch (error) {
        return { status: 0, body: String(error), retryAfterMs: undefined }
      }
    },
    acknowledged(batch) {
      account.acknowledged += batch.length
    },
    refused: (batch, reason) => tally(account.refused, reason, batch.length),
    random: createRandom(boot),
    signal
  })
  const startedAt = now()
  const zero = options.readings[0]?.t ?? 0
  for (const packet of packBySecond(options.readings)) {
    await pause(startedAt + (packet.at(-1)!.t - zero) / speed - now(), signal)
    if (signal.aborted) break
    outbox.put(...packet)
  }
  account.unanswered = (await outbox.settle()).length
  signal.removeEventListener('abort', closeDoor)
  door.close()
  return account
}
