/**
 * What a device saw of a run; `seq` names the reading that showed it, `t` the device's clock.
 * `lap` counts within the run; `fault` tells why a lap does not count. A reset is a car put back, or that had to be.
 */
export type Driven =
  | { kind: 'lap'; seq: number; lap: number; lapMs: number; t: number; fault?: string }
  | { kind: 'reset'; seq: number; t: number; reason: string }
