import { BATCH_MAX_READINGS } from '#contract/telemetry'
import { ApiError } from '../call.ts'
import type { Keep } from './keep.ts'
import { isPassing, kindOf } from './seatApi.ts'

/** After a failure the same batch is sent again after the first, in ms; twice as late each time, up to the second. */
const AGAIN_MS = 500
const AGAIN_MAX_MS = 4_000
/** Most readings that wait, half an hour of a ride; beyond that the oldest go, and are counted. */
const WAITING_MAX = 2_048

/** What became of the readings of this session. */
export type Counts = {
  /** Acknowledged. */
  sent: number
  waiting: number
  /** Refused for what they are, or given up. */
  lost: number
}

type Stored<R> = Counts & { session: number; next: number; readings: R[] }

type OutboxOptions<R> = {
  /** Names the seat: a reload with the same name and session goes on with its sequence numbers and with what waited. */
  name: string
  /** The claim of the seat's token. */
  session: number
  keep: Keep
  /** Sends readings in their order; throws `ApiError`. `last`: the page goes. */
  send(batch: readonly R[], last: boolean): Promise<void>
  /** The token does not hold although the session may: gets another one. False when there is none. */
  renew(): Promise<boolean>
  counted(counts: Counts): void
  /** The session ended: nothing more is taken, and what waits stays unsent. */
  closed(): void
  random(): number
}

/** Sends readings one request at a time, the oldest first, and repeats what may yet succeed. What waits outlives a reload. */
export function openOutbox<R extends { seq: number }>(options: OutboxOptions<R>) {
  const { keep, send, renew, session, random } = options
  const name = `grandstand.outbox.${options.name}`
  const fresh: Stored<R> = { session, next: 0, readings: [], sent: 0, waiting: 0, lost: 0 }
  const stored = restore<R>(keep.read(name), session) ?? fresh
  let { next, readings, sent, lost } = stored
  let vain = 0
  let renewed = false
  let busy = false
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const counts = (): Counts => ({ sent, waiting: readings.length, lost })
  const told = (): void => {
    const state: Stored<R> = { session, next, readings, ...counts() }
    keep.write(name, JSON.stringify(state))
    options.counted(counts())
  }

  const end = (): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    keep.write(name, undefined)
    options.closed()
  }

  const drop = (batch: readonly R[]): void => {
    const last = batch.at(-1)?.seq ?? -1
    readings = readings.filter(({ seq }) => seq > last)
  }

  /** What comes after a failure: how long to wait, in ms. */
  const failed = async (batch: readonly R[], error: unknown): Promise<number> => {
    if (kindOf(error) === 'session-closed') {
      end()
      return 0
    }
    if (error instanceof ApiError && error.status === 401 && !renewed) {
      renewed = true
      if (await renew()) return 0
    }
    if (error instanceof ApiError && error.status === 401) {
      end()
      return 0
    }
    if (isPassing(error)) {
      const wait = Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** vain++) * (0.75 + random() / 2)
      return Math.max(wait, error instanceof ApiError ? error.retryAfterMs : 0)
    }
    // Refused for what it is: the same again would be refused again, and hold up what follows.
    lost += batch.length
    drop(batch)
    return 0
  }

  const pump = async (): Promise<void> => {
    clearTimeout(timer)
    if (busy || ended || readings.length === 0) return
    busy = true
    const batch = readings.slice(0, BATCH_MAX_READINGS)
    let wait = 0
    try {
      await send(batch, false)
      sent += batch.length
      vain = 0
      renewed = false
      drop(batch)
    } catch (error) {
      wait = await failed(batch, error)
    }
    busy = false
    if (ended) return
    told()
    if (wait > 0) timer = setTimeout(pump, wait)
    else pump()
  }

  told()
  pump()

  return {
    /** Takes a reading, numbers it and sends it when its turn comes. */
    put(reading: Omit<R, 'seq'>): void {
      if (ended) return
      readings = [...readings, { ...reading, seq: next++ } as R]
      const over = readings.length - WAITING_MAX
      if (over > 0) {
        lost += over
        readings = readings.slice(over)
      }
      told()
      // A batch that failed is waited for: what is new stands behind it.
      if (vain === 0) pump()
    },
    counts,
    /** The network is back, or somebody cannot wait: sends at once what waits. */
    hurry(): void {
      pump()
    },
    /** The page goes: sends what waits without waiting for the answer. What was sent twice counts once. */
    flush(): void {
      if (!ended && readings.length > 0) {
        send(readings.slice(0, BATCH_MAX_READINGS), true).catch(() => undefined)
      }
    },
    /** Sends no more, and keeps what waits. */
    close(): void {
      ended = true
      clearTimeout(timer)
    },
    /** Gives up: as at the end of the session. */
    end
  }
}

/** What an earlier page of the same session left. */
function restore<R>(text: string | undefined, session: number): Stored<R> | undefined {
  if (text === undefined) return undefined
  try {
    const stored = JSON.parse(text) as Stored<R>
    return stored.session === session ? stored : undefined
  } catch {
    return undefined
  }
}
