import device from 'azure-iot-device'
import { Mqtt } from 'azure-iot-device-mqtt'
import type { CarBody } from '#contract'
import type { Answer } from './door.ts'
import { persist } from './pause.ts'
import { type CarAccount, type Drive, replay } from './replay.ts'

const { Client, Message } = device

const FIRMWARE = '1.0.0'
/** A full battery lasts so long on the track, in ms. */
const BATTERY_MS = 3_600_000
/** Packets between two reports of the car's state. */
const REPORT_PACKETS = 10

/** How a device connects; with `cert` and `key`, in PEM, by certificate. */
export type DeviceLink = {
  deviceId: string
  connectionString: string
  cert?: string
  key?: string
}

/** A car at the IoT Hub. */
export type MqttCar = {
  /** Replays a recorded run; a car that was stopped waits until it is released. */
  drive(run: Omit<Drive, 'signal'>): Promise<CarAccount>
}

/**
 * Connects a car by the official client, for as long as `signal` lets it. It reports its state to its twin and answers
 * three methods: `stop` lets it stand until `release`, `identify` says who it is.
 */
export async function openMqttCar(
  { deviceId, connectionString, cert, key }: DeviceLink,
  options: { caFile: string; log: (line: object) => void; signal: AbortSignal }
): Promise<MqttCar> {
  const { caFile, log, signal } = options
  const tell = (event: string) => (error: unknown) => log({ event, deviceId, why: String(error) })
  const ended = new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  let connections = 0
  let packets = 0
  let drivenMs = 0
  let ackMs = 0
  let halt = new AbortController()
  let release = Promise.withResolvers<void>()
  release.resolve()

  const state = () => ({
    firmware: FIRMWARE,
    battery: Math.max(0, Math.round(100 - (100 * drivenMs) / BATTERY_MS)),
    link: { ackMs, losses: Math.max(0, connections - 1) },
    stopped: halt.signal.aborted
  })
  const methods: Record<string, () => void> = {
    stop() {
      if (halt.signal.aborted) return
      release = Promise.withResolvers()
      halt.abort()
    },
    release() {
      halt = new AbortController()
      release.resolve()
    },
    identify: () => log({ event: 'identify', deviceId })
  }

  const client = Client.fromConnectionString(connectionString, Mqtt)
  client.on('connect', () => {
    connections++
  })
  client.on('error', tell('device error'))
  await client.setOptions({ ca: caFile, ...(cert && key ? { cert, key } : {}) })
  ended.then(() => client.close()).catch(tell('not closed'))
  await persist(() => client.open(), { what: `connect ${deviceId}`, log, signal })

  /** Nobody waits for it: over a lost link an answer may never come, and the next report says it all again. */
  const report = () => {
    const update = async () => (await client.getTwin()).properties.reported.update(state(), noted)
    const noted = (error?: Error) => error && tell('no report')(error)
    update().catch(tell('no report'))
  }
  for (const [name, act] of Object.entries(methods)) {
    client.onDeviceMethod(name, (_request, response) => {
      act()
      response.send(200, { deviceId, ...state() }).then(report, tell(`no answer to ${name}`))
    })
  }
  report()

  async function send(body: CarBody): Promise<Answer> {
    const { readings } = body
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
    drivenMs += readings.at(-1)!.t - readings[0]!.t
    if (++packets % REPORT_PACKETS === 0) report()
    return answer(201)
  }

  return {
    async drive(run) {
      await Promise.race([release.promise, ended])
      return replay({ ...run, signal }, { send, halt: halt.signal })
    }
  }
}
