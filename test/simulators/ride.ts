import type { RideReading } from '#contract'
import type { RideAccount } from './account.ts'
import { type FieldOptions, type Seated, seatField } from './field.ts'
import { pause } from './pause.ts'
import { createRider, type Rider } from './rider.ts'

export type RideOptions = FieldOptions<RideReading> & { riders: number }

/** A rider on the road, and until when it has ridden. */
type Riding = { rider: Rider; riddenTo: number }

/**
 * Rides one race through the gateway: takes the seats, sends one reading a second and rider, rider `i` of `n`
 * at `i/n` of the second, and repeats what failed until the backlog time after the end. The last reading is
 * measured at the end itself. Riders who get their seat late ride from then on.
 */
export function rideRace(options: RideOptions): Promise<RideAccount> {
  const { riders, seed, startsAt, endsAt, day, now } = options
  const riding = new Map<number, Riding>()

  const sitUp = ({ number, takenAt }: Seated<RideReading>): Riding => {
    const riddenTo = Math.max(startsAt, takenAt)
    const rider = createRider({
      seed,
      number,
      durationMs: endsAt - riddenTo,
      ...(day ? { day } : {})
    })
    const one = { rider, riddenTo }
    riding.set(number, one)
    return one
  }
  const measure = (seated: Seated<RideReading>, due: number) => {
    const one = riding.get(seated.number) ?? sitUp(seated)
    const t = Math.min(endsAt, Math.floor(due))
    if (t < one.riddenTo) return
    one.rider.step(t - one.riddenTo)
    one.riddenTo = t
    seated.put(seq => one.rider.reading(seq, t + seated.account.skewMs), due)
  }

  return seatField({ ...options, size: riders }, async (field, signal) => {
    // One pass over the field takes a second; the first readings are due a second after the start.
    const passes = Math.floor((endsAt - startsAt) / 1_000)
    for (let turn = riders; turn < (passes + 1) * riders; turn++) {
      const due = startsAt + (turn * 1_000) / riders
      if (due > now()) await pause(due - now(), signal)
      if (signal.aborted) return
      const seated = field[turn % riders]
      if (seated) measure(seated, due)
    }
  })
}
