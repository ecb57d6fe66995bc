import { BACKLOG_MS, type RideReading } from '#contract'
import { newAccount, type RideAccount, type RiderAccount, tally } from './account.ts'
import { openDoor } from './door.ts'
import { createDisturbance, type Disturbance, type Faults } from './faults.ts'
import { createCard } from './names.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { pause } from './pause.ts'
import { createRandom, type Random } from './random.ts'
import { createRider, type Rider } from './rider.ts'
import { type TakenSeat, takeSeat } from './seat.ts'

/** Riders that register at the same time. */
const SEATING_AT_ONCE = 16
/** Keeps the randomness of a rider's device apart from that of the rider. */
const OWN_STREAM = 2 ** 24
const NO_FAULTS: Faults = { duplicates: 0, late: 0, outOfOrder: 0 }

/** A reading on its way, with the instant it was due to be sent. */
type Due = { reading: RideReading; due: number }
type Seated = {
  rider: Rider
  account: RiderAccount
  outbox: Outbox<Due>
  disturbance: Disturbance<RideReading>
  seq: number
  /** Until when the rider has ridden. */
  riddenTo: number
}

export type RideOptions = {
  /** Base of the public routes. */
  gateway: string
  raceId: string
  riders: number
  /** The same seed rides the same race. */
  seed: number
  startsAt: number
  endsAt: number
  /** Server time in ms; fractions make the latencies finer. */
  now: () => number
  faults?: Partial<Faults>
  /** Told of each acknowledgement. */
  onAck?: (ack: { bib: number; session: number; readings: RideReading[]; at: number }) => void
  signal?: AbortSignal
}

/**
 * Rides one race through the gateway: takes the seats, sends one reading a second and rider, rider `i` of `n`
 * at `i/n` of the second, and repeats what failed until `BACKLOG_MS` after the end. The last reading is
 * measured at the end itself. Riders who get their seat late ride from then on.
 */
export async function rideRace(options: RideOptions): Promise<RideAccount> {
  const { raceId, riders, seed, startsAt, endsAt, now } = options
  const account = newAccount()
  const door = openDoor(options.gateway)
  const stop = new AbortController()
  const deadline = setTimeout(() => stop.abort(), endsAt + BACKLOG_MS - now())
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  // Dropping the connections ends what is under way; a signal per request would cost more than the request.
  signal.addEventListener('abort', () => door.close())
  const field: Array<Seated | undefined> = new Array(riders)

  const seat = async (number: number) => {
    const card = createCard(seed, number)
    const random = createRandom(seed, number + OWN_STREAM)
    const taken = await takeSeat(door, raceId, card, { until: endsAt, now, random, signal })
    if (typeof taken === 'string') tally(account.seatless, taken)
    else field[number] = join(number, card.nickname, taken, random)
  }

  const join = (number: number, nickname: string, taken: TakenSeat, random: Random): Seated => {
    const { bib, competitorId, session, token } = taken
    const who = { bib, competitorId, nickname, session }
    const part: RiderAccount = { ...who, acknowledged: [], unanswered: [] }
    account.riders.push(part)
    const outbox = createOutbox<Due>({
      send: batch => door.post(`/races/${raceId}/telemetry`, bodyOf(batch), token),
      acknowledged(batch) {
        const at = now()
        const readings = batch.map(({ reading }) => reading)
        account.acknowledged += batch.length
        part.acknowledged.push(...readings)
        for (const { due } of batch) {
          account.latency.recordValue(Math.max(0, Math.round((at - due) * 1_000)))
        }
        options.onAck?.({ bib, session, readings, at })
      },
      refused: (batch, reason) => tally(account.refused, reason, batch.length),
      random,
      signal
    })
    const riddenTo = Math.max(startsAt, now())
    return {
      rider: createRider({ seed, number, durationMs: endsAt - riddenTo }),
      disturbance: createDisturbance({ ...NO_FAULTS, ...options.faults }, random),
      account: part,
      outbox,
      seq: 0,
      riddenTo
    }
  }

  const put = (seated: Seated, readings: RideReading[], due: number) => {
    if (readings.length === 0) return
    account.sent += readings.length
    // What was held back on purpose is due only now: the latency is the gateway's, not the fault's.
    seated.outbox.put(...readings.map(reading => ({ reading, due })))
  }

  const measure = (seated: Seated, due: number) => {
    const t = Math.min(endsAt, Math.floor(due))
    if (t < seated.riddenTo) return
    seated.rider.step(t - seated.riddenTo)
    seated.riddenTo = t
    put(seated, seated.disturbance.pass(seated.rider.reading(seated.seq++, t)), due)
  }

  /** One pass over the field takes a second; the first readings are due a second after the start. */
  const pace = async () => {
    const passes = Math.floor((endsAt - startsAt) / 1_000)
    for (let turn = riders; turn < (passes + 1) * riders; turn++) {
      const due = startsAt + (turn * 1_000) / riders
      if (due > now()) await pause(due - now(), signal)
      if (signal.aborted) return
      const seated = field[turn % riders]
      if (seated) measure(seated, due)
    }
  }

  let next = 0
  const seatInTurn = async () => {
    while (next < riders) await seat(next++)
  }
  const seating = Promise.all(Array.from({ length: SEATING_AT_ONCE }, seatInTurn))
  try {
    await Promise.all([pace(), seating])
    const seated = field.filter(rider => rider !== undefined)
    for (const rider of seated) put(rider, rider.disturbance.rest(), now())
    for (const { outbox, account: part } of seated) {
      part.unanswered = (await outbox.settle()).map(({ reading }) => reading)
      account.unanswered += part.unanswered.length
    }
  } finally {
    clearTimeout(deadline)
    stop.abort()
  }
  account.riders.sort((a, b) => a.bib - b.bib)
  return account
}

const bodyOf = (batch: Due[]): string =>
  batch.length === 1
    ? JSON.stringify(batch[0]!.reading)
    : JSON.stringify(batch.map(({ reading }) => reading))
