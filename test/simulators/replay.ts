import type { CarBody, CarReading } from '#contract'
import { type Account, createCountedOutbox } from './countedOutbox.ts'
import type { Answer } from './door.ts'
import { pause } from './pause.ts'
import { packBySecond } from './recording.ts'

/** One drive of a recorded car. */
export type Drive = {
  /** Counts the car's starts: higher than ever before. */
  boot: number
  readings: CarReading[]
  now: () => number
  /** How many times faster than it was driven; 1 unless told. */
  speed?: number
  /** Ends all: what is not sent by then stays unanswered. */
  signal?: AbortSignal
}

/**
 * Drives a recorded run, in packets of `packMs` of the car's clock; what fails waits and goes first, in order.
 * From `halt` on the car stands: what it has driven is still sent.
 */
export async function replay(
  drive: Drive,
  link: { send(body: CarBody): Promise<Answer>; packMs: number; halt?: AbortSignal }
): Promise<Account> {
  const { boot, readings, now, speed = 1, signal = new AbortController().signal } = drive
  const outbox = createCountedOutbox<CarReading>({
    send: packet => link.send({ boot, readings: packet }),
    seed: boot,
    signal
  })
  const driving = link.halt ? AbortSignal.any([signal, link.halt]) : signal
  const startedAt = now()
  const zero = readings[0]?.t ?? 0
  for (const packet of packBySecond(readings, link.packMs)) {
    await pause(startedAt + (packet.at(-1)!.t - zero) / speed - now(), driving)
    if (driving.aborted) break
    outbox.put(...packet)
  }
  return outbox.settle()
}
