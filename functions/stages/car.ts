import type { CarReading } from '#contract'
import { feed, flush, type LapTimer, newTimer } from '#race/lapTimer'
import {
  type DevicePorts,
  noRunLetter,
  nothingUnstored,
  store,
  type Unstored
} from './deviceRecords.ts'
import type { CarOperation, CarRunStart } from './runSignal.ts'
import { bind, hear, noRuns, nowOf, type Runs, type Timing, timeRuns } from './runs.ts'

/** What a car's entity knows. Plain JSON. */
export type CarState = Runs<CarReading, CarRunStart, LapTimer> & Unstored

/** A car that has not been heard of. */
export const parkedCar = (): CarState => ({ ...noRuns(), ...nothingUnstored() })

const CAR: Timing<CarReading, CarRunStart, LapTimer> = {
  source: 'telemetry',
  time(run, { boot, readings, enqueued, offset }) {
    if (!run.timer || run.timer.boot < boot) run.timer = newTimer(boot, run.timer?.laps)
    if (boot < run.timer.boot) return []
    run.heard = { boot, enqueued, offset }
    return feed(run.timer, run.course, readings)
  },
  settle: ({ timer, course }) => (timer ? flush(timer, course) : [])
}

/**
 * Times one car: readings measured inside a run become laps and resets in the ledger, readings outside of any dead
 * letters. A fact's id is its run and the reading that showed it, so repeating an operation records nothing twice.
 */
export function createCar(ports: DevicePorts) {
  return async (deviceId: string, known: CarState, operation: CarOperation): Promise<CarState> => {
    // A state from before runs were a list has none.
    const state = { ...parkedCar(), ...known }
    if (operation.name === 'readings') {
      state.waiting.push(...operation.input.map(event => hear(state, event)))
    } else bind(state, operation)
    const { facts, refused } = timeRuns(state, CAR, nowOf(operation, ports.now()))
    state.unwritten.push(...facts)
    state.unreported.push(...refused.map(event => noRunLetter(deviceId, event)))
    await store(ports, state)
    return state
  }
}
