import type { CarBody, CarReading } from '#contract'
import { tally } from './account.ts'
import type { Answer } from './door.ts'
import { createOutbox } from './outbox.ts'
import { pause } from './pause.ts'
import { createRandom } from './random.ts'
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
/** What a car has sent, in readings: their sum is what was due until the signal. */
export type CarAccount = {
  acknowledged: number
  refused: Record<string, number>
  unanswered: number
}

/**
 * Drives a recorded run, a packet a second; what fails waits and goes first, in order. From `halt` on the car stands:
 * what it has driven is still sent.
 */
export async function replay(
  drive: Drive,
  link: { send(body: CarBody): Promise<Answer>; halt?: AbortSignal }
): Promise<CarAccount> {
  const { boot, readings, now, speed = 1, signal = new AbortController().signal } = drive
  const account: CarAccount = { acknowledged: 0, refused: {}, unanswered: 0 }
  const outbox = createOutbox<CarReading>({
    send: packet => link.send({ boot, readings: packet }),
    acknowledged(batch) {
      account.acknowledged += batch.length
    },
    refused: (batch, reason) => tally(account.refused, reason, batch.length),
    random: createRandom(boot),
    signal
  })
  const driving = link.halt ? AbortSignal.any([signal, link.halt]) : signal
  const startedAt = now()
  const zero = readings[0]?.t ?? 0
  for (const packet of packBySecond(readings)) {
    await pause(startedAt + (packet.at(-1)!.t - zero) / speed - now(), driving)
    if (driving.aborted) break
    outbox.put(...packet)
  }
  account.unanswered = (await outbox.settle()).length
  return account
}
