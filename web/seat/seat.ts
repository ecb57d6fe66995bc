import type { RideReading } from '#contract/telemetry'
import type { HeldSeat } from './heldSeat.ts'
import { watchIdle } from './idleWatch.ts'
import type { Keep } from './keep.ts'
import { type Counts, openOutbox } from './outbox.ts'
import type { SeatApi } from './seatApi.ts'
import { type EndedWhy, openSeatLife, type SeatLife } from './seatLife.ts'
import type { ServerClock } from './serverClock.ts'
import { createThrottle } from './throttle.ts'

/** Who is told what happens to the seat. */
export type SeatSink = {
  /** Taken, remembered or renewed. */
  held(seat: HeldSeat): void
  /** Not held any more, and so many readings are left unsent. */
  ended(why: EndedWhy, left: number): void
  counted(counts: Counts): void
  /** Is anybody there? Until the instant by the page's clock; undefined: somebody is. */
  ask(until: number | undefined): void
  /** A failure that will be tried again. */
  error(error: unknown): void
}

type SeatOptions = {
  api: SeatApi
  raceId: string
  /** The least time between two readings, in ms. */
  everyMs: number
  clock: Pick<ServerClock, 'now'>
  lasting: Keep
  ofTab: Keep
  sink: SeatSink
  /** The page's window: it comes and goes, as does its network, and touches and keys are heard there. */
  page: EventTarget
  now(): number
  random(): number
  newKey(): string
}

/** One seat in one race with all that belongs to it. */
export type OpenSeat<R> = Pick<SeatLife, 'join' | 'resume' | 'renew' | 'freed' | 'seat'> & {
  /** The latest state: sent at most every `everyMs`, the last always. */
  offer(reading: Omit<R, 'seq'>): void
  /** Sends what the throttle still holds. */
  flush(): void
  /** Gives the seat back. */
  leave(): void
  close(): void
}

/** Opens what a page needs for a seat: its life, its outbox, and the watch over who sits on it. */
export function openSeat<R extends { seq: number } = RideReading>(
  options: SeatOptions
): OpenSeat<R> {
  const { api, raceId, sink, page, now, random } = options
  let outbox: ReturnType<typeof openOutbox<R>> | undefined
  let watch: { close(): void } | undefined

  /** The token that was renewed last: it holds for the backlog when the lease has ended with the race. */
  let latest: HeldSeat
  let over: EndedWhy | undefined
  let isTold = false

  const held = (seat: HeldSeat): void => {
    latest = seat
    outbox ??= openOutbox<R>({
      name: `${raceId}.${seat.bib}`,
      session: seat.session,
      keep: options.ofTab,
      send: (batch, last) => api.send(latest, batch, last),
      renew: life.renew,
      counted(counts) {
        sink.counted(counts)
        if (counts.waiting === 0) tell()
      },
      closed() {
        life.over()
        tell()
      },
      random
    })
    watch ??= watchIdle({
      idleMs: seat.idleMs,
      ask: sink.ask,
      gone: () => life.leave('idle'),
      target: page,
      now
    })
    sink.held(seat)
  }

  const stop = (): void => {
    page.removeEventListener('pagehide', away)
    page.removeEventListener('online', back)
    watch?.close()
    life.close()
  }

  const tell = (): void => {
    if (over === undefined || isTold) return
    isTold = true
    stop()
    outbox?.end()
    sink.ended(over, outbox?.counts().waiting ?? 0)
  }

  const life = openSeatLife({
    ...{ api, raceId, random, held },
    ...{ lasting: options.lasting, ofTab: options.ofTab, newKey: options.newKey },
    ended(why) {
      over = why
      // Leases end with the race; what was ridden until then may still arrive.
      if (why !== 'closed' || !outbox?.counts().waiting) tell()
    },
    error: sink.error,
    now: options.clock.now
  })

  const throttle = createThrottle<Omit<R, 'seq'>>(options.everyMs, value => outbox?.put(value), now)
  const away = (): void => {
    throttle.flush()
    outbox?.flush()
  }
  const back = (): void => {
    outbox?.hurry()
    life.renew()
  }
  page.addEventListener('pagehide', away)
  page.addEventListener('online', back)

  return {
    ...{ seat: life.seat, resume: life.resume, renew: life.renew },
    ...{ join: life.join, freed: life.freed, offer: throttle.offer, flush: throttle.flush },
    leave() {
      throttle.flush()
      outbox?.flush()
      life.leave()
    },
    close() {
      stop()
      outbox?.close()
    }
  }
}
