import * as v from 'valibot'
import { BACKLOG_MS, Seat, type SeatRequest } from '#contract'
import {
  type FieldAccount,
  newAccount,
  type PersonAccount,
  recordLatency,
  tally
} from './account.ts'
import { type Door, isDone, isPassing, openDoor, refusal } from './door.ts'
import { createDisturbance, type Faults } from './faults.ts'
import { createCard } from './names.ts'
import { createOutbox } from './outbox.ts'
import { pause } from './pause.ts'
import { createRandom, type Random } from './random.ts'
import { type TakenSeat, takeSeat } from './seat.ts'

/** People that register at the same time. */
const SEATING_AT_ONCE = 16
/** Keeps the randomness of a person's device on a day apart from that of the person. */
const OWN_STREAM = 2 ** 24
/** A seat is renewed so often in the time it is held; one that failed is repeated after so many ms. */
const RENEWALS = 3
const AGAIN_MS = 3_000
const NO_FAULTS: Faults = { duplicates: 0, late: 0, outOfOrder: 0 }

export type FieldOptions<R> = {
  /** Base of the public routes. */
  gateway: string
  raceId: string
  /** The same seed is the same people, who do otherwise on another day, from 1. */
  seed: number
  day?: number
  startsAt: number
  endsAt: number
  /** What is repeated is given up so long after the end, ms. */
  backlogMs?: number
  /** Server time in ms, never ahead of it; fractions make the latencies finer. */
  now: () => number
  faults?: Partial<Faults>
  /** How far ahead of server time devices' clocks are, by the person's number, ms. */
  clocks?: ReadonlyMap<number, number>
  /** What earlier races gave, by the person's number: with it they are the same competitors. New ones are kept there. */
  passes?: Map<number, string>
  /** Told of each seat that was taken, and of each acknowledgement. */
  onSeat?: (account: PersonAccount<R>) => void
  onAck?: (ack: { bib: number; session: number; readings: R[]; at: number }) => void
  signal?: AbortSignal
}

/** Somebody who has a seat. */
export type Seated<R> = {
  number: number
  /** When the seat was taken, server time. */
  takenAt: number
  account: PersonAccount<R>
  /** Sends a reading under the next number when its turn comes; `due` is the instant at which it was to be sent. */
  put(make: (seq: number) => R, due: number): void
}

/** A reading on its way. */
type Due<R> = { reading: R; due: number }
type Place<R> = Seated<R> & { finish(): void; settle(): Promise<R[]> }

/**
 * Seats a field at the gateway and lets it live through one race: readings are disturbed on purpose, sent one request
 * at a time each, repeated where they failed, and the seats held on to. `live` resolves once everything is put; people
 * who get their seat late appear in its list when they have it.
 */
