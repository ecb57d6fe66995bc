import type { Frame, Latency, RaceDetail, RideReading, Seat, SeatRequest } from '#contract'

/** A frame that shows the reading is waited for this long, in ms. */
const PATIENCE_MS = 20_000
/** How fast it rides, in mm/s: slow enough that its metres fit a column for a year, and ever ahead of its earlier bibs. */
const SPEED = 100
const NICKNAMES = 10_000

/** The doors that every rider uses, and where measurements go; each rejects when the service failed. */
export type SyntheticRiderPorts = {
  /** The race that it rides in; undefined where there is none. */
  readRace(): Promise<Pick<RaceDetail, 'phase' | 'startsAt'> | undefined>
  takeSeat(request: SeatRequest): Promise<Seat>
  /** Undefined where the seat is held no more. */
  renewSeat(seat: Seat): Promise<Seat | undefined>
  /** Opens a socket with a seat's token; resolves to what closes it when frames come. */
  listen(token: string, onFrame: (frame: Frame) => void): Promise<() => void>
  sendReading(token: string, reading: RideReading): Promise<void>
  storeLatency(latency: Latency): Promise<void>
  /** Resolves after so many ms, or rejects when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** Between 0 and 1. */
  random(): number
  now(): number
  warn(message: string): void
}

/**
 * Measures, while its race runs, how long a reading takes to the screens: it sends one as any rider does and waits for the
 * frame that shows it. What fails on the way is told to the log and is a measurement without a time.
 */
export function createSyntheticRider(ports: SyntheticRiderPorts): () => Promise<void> {
  let seat: Seat | undefined
  let seq = 0

  async function seated(): Promise<Seat> {
    const renewed = seat && (await ports.renewSeat(seat))
    if (renewed) return renewed
    const nickname = `Synthetic rider ${Math.floor(ports.random() * NICKNAMES)}`
    return ports.takeSeat({ nickname, ...(seat && { pass: seat.pass }) })
  }

  async function measure(startsAt: number): Promise<number | null> {
    seat = await seated()
    const { bib, token } = seat
    const t = ports.now()
    const distance = Math.floor(((t - startsAt) * SPEED) / 1_000)
    const shown = Promise.withResolvers<number>()
    const close = await ports.listen(token, frame => {
      if (valueIn(frame, bib) >= distance) shown.resolve(ports.now())
    })
    const waiting = new AbortController()
    try {
      const sentAt = ports.now()
      const patience = ports.wait(PATIENCE_MS, waiting.signal).then(
        () => null,
        () => null
      )
      await ports.sendReading(token, readingOf(seq++, t, distance))
      const shownAt = await Promise.race([shown.promise, patience])
      if (shownAt === null) ports.warn(`no frame showed the reading within ${PATIENCE_MS} ms`)
      return shownAt === null ? null : shownAt - sentAt
    } finally {
      waiting.abort()
      close()
    }
  }

  return async () => {
    const race = await ports.readRace()
    if (race?.phase !== 'running' || race.startsAt === null) return
    const at = ports.now()
    const ms = await measure(race.startsAt).catch((error: unknown) => {
      ports.warn(`the synthetic rider did not come through: ${String(error)}`)
      return null
    })
    await ports.storeLatency({ at, ms })
  }
}

const readingOf = (seq: number, t: number, distance: number): RideReading => ({
  ...{ seq, t, distance },
  ...{ cadence: 60, resistance: 10, power: 50, work: Math.floor(distance / SPEED) }
})

/** The value that a frame shows for a bib; below all others where it shows none. */
function valueIn(frame: Frame, bib: number): number {
  const rows =
    frame.type === 'snapshot' ? frame.board.top : frame.type === 'delta' ? frame.rows : []
  return rows.find(row => row.bib === bib)?.value ?? Number.NEGATIVE_INFINITY
}
