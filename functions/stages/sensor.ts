import {
  FLOOD_MS,
  FLOOD_PULSES,
  type LineRun,
  type LineTimer,
  lapsAt,
  newLineTimer,
  type Passage,
  type Pulse,
  pass,
  settleLine
} from '#race/crossings'
import {
  type DevicePorts,
  deviceLetter,
  noRunLetter,
  nothingUnstored,
  store,
  type Unstored
} from './deviceRecords.ts'
import type { RunStart, SensorEvent, SensorOperation } from './runSignal.ts'
import {
  bind,
  type Heard,
  hear,
  hubTime,
  isOver,
  noRuns,
  nowOf,
  type Runs,
  type Timing,
  timeRuns
} from './runs.ts'

type HeardPulse = Pulse & Heard
type HeardPassage = Passage<HeardPulse>

/** What a lap timer's entity knows: its line all day, its runs one by one. Plain JSON. */
export type SensorState = Runs<HeardPassage, RunStart, LineRun> &
  Unstored & { line: LineTimer<HeardPulse> }

/** A lap timer that has not been heard of. */
export const quietSensor = (): SensorState => ({
  ...noRuns(),
  ...nothingUnstored(),
  line: newLineTimer()
})

const SENSOR: Timing<HeardPassage, RunStart, LineRun> = {
  source: 'sensor',
  time(run, { boot, readings, enqueued, offset }) {
    const timer = run.timer ?? { laps: 0, present: null }
    run.timer = timer
    run.heard = { boot, enqueued, offset }
    return readings.flatMap(passage => lapsAt(timer, passage))
  },
  // The line settles for all runs at once.
  settle: () => []
}

/**
 * Times runs by the sensors of a line: pulses become cars that passed, and those laps of the run that they passed in.
 * The first to pass in a run starts its clock; whoever passes outside of any run is a dead letter.
 */
export function createSensor(ports: DevicePorts) {
  return async (
    deviceId: string,
    known: SensorState,
    operation: SensorOperation
  ): Promise<SensorState> => {
    const state = { ...quietSensor(), ...known }
    const now = nowOf(operation, ports.now())
    if (operation.name === 'crossings') {
      for (const event of operation.input) feel(state, deviceId, event)
    } else bind(state, operation)
    for (const { endedAt } of state.runs.filter(run => isOver(run, now))) {
      const passages = settleLine(state.line, pulse => hubTime(pulse, pulse.t) <= (endedAt ?? 0))
      state.waiting.push(...passages.map(messageOf))
    }
    const { facts, refused } = timeRuns(state, SENSOR, now)
    state.unwritten.push(...facts)
    state.unreported.push(...refused.map(event => noRunLetter(deviceId, event)))
    await store(ports, state)
    return state
  }
}

/** Lets a message's pulses in, and what they tell wait for its run. */
function feel(state: SensorState, deviceId: string, event: SensorEvent): void {
  const { boot, readings, enqueued, offset } = hear(state, event)
  const passages = pass(
    state.line,
    boot,
    readings.map(crossing => ({ ...crossing, enqueued, offset }))
  )
  if (passages) state.waiting.push(...passages.map(messageOf))
  else {
    const detail = `more than ${FLOOD_PULSES} crossings within ${FLOOD_MS} ms`
    state.unreported.push(deviceLetter(deviceId, event, { reason: 'too-fast', detail }))
  }
}

/** Each car that passed is timed by when its own pulse was heard. */
const messageOf = (passage: HeardPassage) => {
  const { boot, enqueued, offset } = passage
  return { boot, readings: [passage], enqueued, offset }
}
