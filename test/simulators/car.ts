import type { Account } from './countedOutbox.ts'
import { openDoor } from './door.ts'
import { type Drive, replay } from './replay.ts'

/** Most of the car's clock in one request, in ms: the hub places a run's first readings by it, no further back than this. */
const PACK_MAX_MS = 2_000

export type CarOptions = Drive & {
  /** Base of the public routes. */
  gateway: string
  deviceId: string
  /** The car's token; a rejection is tried again like a failing gateway. */
  token: () => Promise<string>
}

/** Replays a recorded run through the gateway, which takes two requests a second: one, or more above twice the recorded speed. */
export async function replayCar(options: CarOptions): Promise<Account> {
  const { deviceId, signal, speed = 1 } = options
  const door = openDoor(options.gateway)
  const closeDoor = () => door.close()
  signal?.addEventListener('abort', closeDoor)
  const account = await replay(options, {
    packMs: Math.min(1_000 * speed, PACK_MAX_MS),
    async send(body) {
      try {
        const token = await options.token()
        return await door.post(`/cars/${deviceId}/telemetry`, JSON.stringify(body), token)
      } catch (error) {
        return { status: 0, body: String(error), retryAfterMs: undefined }
      }
    }
  })
  signal?.removeEventListener('abort', closeDoor)
  door.close()
  return account
}
