import type { Check } from './check.ts'
import { DOOR } from './checks/door.ts'
import { KEYS } from './checks/keys.ts'
import { EXPIRED, OFFICIALS } from './checks/officials.ts'
import { PAGES } from './checks/pages.ts'
import { REFUSALS } from './checks/refusals.ts'
import { RIDE } from './checks/ride.ts'
import { RIGHTS } from './checks/rights.ts'
import { UNPROVEN } from './checks/unproven.ts'
import { WATCHING } from './checks/watching.ts'

/** All checks, in the order in which data goes through Grandstand. */
export const CHECKS: Check[] = [
  ...OFFICIALS,
  ...DOOR,
  ...REFUSALS,
  ...RIDE,
  ...PAGES,
  ...KEYS,
  ...RIGHTS,
  EXPIRED,
  ...WATCHING,
  ...UNPROVEN
]
