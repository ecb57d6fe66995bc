import type { Fault, Place } from '../model.ts'

/** Thrown where reading or evaluating cannot go on. Without a fault, one is told already. */
export class Refusal extends Error {
  readonly fault: Fault | undefined

  constructor(fault?: Fault) {
    super(fault?.message)
    this.fault = fault
  }
}

/** A refusal by the rule `rule` at a place. */
export const refusal = (place: Place, rule: string, message: string): Refusal =>
  new Refusal({ place, rule, message })
