import type { Crossing } from '#contract'
import { type Account, createCountedOutbox } from './countedOutbox.ts'
import { type DeviceLink, type DeviceOptions, openDevice } from './device.ts'
import type { Passing } from './passings.ts'
import { pause } from './pause.ts'

/** From a car's front axle to its rear one, in metres. */
const WHEELBASE_M = 0.164
/** From the first of two strips, which is the line, to the second, in metres. */
const STRIPS_M = 0.02

/** One run that is timed. */
export type Watch = {
  /** Counts the timer's starts: higher than ever before. */
  boot: number
  /** When the run begins, in ms of the recording's clock, and where it passes the line. */
  zero: number
  passings: Passing[]
  now: () => number
  /** How many times faster than it was driven; 1 unless told. */
  speed?: number
  /** From then on no car comes: what was felt is still sent. */
  halt?: AbortSignal
}

/** A lap timer at the IoT Hub. */
export type MqttTimer = {
  /** Starts anew and feels every passing of a run; resolves when all is sent. */
  time(watch: Watch): Promise<Account>
}

/** Opens a lap timer of two strips at one line, each of which feels both axles of a car. */
export async function openMqttTimer(link: DeviceLink, options: DeviceOptions): Promise<MqttTimer> {
  const device = await openDevice(link, options, { kind: 'timer' })
  const { signal } = options
  return {
    async time({ boot, zero, passings, now, speed = 1, halt }) {
      const outbox = createCountedOutbox<Crossing>({
        send: crossings => device.send({ boot, crossings }),
        seed: boot,
        signal
      })
      const feeling = halt ? AbortSignal.any([signal, halt]) : signal
      const startedAt = now()
      for (const pulse of pulsesOf(passings, zero)) {
        await pause(startedAt + pulse.t / speed - now(), feeling)
        if (feeling.aborted) break
        outbox.put(pulse)
      }
      device.report()
      return outbox.settle()
    }
  }
}

/**
 * What the strips feel of passings, in order, by a clock that begins at `zero`: the first pulse of each passing is the
 * moment that counts, to the ms, and three more follow as the strips and axles lie apart.
 */
export const pulsesOf = (passings: Passing[], zero: number): Crossing[] =>
  passings
    .flatMap(({ t, speed }) =>
      [0, WHEELBASE_M].flatMap(axle =>
        [0, STRIPS_M].map((strip, sensor) => ({
          t: Math.round(t - zero + ((axle + strip) / speed) * 1_000),
          sensor
        }))
      )
    )
    .toSorted((a, b) => a.t - b.t)
    .map((pulse, seq) => ({ seq, ...pulse }))
