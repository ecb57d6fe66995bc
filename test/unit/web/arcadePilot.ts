import { LINE_Y, SHIP, WIDTH } from '../../../web/arcade/field.ts'
import {
  createGame,
  type Game,
  type GameEvent,
  type Input,
  step,
  targetsOf
} from '../../../web/arcade/game.ts'

/** What a fair player wants: out of the way of bombs, else below the nearest target, shooting all the time. */
export function pilot(game: Game): Input {
  const danger = game.bombs.find(
    ({ x, y }) => y > LINE_Y - 90 && Math.abs(x - game.ship) < SHIP.x + 8
  )
  if (danger) {
    const right = danger.x < game.ship ? game.ship < WIDTH - 40 : game.ship < 40
    return { right, left: !right, fire: true }
  }
  const nearest = targetsOf(game)
    .map(({ x }) => x + game.formation.way * 14)
    .sort((a, b) => Math.abs(a - game.ship) - Math.abs(b - game.ship))[0]
  return { to: nearest, fire: true }
}

/** A game of so many ms, or until it is over, in frames of 60 a second. */
export function played(seed: number, ms: number, input: (game: Game) => Input = pilot) {
  const game = createGame(seed)
  const events: GameEvent[] = []
  for (let at = 0; at < ms && !game.over; at += 1_000 / 60) {
    events.push(...step(game, 1_000 / 60, input(game)))
  }
  return { game, events }
}
