/**
 * The road-cycling power model on the flat in still air: J. C. Martin, D. L. Milliken, J. E. Cobb,
 * K. L. McFadden, A. R. Coggan, "Validation of a Mathematical Model for Road Cycling Power",
 * Journal of Applied Biomechanics 14(3), 1998, 276–291. The constants below are that paper's.
 */

/** Density of air, kg/m³. */
export const AIR_DENSITY = 1.2234
/** Drag area that the turning spokes add to the rider's, m². */
const SPOKE_DRAG_AREA = 0.0044
/** Rolling resistance of the tyres as a share of the weight. */
const ROLLING = 0.0032
/** Friction of the wheel bearings: a constant, N, and a part that grows with speed, N per m/s. */
const BEARING = { still: 0.091, perSpeed: 0.0087 }
/** Moment of inertia of both wheels, kg m², and their radius, m: they must be spun up too. */
const WHEELS = { inertia: 0.14, radius: 0.311 }
/** Share of the crank's power that the chain hands on. */
export const CHAIN_EFFICIENCY = 0.976
const GRAVITY = 9.81
/** Longest step of integration, s. */
const STEP_S = 0.1

/** Rider and bicycle together. */
export type Body = { massKg: number; dragArea: number }
/** Speed in m/s, distance in m, work at the crank in J. */
export type Motion = { speed: number; distance: number; work: number }

/** Mass that resists acceleration, kg. */
export const inertialMass = (body: Body): number =>
  body.massKg + WHEELS.inertia / WHEELS.radius ** 2

/** What holds the bicycle back at a speed in m/s, N. */
export const resistance = (speed: number, body: Body): number =>
  0.5 * AIR_DENSITY * (body.dragArea + SPOKE_DRAG_AREA) * speed * speed +
  ROLLING * body.massKg * GRAVITY +
  BEARING.still +
  BEARING.perSpeed * speed

/**
 * Moves on for `seconds` at `watts` at the crank. Kinetic energy is what is integrated (by midpoints):
 * acceleration at constant power has no bound at standstill, energy has.
 */
export function roll(motion: Motion, body: Body, watts: number, seconds: number): void {
  const mass = inertialMass(body)
  for (let left = seconds; left > 0; left -= STEP_S) {
    const step = Math.min(STEP_S, left)
    const after = (speed: number, time: number) => {
      const net = watts * CHAIN_EFFICIENCY - resistance(speed, body) * speed
      return Math.sqrt(Math.max(0, motion.speed ** 2 + (2 * net * time) / mass))
    }
    const speed = after(after(motion.speed, step / 2), step)
    motion.distance += (step * (motion.speed + speed)) / 2
    motion.work += watts * step
    motion.speed = speed
  }
}
