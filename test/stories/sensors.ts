import type { Crossing } from '#contract'
import type { SensorOperation } from '../../functions/stages/runSignal.ts'
import { createSensor, quietSensor, type SensorState } from '../../functions/stages/sensor.ts'
import { aDevice } from './cars.ts'

/** Between the axles of a car, at the line's two sensors. */
const AXLES_MS = 60
const STRIPS_MS = 4

/** The pulses of a car that comes to the line at these instants of the timer's clock: two axles, two strips. */
export const pulsesAt = (instants: number[], from = 0): Crossing[] =>
  instants
    .flatMap(t => [
      { t, sensor: 0 },
      { t: t + STRIPS_MS, sensor: 1 },
      { t: t + AXLES_MS, sensor: 0 },
      { t: t + AXLES_MS + STRIPS_MS, sensor: 1 }
    ])
    .map((pulse, i) => ({ seq: from + i, ...pulse }))

/** One lap timer. */
export const aSensor = () =>
  aDevice<SensorState, SensorOperation>(createSensor, 'timer-1', quietSensor())
