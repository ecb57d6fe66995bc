import { openDoor } from './door.ts'
import { type CarAccount, type Drive, replay } from './replay.ts'

export type CarOptions = Drive & {
  /** Base of the public routes. */
  gateway: string
  deviceId: string
  /** The car's token; a rejection is tried again like a failing gateway. */
  token: () => Promise<string>
}

/** Replays a recorded run through the gateway. */
export async function replayCar(options: CarOptions): Promise<CarAccount> {
  const { deviceId, signal } = options
  const door = openDoor(options.gateway)
  const closeDoor = () => door.close()
  signal?.addEventListener('abort', closeDoor)
  const account = await replay(options, {
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
