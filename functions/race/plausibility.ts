import type { Format, GameLimits } from '#contract'
import type { Figures } from './metric.ts'

/** Racing time that everybody is given on top, in ms: a rider's clock may be behind the server's. */
export const SLACK_MS = 2_000
/** Most metres a second. The best sprinters of the track reach 22 over 200 m with a flying start. */
export const RIDE_MAX_SPEED = 30
/** Most watts over any time. The best sprinters of the track reach that for a second or two. */
export const RIDE_MAX_POWER = 2_500
/** What a game gives at most that states no limits of its own. */
export const GAME_LIMITS: GameLimits = { shotPoints: 300, shotMs: 100 }

/** Whether ride or game can have given a reading's value by `at`, in ms since the start. Output is bounded in each reading. */
export function isPlausible(format: Format, figures: Figures, at: number): boolean {
  const time = at + SLACK_MS
  if (figures.kind === 'game') {
    if (format.kind !== 'game') return true
    const { shotPoints, shotMs } = format.limits ?? GAME_LIMITS
    return figures.score <= figures.shots * shotPoints && figures.shots * shotMs <= time
  }
  if (format.kind !== 'ride') return true
  // Metres a second are millimetres a millisecond; watts are millijoules.
  if (format.metric === 'distance') return figures.distance <= RIDE_MAX_SPEED * time
  return format.metric !== 'work' || figures.work * 1_000 <= RIDE_MAX_POWER * time
}
