/** The field in units of its own: everything below is in these units, in ms, or in units a second. */
export const WIDTH = 360
export const HEIGHT = 480

/** Targets stand in rows; each has a cell of the formation. */
export const ROWS = 5
export const COLUMNS = 8
export const CELL = { width: 34, height: 28 } as const
/** Half of what a shot hits. */
export const TARGET = { x: 11, y: 9 } as const
/** Points by row, the top one first. */
export const ROW_POINTS = [50, 40, 30, 20, 10] as const

/** Half of the ship, and where its middle is. */
export const SHIP = { x: 14, y: 8 } as const
export const SHIP_Y = HEIGHT - 24
export const SHIP_SPEED = 240
/** What has gone so far has moved: one event. */
export const MOVE_UNITS = { ship: 6, targets: 1.5 } as const

export const BOLT_SPEED = 440
/** Least time between two shots, and most of them in flight. */
export const SHOT_MS = 200
export const BOLTS_MAX = 5

/** The rare target that flies along the top: what it may be worth, how fast it is, how long it stays away. */
export const BONUS_POINTS = [100, 150, 200, 300] as const
export const BONUS = { x: 15, y: 11 } as const
export const BONUS_Y = 20
export const BONUS_SPEED = 75
export const BONUS_MS = [10_000, 24_000] as const

/** The formation begins here, lower with each level down to the last. */
export const FORMATION_Y = 54
export const FORMATION_LOWER = 8
export const FORMATION_LOWEST = 118
/** It comes down by this at each side. */
export const DESCENT = 12
/** Reaching this line costs a life. */
export const LINE_Y = SHIP_Y - 22

export const LIVES = 3
/** Nothing hurts a new ship for so long. */
export const SAFE_MS = 1_600

/** How fast the formation goes: more with each level, and with each target that is gone. */
export const formationSpeed = (level: number, left: number): number =>
  Math.min(150, 20 + 5 * (level - 1)) * (1 + 1.8 * (1 - left / (ROWS * COLUMNS)))
/** Bombs a second, most at once, and how fast they fall. */
export const bombRate = (level: number): number => Math.min(4, 0.55 + 0.2 * (level - 1))
export const bombsMax = (level: number): number => Math.min(10, 2 + level)
export const bombSpeed = (level: number): number => Math.min(320, 125 + 12 * (level - 1))
