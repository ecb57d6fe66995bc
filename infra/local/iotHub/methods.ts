import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../jsonServer.ts'
import { METHODS } from './topics.ts'

/** How often to look whether a device has come, ms. */
const LOOK_MS = 50

export type MethodCall = {
  methodName: string
  payload: unknown
  responseTimeoutInSeconds: number
  connectTimeoutInSeconds: number
}
export type MethodAnswer = { status: number; payload: unknown }

/** Direct methods: calls that a device answers at once or not at all. */
export type Methods = {
  /** Rejects with a refusal where the device is not online, or does not answer in time. */
  invoke(deviceId: string, call: MethodCall): Promise<MethodAnswer>
  /** Takes a device's answer; throws where its payload is not JSON. */
  answered(deviceId: string, rid: string, status: number, payload: string): void
}

/** `tell` sends to a device; false where it is away or does not hear. */
export function createMethods(
  tell: (deviceId: string, filter: string, topic: string, payload: string) => boolean
): Methods {
  /** By device and request, so that no device answers for another. */
  const waiting = new Map<string, (answer: MethodAnswer) => void>()
  let calls = 0

  async function send(deviceId: string, rid: number, call: MethodCall): Promise<void> {
    const topic = `$iothub/methods/POST/${call.methodName}/?$rid=${rid}`
    const until = Date.now() + call.connectTimeoutInSeconds * 1_000
    while (!tell(deviceId, METHODS, topic, JSON.stringify(call.payload))) {
      if (Date.now() >= until)
        throw new Refusal(404, 'DeviceNotOnline', 'Timed out waiting for device to connect.')
      await pause(LOOK_MS)
    }
  }

  return {
    async invoke(deviceId, call) {
      const rid = ++calls
      const key = `${deviceId} ${rid}`
      const { promise, resolve, reject } = Promise.withResolvers<MethodAnswer>()
      waiting.set(key, resolve)
      try {
        await send(deviceId, rid, call)
        const late = new Refusal(504, 'GatewayTimeout', 'Timed out waiting for the response.')
        const timer = setTimeout(() => reject(late), call.responseTimeoutInSeconds * 1_000)
        return await promise.finally(() => clearTimeout(timer))
      } finally {
        waiting.delete(key)
      }
    },
    answered(deviceId, rid, status, payload) {
      const answer = { status, payload: payload ? JSON.parse(payload) : null }
      const answered = waiting.get(`${deviceId} ${rid}`)
      if (answered) answered(answer)
      else console.error(`IoT Hub: ${deviceId} answers ${rid}, which nobody waits for`)
    }
  }
}
