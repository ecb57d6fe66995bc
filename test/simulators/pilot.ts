import { LINE_Y, SHIP, WIDTH } from '../../web/arcade/field.ts'
import { type Game, type Input, targetsOf } from '../../web/arcade/game.ts'
import { between, type Random } from './random.ts'

/** Units the targets go on while a shot is on its way up. */
const LEAD = 14
/** Nobody dodges into a corner. */
const CORNER = 40

/** A player at the keys, wholly given by `random`: sees bombs late or early, aims well or badly, and stops shooting at times. */
export function createPilot(random: Random): (game: Game) => Input {
  const sight = between(random, 60, 120)
  const berth = between(random, 4, 12)
  const sway = between(random, 1, 9)
  const diligence = between(random, 0.85, 1)

  return game => {
    const fire = random() < diligence
    const danger = game.bombs.find(
      ({ x, y }) => y > LINE_Y - sight && Math.abs(x - game.ship) < SHIP.x + berth
    )
    if (danger) {
      const right = danger.x < game.ship ? game.ship < WIDTH - CORNER : game.ship < CORNER
      return { right, left: !right, fire }
    }
    let nearest: number | undefined
    for (const target of targetsOf(game)) {
      const x = target.x + game.formation.way * LEAD
      if (nearest === undefined || Math.abs(x - game.ship) < Math.abs(nearest - game.ship)) {
        nearest = x
      }
    }
    return { to: nearest === undefined ? undefined : nearest + between(random, -sway, sway), fire }
  }
}
