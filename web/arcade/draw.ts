import * as field from './field.ts'
import { type Game, targetsOf } from './game.ts'

/** Colours and letters of the page's theme. */
export type Palette = {
  text: string
  quiet: string
  line: string
  ground: string
  best: string
  danger: string
  font: string
}

/** The theme as the element has it now. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  return {
    text: colour('--text'),
    quiet: colour('--text-2'),
    line: colour('--line'),
    ground: colour('--ground'),
    best: colour('--best'),
    danger: colour('--invalid'),
    font: style.fontFamily
  }
}

/** Corners of each row's target, in units from its middle: pennant, chevron, hexagon, hourglass, block. */
const SHAPES: readonly (readonly (readonly [number, number])[])[] = [
  [
    [-11, -9],
    [11, -5],
    [-3, 0],
    [11, 5],
    [-11, 9]
  ],
  [
    [-11, -9],
    [0, -2],
    [11, -9],
    [11, 2],
    [0, 9],
    [-11, 2]
  ],
  [
    [-6, -9],
    [6, -9],
    [11, 0],
    [6, 9],
    [-6, 9],
    [-11, 0]
  ],
  [
    [-11, -9],
    [11, -9],
    [4, 0],
    [11, 9],
    [-11, 9],
    [-4, 0]
  ],
  [
    [-11, -9],
    [-4, -9],
    [-4, -4],
    [4, -4],
    [4, -9],
    [11, -9],
    [11, 9],
    [-11, 9]
  ]
]
/** The ship: three steps, as the mark of the house stands on end. */
const SHIP = [
  [-14, 8],
  [-14, 3],
  [-5, 3],
  [-5, -3],
  [-2, -3],
  [-2, -8],
  [2, -8],
  [2, -3],
  [5, -3],
  [5, 3],
  [14, 3],
  [14, 8]
] as const
const DIAMOND = [
  [0, -11],
  [15, 0],
  [0, 11],
  [-15, 0]
] as const

/** What was hit shows its points for so long, in ms of playing time. */
export const SPARK_MS = 600
/** Points where something was hit. */
export type Spark = { x: number; y: number; points: number; at: number }

type Corners = readonly (readonly [number, number])[]

function trace(context: CanvasRenderingContext2D, x: number, y: number, corners: Corners): void {
  context.beginPath()
  for (const [dx, dy] of corners) context.lineTo(x + dx, y + dy)
  context.closePath()
}

/** Draws a moment of the game over the whole canvas; `ahead` is playing time that no step has reached yet, in ms. */
export function draw(
  context: CanvasRenderingContext2D,
  game: Game,
  sparks: readonly Spark[],
  palette: Palette,
  ahead: number
): void {
  const { canvas } = context
  const scale = canvas.width / field.WIDTH
  const coming = (speed: number): number => (speed * ahead) / 1_000
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.fillStyle = palette.ground
  context.fillRect(0, 0, field.WIDTH, field.HEIGHT)

  // The line that targets must not reach.
  context.fillStyle = palette.line
  context.fillRect(0, field.LINE_Y, field.WIDTH, 1)

  context.fillStyle = palette.text
  for (const { x, y, row } of targetsOf(game)) {
    trace(context, x, y, SHAPES[row] ?? DIAMOND)
    context.fill()
  }
  for (const { x, y } of game.bolts) {
    context.fillRect(x - 1.5, y - coming(field.BOLT_SPEED) - 6, 3, 12)
  }

  if (game.bonus) {
    const { x, way } = game.bonus
    context.fillStyle = palette.best
    trace(context, x + way * coming(field.BONUS_SPEED), field.BONUS_Y, DIAMOND)
    context.fill()
  }

  // A cross, as everything that does not go well has in this house.
  context.strokeStyle = palette.danger
  context.lineWidth = 3
  context.beginPath()
  for (const { x, y } of game.bombs) {
    const middle = y + coming(field.bombSpeed(game.level))
    context.moveTo(x - 4, middle - 4)
    context.lineTo(x + 4, middle + 4)
    context.moveTo(x + 4, middle - 4)
    context.lineTo(x - 4, middle + 4)
  }
  context.stroke()

  drawShip(context, game, palette)
  drawSparks(context, game, sparks, palette)
}

/** Solid is live, hollow cannot be hit. */
function drawShip(context: CanvasRenderingContext2D, game: Game, palette: Palette): void {
  trace(context, game.ship, field.SHIP_Y, SHIP)
  if (game.ms < game.safeUntil || game.over) {
    context.strokeStyle = palette.quiet
    context.lineWidth = 1.5
    context.stroke()
  } else {
    context.fillStyle = palette.text
    context.fill()
  }
}

function drawSparks(
  context: CanvasRenderingContext2D,
  game: Game,
  sparks: readonly Spark[],
  palette: Palette
): void {
  context.font = `700 11px ${palette.font}`
  context.textAlign = 'center'
  context.fillStyle = palette.quiet
  for (const { x, y, points, at } of sparks) {
    const age = (game.ms - at) / SPARK_MS
    context.globalAlpha = Math.max(0, 1 - age)
    context.fillText(String(points), x, y + 4 - 10 * age)
  }
  context.globalAlpha = 1
}
