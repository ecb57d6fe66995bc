import * as field from './field.ts'
import { drawn } from './random.ts'

/** The simulation moves on in steps of this length, in ms, whatever the display does. */
export const STEP_MS = 10
/** Longer pauses between two frames are no playing time, in ms. */
export const FRAME_MAX_MS = 250
/** As many as a reading can tell. */
const LEVEL_MAX = 255
const SHOTS_MAX = 65_535

/** What the player wants: by keys, or the place to go to, in the field's units. */
export type Input = { left?: boolean; right?: boolean; to?: number | undefined; fire?: boolean }

/** One change of the game; about 53 of them a second while somebody plays. */
export type GameEvent =
  | { type: 'move'; what: 'ship' | 'targets'; x: number }
  | { type: 'shot'; shots: number }
  | { type: 'hit'; points: number; x: number; y: number }
  | { type: 'life'; lives: number }
  | { type: 'level'; level: number }
  | { type: 'over' }

type Point = { x: number; y: number }

/** A whole game: plain values, so that a copy is a game too. */
export type Game = {
  /** State of its own chance: the same seed and input give the same game. */
  random: number
  /** Playing time, and what of it is not simulated yet, in ms. */
  ms: number
  rest: number
  over: boolean
  score: number
  level: number
  lives: number
  shots: number
  /** Middle of the ship; nothing hurts it until then, and it may shoot again from then, in ms of playing time. */
  ship: number
  safeUntil: number
  readyAt: number
  /** Top left target's middle, the way it goes, and the rows of targets that are left. */
  formation: Point & { way: 1 | -1; left: boolean[][] }
  bolts: Point[]
  bombs: Point[]
  bonus: { x: number; way: 1 | -1; points: number } | undefined
  /** When the next bonus comes, in ms of playing time. */
  bonusAt: number
}

/** What is sent of a game; `trial` counts the games of one seat from 0. */
export type GameStatus = {
  score: number
  level: number
  lives: number
  shots: number
  trial: number
}

/** A new game. */
export function createGame(seed: number): Game {
  const game: Game = {
    random: seed >>> 0,
    ms: 0,
    rest: 0,
    over: false,
    score: 0,
    level: 1,
    lives: field.LIVES,
    shots: 0,
    ship: field.WIDTH / 2,
    safeUntil: 0,
    readyAt: 0,
    formation: formationOf(1),
    bolts: [],
    bombs: [],
    bonus: undefined,
    bonusAt: 0
  }
  game.bonusAt = bonusWait(game)
  return game
}

/** Plays so many ms on and tells what changed; what is no time, or too much of it, is not played. */
export function step(game: Game, ms: number, input: Input): GameEvent[] {
  const events: GameEvent[] = []
  game.rest += ms > 0 ? Math.min(ms, FRAME_MAX_MS) : 0
  while (game.rest >= STEP_MS && !game.over) {
    game.rest -= STEP_MS
    game.ms += STEP_MS
    moveShip(game, input, events)
    shoot(game, input, events)
    moveTargets(game, events)
    moveBolts(game, events)
    dropBombs(game)
    moveBombs(game, events)
    if (lowestOf(game) >= field.LINE_Y) {
      game.formation = { ...game.formation, y: startOf(game.level) }
      loseLife(game, events)
    }
    if (!game.over && countLeft(game) === 0) nextLevel(game, events)
  }
  return events
}

/** What is sent of a game. */
export const statusOf = ({ score, level, lives, shots }: Game, trial: number): GameStatus => ({
  score,
  level,
  lives,
  shots,
  trial
})

/** The middles of the targets that are left, with their rows. */
export function targetsOf({ formation }: Game): (Point & { row: number; column: number })[] {
  return formation.left.flatMap((targets, row) =>
    targets.flatMap((left, column) =>
      left
        ? {
            row,
            column,
            x: formation.x + column * field.CELL.width,
            y: formation.y + row * field.CELL.height
          }
        : []
    )
  )
}

/** Units covered in one step at a speed in units a second. */
const perStep = (speed: number): number => (speed * STEP_MS) / 1_000

const startOf = (level: number): number =>
  Math.min(field.FORMATION_LOWEST, field.FORMATION_Y + field.FORMATION_LOWER * (level - 1))

const formationOf = (level: number): Game['formation'] => ({
  x: (field.WIDTH - (field.COLUMNS - 1) * field.CELL.width) / 2,
  y: startOf(level),
  way: 1,
  left: Array.from({ length: field.ROWS }, () => Array<boolean>(field.COLUMNS).fill(true))
})

const countLeft = ({ formation }: Game): number => formation.left.flat().filter(Boolean).length

const lowestOf = ({ formation }: Game): number => {
  const row = formation.left.findLastIndex(targets => targets.includes(true))
  return row < 0 ? 0 : formation.y + row * field.CELL.height + field.TARGET.y
}

/** The next number of the game's own chance, in [0, 1). */
function chance(game: Game): number {
  const { state, value } = drawn(game.random)
  game.random = state
  return value
}

const bonusWait = (game: Game): number => {
  const [least, most] = field.BONUS_MS
  return least + (most - least) * chance(game)
}

const hasMoved = (what: 'ship' | 'targets', from: number, to: number): boolean =>
  Math.floor(from / field.MOVE_UNITS[what]) !== Math.floor(to / field.MOVE_UNITS[what])

