import type { Keep } from '../seat/keep.ts'
import type { ServerClock } from '../seat/serverClock.ts'
import { RIDE_EVERY_MS } from '../seat/throttle.ts'
import { createMeter, type Measured, type Meter, readRidden, type Side } from './meter.ts'
import type { RideView } from './rideView.svelte.ts'

type RoadOptions = {
  view: RideView
  clock: Pick<ServerClock, 'now'>
  /** Keeps what has been ridden over a reload. */
  keep: Keep
  /** Sends a reading; `flush` what is held back of it. */
  seat: { offer(reading: Measured): void; flush(): void }
}

/** The ride itself, from the start to the end of the race's time: pushes in, a reading at each whole second out. */
export function openRoad({ view, clock, keep, seat }: RoadOptions) {
  let meter: Meter | undefined
  let dueAt = 0
  /** The end at which the last reading was measured: another one may be set later. */
  let endedAt: number | undefined
  const name = (): string => `grandstand.ridden.${view.detail?.raceId}.${view.bib}`

  const measure = (at: number): void => {
    if (!meter) return
    seat.offer(meter.measure(at))
    keep.write(name(), JSON.stringify(meter.ridden()))
  }

  return {
    /** The start, or the moment at which somebody joined late. */
    start(): void {
      const { startsAt } = view
      if (startsAt === null || meter) return
      const from = Math.max(startsAt, clock.now())
      meter = createMeter(from, readRidden(keep.read(name())))
      dueAt = startsAt + (Math.floor((from - startsAt) / RIDE_EVERY_MS) + 1) * RIDE_EVERY_MS
      view.started = true
    },
    push(side: Side): boolean {
      const isDue = meter?.push(side, clock.now()) ?? false
      if (isDue && meter) view.due = meter.due()
      return isDue
    },
    /** Time goes on: some ten times a second. */
    beat(): void {
      const end = view.endsAt ?? Number.POSITIVE_INFINITY
      if (!meter || endedAt === end || view.phase === 'aborted') return
      const until = Math.min(clock.now(), end)
      // What a sleeping page has missed nobody has ridden: only the latest second is told.
      const missed = Math.floor((until - dueAt) / RIDE_EVERY_MS)
      if (missed > 0) dueAt += missed * RIDE_EVERY_MS
      if (dueAt <= until) {
        measure(dueAt)
        dueAt += RIDE_EVERY_MS
      }
      if (until === end) {
        // Ends lie on whole seconds unless somebody has moved them.
        if (dueAt - RIDE_EVERY_MS < end) measure(end)
        seat.flush()
        endedAt = end
      }
      meter.rollTo(until)
      view.value = meter.value(view.metric)
      view.pace = Math.round(meter.pace(until))
    }
  }
}