export async function seatField<R extends { seq: number }>(
  options: FieldOptions<R> & { size: number },
  live: (field: readonly (Seated<R> | undefined)[], signal: AbortSignal) => Promise<void>
): Promise<FieldAccount<R>> {
  const { raceId, size, seed, day = 1, endsAt, now, passes } = options
  const account = newAccount<R>()
  const door = openDoor(options.gateway)
  const stop = new AbortController()
  const { backlogMs = BACKLOG_MS } = options
  const deadline = setTimeout(() => stop.abort(), endsAt + backlogMs - now())
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  // Dropping the connections ends what is under way; a signal per request would cost more than the request.
  signal.addEventListener('abort', () => door.close())
  const field: (Place<R> | undefined)[] = new Array(size)

  const seat = async (number: number) => {
    const pass = passes?.get(number)
    const card: SeatRequest = { ...createCard(seed, number), ...(pass ? { pass } : {}) }
    const random = createRandom(seed, number + OWN_STREAM * day)
    const taken = await takeSeat(door, raceId, card, { until: endsAt, now, random, signal })
    if (typeof taken === 'string') return tally(account.seatless, taken)
    passes?.set(number, taken.pass)
    field[number] = join(number, taken, random)
  }

  const join = (number: number, taken: TakenSeat, random: Random): Place<R> => {
    const part = partOf<R>(taken, options.clocks?.get(number) ?? 0)
    account.riders.push(part)
    options.onSeat?.(part)
    const lease = holdSeat(door, taken, { number, account, endsAt, now, signal })
    const outbox = createOutbox<Due<R>>({
      send: batch => door.post(`/races/${raceId}/telemetry`, bodyOf(batch), lease.token()),
      acknowledged(batch) {
        const at = now()
        account.acknowledged += batch.length
        for (const { reading, due } of batch) {
          part.acknowledged.push(reading)
          part.heardAt.push(at)
          recordLatency(account.latency, at - due)
        }
        const { bib, session } = part
        options.onAck?.({ bib, session, readings: batch.map(({ reading }) => reading), at })
      },
      refused: (batch, reason) => tally(account.refused, reason, batch.length),
      random,
      signal
    })
    const disturbance = createDisturbance<R>({ ...NO_FAULTS, ...options.faults }, random)
    let seq = 0
    // What was held back on purpose is due only now: the latency is the gateway's, not the fault's.
    const send = (readings: R[], due: number) => {
      if (readings.length === 0) return
      account.sent += readings.length
      outbox.put(...readings.map(reading => ({ reading, due })))
    }
    return {
      number,
      takenAt: now(),
      account: part,
      put: (make, due) => send(disturbance.pass(make(seq++)), due),
      finish: () => send(disturbance.rest(), now()),
      async settle() {
        const left = (await outbox.settle()).map(({ reading }) => reading)
        lease.end()
        return left
      }
    }
  }

  let next = 0
  const seatInTurn = async () => {
    while (next < size) await seat(next++)
  }
  const seating = Promise.all(Array.from({ length: SEATING_AT_ONCE }, seatInTurn))
  try {
    await Promise.all([live(field, signal), seating])
    const seated = field.filter(place => place !== undefined)
    for (const place of seated) place.finish()
    for (const place of seated) {
      place.account.unanswered = await place.settle()
      account.unanswered += place.account.unanswered.length
    }
  } finally {
    clearTimeout(deadline)
    stop.abort()
  }
  account.riders.sort((a, b) => a.bib - b.bib)
  return account
}

const partOf = <R>(taken: TakenSeat, skewMs: number): PersonAccount<R> => {
  const { bib, competitorId, nickname, session } = taken
  const none = { acknowledged: [], heardAt: [], unanswered: [] }
  return { bib, competitorId, nickname, session, skewMs, ...none }
}

/** Holds on to a seat until the race's end: each renewal gives another token, of the same session. */
function holdSeat(
  door: Door,
  { raceId, bib, idleMs, ...taken }: TakenSeat,
  options: {
    number: number
    account: Pick<FieldAccount, 'renewed' | 'seatless'>
    endsAt: number
    now: () => number
    signal: AbortSignal
  }
) {
  const { number, account, endsAt, now, signal } = options
  let { token } = taken
  const ended = new AbortController()
  const until = AbortSignal.any([signal, ended.signal])
  const keep = async () => {
    // Spread from the first, so that a field that sat down together does not renew as one.
    let wait = (idleMs / RENEWALS) * (0.5 + (number % SEATING_AT_ONCE) / (2 * SEATING_AT_ONCE))
    while (now() + wait < endsAt) {
      await pause(wait, until)
      if (until.aborted) return
      const answer = await door.post(`/races/${raceId}/seats/${bib}/renewal`, '', token)
      wait = isPassing(answer) ? (answer.retryAfterMs ?? AGAIN_MS) : idleMs / RENEWALS
      if (isDone(answer)) {
        token = v.parse(Seat, JSON.parse(answer.body)).token
        account.renewed++
      } else if (!isPassing(answer)) return tally(account.seatless, refusal(answer))
    }
  }
  keep().catch(error => tally(account.seatless, String(error)))
  return { token: () => token, end: () => ended.abort() }
}

const bodyOf = <R>(batch: Due<R>[]): string =>
  JSON.stringify(batch.length === 1 ? batch[0]!.reading : batch.map(({ reading }) => reading))
