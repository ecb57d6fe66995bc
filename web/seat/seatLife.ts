import type { FreedWhy } from '#contract/channel'
import type { Seat, SeatRequest } from '#contract/seats'
import { ApiError } from '../call.ts'
import {
  forgetPass,
  type HeldSeat,
  keepPass,
  keepSeat,
  passOf,
  seatOf,
  sessionOf
} from './heldSeat.ts'
import type { Keep } from './keep.ts'
import { isPassing, kindOf, type SeatApi } from './seatApi.ts'

/** A renewal that failed is repeated after this, in ms, give or take a half. */
const AGAIN_MS = 3_000
/** The lease is renewed so often in its time. */
const RENEWALS = 3
/** A token lasts a quarter of an hour: it is renewed in good time, however long a seat may idle, in ms. */
const RENEW_MS = 300_000

/** Why a seat is no longer held: given back, freed for want of a sign of life, or over with the race. */
export type EndedWhy = FreedWhy | 'closed'

type LifeOptions = {
  api: Pick<SeatApi, 'take' | 'renew' | 'leave'>
  raceId: string
  /** Of the person, for the pass, and of the tab, for the seat. */
  lasting: Keep
  ofTab: Keep
  /** Another token, or none any more. */
  held(seat: HeldSeat): void
  ended(why: EndedWhy): void
  /** A failure that will be tried again. */
  error(error: unknown): void
  /** The server's time, in ms. */
  now(): number
  random(): number
  newKey(): string
}

/** A seat's life in one race: taken or remembered, renewed, and given back or lost. */
export type SeatLife = {
  /** The seat that is held now. */
  seat(): HeldSeat | undefined
  /** The seat that this tab had before a reload, where it may still be held. */
  resume(): HeldSeat | undefined
  /** Takes a seat. Throws `ApiError`. The same request again after a lost answer is the same attempt. */
  join(request: Omit<SeatRequest, 'pass'>, account?: string): Promise<HeldSeat>
  /** Renews the lease and the token now; false when the seat is no longer held, or nobody answers. */
  renew(): Promise<boolean>
  /** The `seats` frame says that these seats are free. */
  freed(seats: readonly { bib: number; why: FreedWhy }[]): void
  /** The API takes no more of it. */
  over(): void
  /** Gives the seat back, for the reason that is then told. */
  leave(why?: FreedWhy): void
  /** Stops renewing; the seat stays as it is. */
  close(): void
}

const isOfPass = (error: unknown): boolean =>
  error instanceof ApiError && !!error.problem?.errors?.some(({ pointer }) => pointer === '/pass')

/** Looks after one seat. */
export function openSeatLife(options: LifeOptions): SeatLife {
  const { api, raceId, lasting, ofTab, now, random } = options
  let seat: HeldSeat | undefined
  let attempt: { key: string; of: string } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let renewing: Promise<boolean> | undefined

  const end = (why: EndedWhy): void => {
    if (!seat) return
    seat = undefined
    clearTimeout(timer)
    keepSeat(ofTab, raceId, undefined)
    options.ended(why)
  }

  const hold = (next: Seat, session: number): HeldSeat => {
    seat = { ...next, session, renewedAt: now() }
    keepSeat(ofTab, raceId, seat)
    keepPass(lasting, next.pass)
    options.held(seat)
    plan(Math.min(next.idleMs / RENEWALS, RENEW_MS))
    return seat
  }

  const plan = (wait: number): void => {
    clearTimeout(timer)
    timer = setTimeout(renew, wait)
  }

  const ask = async (): Promise<boolean> => {
    if (!seat) return false
    const asked = seat
    try {
      const renewed = await api.renew(asked)
      if (seat !== asked) return false
      hold(renewed, asked.session)
      return true
    } catch (error) {
      if (seat !== asked) return false
      if (kindOf(error) === 'session-closed') end('closed')
      else if (isPassing(error) || !(error instanceof ApiError)) {
        // Without a network the lease may still hold: the API alone knows.
        options.error(error)
        const wait = AGAIN_MS * (0.5 + random())
        plan(Math.max(wait, error instanceof ApiError ? error.retryAfterMs : 0))
      } else end('idle')
      return false
    }
  }

  const renew = (): Promise<boolean> => {
    renewing ??= ask().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  return {
    seat: () => seat,
    resume() {
      seat = seatOf(ofTab, raceId)
      if (!seat) return undefined
      options.held(seat)
      renew()
      return seat
    },
    async join(request, account) {
      const of = JSON.stringify(request)
      if (attempt?.of !== of) attempt = { key: options.newKey(), of }
      const { key } = attempt
      const pass = passOf(lasting)
      const take = (more: Pick<SeatRequest, 'pass'>) =>
        api.take(raceId, { ...request, ...more }, key, account)
      try {
        const taken = await take(pass === undefined ? {} : { pass }).catch(error => {
          if (!isOfPass(error)) throw error
          // A pass ends after a year: whoever brings an old one is somebody new.
          forgetPass(lasting)
          return take({})
        })
        attempt = undefined
        return hold(taken, sessionOf(taken.token))
      } catch (error) {
        // What was refused is no attempt any more; what was lost on the way is asked for by the same key.
        if (!isPassing(error)) attempt = undefined
        throw error
      }
    },
    renew,
    freed(seats) {
      const mine = seats.find(({ bib }) => bib === seat?.bib)
      if (mine) end(mine.why)
    },
    over: () => end('closed'),
    leave(why = 'left') {
      if (!seat) return
      api.leave(seat).catch(options.error)
      end(why)
    },
    close() {
      clearTimeout(timer)
      seat = undefined
    }
  }
}
