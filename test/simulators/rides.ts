import type { RideMetric } from '#contract'
import { runBackToBack } from './backToBack.ts'
import type { Cast } from './cast.ts'
import { rideRace } from './ride.ts'

const METRICS: RideMetric[] = ['distance', 'work', 'output']
/** Seats that the field leaves to whoever comes by. */
const GUESTS = 50

/** Rides races back to back until the signal; `known` are the ids that exist already. */
export function runRides(
  cast: Cast,
  options: {
    riders: number
    seconds: number
    seed: number
    metric: RideMetric | undefined
    known: string[]
  }
): Promise<void> {
  const { riders, metric } = options
  return runBackToBack(cast, {
    kind: 'ride',
    ...options,
    race: number => ({
      name: `Virtual ride ${number}`,
      place: 'Velodrome',
      format: { kind: 'ride', metric: metric ?? METRICS[(number - 1) % METRICS.length]! },
      course: { courseId: 'flat-road', name: 'Flat road' },
      capacity: riders + GUESTS
    }),
    live: field => rideRace({ ...field, riders })
  })
}
