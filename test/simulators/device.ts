import device, { type Twin } from 'azure-iot-device'
import { Mqtt } from 'azure-iot-device-mqtt'
import type { DeviceReport } from '#contract'
import type { Answer } from './door.ts'
import { persist } from './pause.ts'

const { Client, Message } = device

const FIRMWARE = '1.0.0'

/** How a device connects; with `cert` and `key`, in PEM, by certificate. */
export type DeviceLink = {
  deviceId: string
  connectionString: string
  cert?: string
  key?: string
}

/** What every device is opened with: the authority of the IoT Hub's certificate, and how long it lives. */
export type DeviceOptions = { caFile: string; log: (line: object) => void; signal: AbortSignal }

/** What a device is beside its link. */
type DeviceNature = {
  kind: NonNullable<DeviceReport['kind']>
  /** What it reports beside kind, firmware and link. */
  state?(): DeviceReport
  /** What officials may ask of it, beside `identify`, which every device answers. */
  methods?: Record<string, () => void>
  /** Told the wanted properties of its twin whenever it hears of them, changed or not. */
  wanted?(properties: Record<string, unknown>): void
}

/** A device that is connected to the IoT Hub. */
export type Device = {
  /** Sends a message; resolves when the hub has it, or with why not. */
  send(body: object): Promise<Answer>
  /** Reports the state to the twin. Nobody waits for it: the next report says it all again. */
  report(): void
}

/**
 * Connects a device by the official client, for as long as the signal lets it. Resolves when it knows what its twin
 * wants of it.
 */
export async function openDevice(
  { deviceId, connectionString, cert, key }: DeviceLink,
  { caFile, log, signal }: DeviceOptions,
  { kind, state = () => ({}), methods = {}, wanted = () => undefined }: DeviceNature
): Promise<Device> {
  const tell = (event: string) => (error: unknown) => log({ event, deviceId, why: String(error) })
  const ended = new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  let connections = 0
  let ackMs = 0

  const client = Client.fromConnectionString(connectionString, Mqtt)
  const stateNow = (): DeviceReport => ({
    kind,
    firmware: FIRMWARE,
    link: { ackMs, losses: Math.max(0, connections - 1) },
    ...state()
  })
  const noted = (error?: Error) => error && tell('no report')(error)
  let twin: Twin | undefined
  const report = () => twin?.properties.reported.update(stateNow(), noted)

  client.on('connect', () => {
    connections++
    // Orders are not kept for a device that is away: the twin then tells the present ones.
    if (twin) client.getTwin().catch(tell('no twin'))
  })
  client.on('error', tell('device error'))
  await client.setOptions({ ca: caFile, ...(cert && key ? { cert, key } : {}) })
  ended.then(() => client.close()).catch(tell('not closed'))
  const insist = <T>(what: string, action: () => Promise<T>) =>
    persist(action, { what: `${what} ${deviceId}`, log, signal })
  await insist('connect', () => client.open())
  const known = await insist('read the twin of', () => Promise.race([client.getTwin(), ended]))
  if (known) {
    twin = known
    const hear = () => {
      wanted(known.properties.desired)
      report()
    }
    known.on('error', tell('twin error'))
    known.on('properties.desired', hear)
    hear()
  }

  const identify = () => log({ event: 'identify', deviceId })
  for (const [name, act] of Object.entries({ ...methods, identify })) {
    client.onDeviceMethod(name, (_request, response) => {
      act()
      response.send(200, { deviceId, ...stateNow() }).then(report, tell(`no answer to ${name}`))
    })
  }

  async function send(body: object): Promise<Answer> {
    const message = new Message(JSON.stringify(body))
    message.contentType = 'application/json'
    message.contentEncoding = 'utf-8'
    const sentAt = performance.now()
    const answer = (status: number, why = '') => ({ status, body: why, retryAfterMs: undefined })
    try {
      // The client itself tries for minutes: longer than a demonstration takes to stop.
      await Promise.race([client.sendEvent(message), ended])
    } catch (error) {
      const isTooLarge = error instanceof Error && error.name === 'MessageTooLargeError'
      return answer(isTooLarge ? 413 : 0, String(error))
    }
    if (signal.aborted) return answer(0, 'stopped')
    ackMs = Math.round(performance.now() - sentAt)
    return answer(201)
  }

  return { send, report }
}