function moveShip(game: Game, { left, right, to }: Input, events: GameEvent[]): void {
  const most = perStep(field.SHIP_SPEED)
  const keys = (right ? most : 0) - (left ? most : 0)
  const drag = to === undefined || Number.isNaN(to) ? 0 : to - game.ship
  const way = keys || Math.max(-most, Math.min(most, drag))
  const before = game.ship
  game.ship = Math.max(field.SHIP.x, Math.min(field.WIDTH - field.SHIP.x, game.ship + way))
  if (hasMoved('ship', before, game.ship)) {
    events.push({ type: 'move', what: 'ship', x: game.ship })
  }
}

function shoot(game: Game, { fire }: Input, events: GameEvent[]): void {
  if (!fire || game.ms < game.readyAt || game.bolts.length >= field.BOLTS_MAX) return
  if (game.shots >= SHOTS_MAX) return
  game.readyAt = game.ms + field.SHOT_MS
  game.shots += 1
  game.bolts.push({ x: game.ship, y: field.SHIP_Y - field.SHIP.y })
  events.push({ type: 'shot', shots: game.shots })
}

function moveTargets(game: Game, events: GameEvent[]): void {
  const { formation } = game
  const columns = targetsOf(game).map(({ x }) => x)
  const before = formation.x
  formation.x += formation.way * perStep(field.formationSpeed(game.level, columns.length))
  if (hasMoved('targets', before, formation.x)) {
    events.push({ type: 'move', what: 'targets', x: formation.x })
  }
  const side =
    formation.way > 0
      ? Math.max(...columns) > field.WIDTH - field.TARGET.x - 4
      : Math.min(...columns) < field.TARGET.x + 4
  if (side) {
    formation.way = formation.way > 0 ? -1 : 1
    formation.y += field.DESCENT
  }
  if (!game.bonus && game.ms >= game.bonusAt) {
    const way = chance(game) < 0.5 ? 1 : -1
    const points = field.BONUS_POINTS[Math.floor(chance(game) * field.BONUS_POINTS.length)]!
    game.bonus = { way, points, x: way > 0 ? -field.BONUS.x : field.WIDTH + field.BONUS.x }
  }
  if (!game.bonus) return
  game.bonus.x += game.bonus.way * perStep(field.BONUS_SPEED)
  if (Math.abs(game.bonus.x - field.WIDTH / 2) > field.WIDTH / 2 + field.BONUS.x) endBonus(game)
}

function endBonus(game: Game): void {
  game.bonus = undefined
  game.bonusAt = game.ms + bonusWait(game)
}

const isIn = (a: Point, b: Point, half: Point): boolean =>
  Math.abs(a.x - b.x) <= half.x && Math.abs(a.y - b.y) <= half.y

/** One shot hits one target at most: points never exceed the best target's times the shots. */
function moveBolts(game: Game, events: GameEvent[]): void {
  game.bolts = game.bolts.filter(bolt => {
    bolt.y -= perStep(field.BOLT_SPEED)
    const points = hit(game, bolt)
    if (points === undefined) return bolt.y > 0
    game.score += points
    events.push({ type: 'hit', points, ...bolt })
    return false
  })
}

function hit(game: Game, bolt: Point): number | undefined {
  const { bonus, formation } = game
  if (bonus && isIn(bolt, { x: bonus.x, y: field.BONUS_Y }, field.BONUS)) {
    endBonus(game)
    return bonus.points
  }
  const target = targetsOf(game).find(middle => isIn(bolt, middle, field.TARGET))
  if (!target) return undefined
  formation.left[target.row]![target.column] = false
  return field.ROW_POINTS[target.row]
}

function dropBombs(game: Game): void {
  if (game.bombs.length >= field.bombsMax(game.level)) return
  if (chance(game) >= perStep(field.bombRate(game.level))) return
  const targets = targetsOf(game)
  // The lowest of a column: the last one, as rows come from the top.
  const from = targets[Math.floor(chance(game) * targets.length)]
  const lowest = targets.findLast(({ column }) => column === from?.column)
  if (lowest) game.bombs.push({ x: lowest.x, y: lowest.y + field.TARGET.y })
}

function moveBombs(game: Game, events: GameEvent[]): void {
  let struck = false
  game.bombs = game.bombs.filter(bomb => {
    bomb.y += perStep(field.bombSpeed(game.level))
    const ship = { x: game.ship, y: field.SHIP_Y }
    if (game.ms < game.safeUntil || !isIn(bomb, ship, field.SHIP)) return bomb.y < field.HEIGHT
    struck = true
    return false
  })
  if (struck) loseLife(game, events)
}

function loseLife(game: Game, events: GameEvent[]): void {
  game.lives -= 1
  game.bombs = []
  game.safeUntil = game.ms + field.SAFE_MS
  events.push({ type: 'life', lives: game.lives })
  if (game.lives > 0) return
  game.over = true
  events.push({ type: 'over' })
}

function nextLevel(game: Game, events: GameEvent[]): void {
  game.level = Math.min(LEVEL_MAX, game.level + 1)
  game.formation = formationOf(game.level)
  game.bombs = []
  events.push({ type: 'level', level: game.level })
}
