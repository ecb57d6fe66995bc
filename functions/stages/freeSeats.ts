import type { Phase, RaceSummary } from '#contract'
import { isTimedByLaps } from '#race/metric'
import { IDLE_AT_ONCE, type SeatBook } from './seatBook.ts'

/** Phases in which a race has seats to be taken and held. */
const SEATED: ReadonlySet<Phase> = new Set(['open', 'countdown', 'running'])

/** Whether seats of such a race may be taken and held now. */
export const isSeated = ({ format, phase }: Pick<RaceSummary, 'format' | 'phase'>): boolean =>
  SEATED.has(phase) && !isTimedByLaps(format)

/** Frees the seats of a race whose lease has ended, and says how many. */
export function createFreeIdle({ book, now }: { book: SeatBook; now(): number }) {
  return async (raceId: string): Promise<number> => {
    let freed = 0
    for (;;) {
      const at = now()
      const idle = await book.idle(raceId, at)
      const done = await Promise.all(idle.map(seat => book.free(seat, 'idle', at)))
      freed += done.filter(Boolean).length
      if (idle.length < IDLE_AT_ONCE) return freed
    }
  }
}

/** Frees the idle seats of every race that has seats to be held now. */
export function createFreeSeats(ports: {
  readSummaries(): Promise<RaceSummary[]>
  freeIdle(raceId: string): Promise<number>
}) {
  return async (): Promise<void> => {
    const seated = (await ports.readSummaries()).filter(isSeated)
    await Promise.all(seated.map(({ raceId }) => ports.freeIdle(raceId)))
  }
}
