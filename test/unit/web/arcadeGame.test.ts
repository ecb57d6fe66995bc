import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BONUS_POINTS, FORMATION_Y, LIVES, ROW_POINTS, SHOT_MS } from '../../../web/arcade/field.ts'
import {
  createGame,
  type GameEvent,
  type Input,
  statusOf,
  step,
  targetsOf
} from '../../../web/arcade/game.ts'
import { pilot, played } from './arcadePilot.ts'

/** What the rules of a race believe of a game unless the race says otherwise. */
const SHOT_POINTS = 300
const RACE_SHOT_MS = 100

const MINUTE = 60_000
const count = (events: { type: string }[], type: string) =>
  events.filter(event => event.type === type).length

const changes = (events: GameEvent[]) => events.filter(({ type }) => type !== 'move')

const inputs: fc.Arbitrary<Input> = fc.record(
  {
    left: fc.boolean(),
    right: fc.boolean(),
    fire: fc.boolean(),
    to: fc.oneof(fc.double(), fc.integer({ min: -50, max: 410 }))
  },
  { requiredKeys: [] }
)

test('the same seed and input give the same game, another seed another one', () => {
  expect(played(7, MINUTE)).toEqual(played(7, MINUTE))
  expect(played(7, MINUTE).game.score).not.toBe(played(8, MINUTE).game.score)
})

test('a game does not depend on the frames in which it is played', () => {
  const fire = (): Input => ({ right: true, fire: true })
  const [once, often] = [createGame(3), createGame(3)]
  for (let i = 0; i < 300; i++) step(once, 100, fire())
  for (let i = 0; i < 3_000; i++) step(often, 10, fire())
  expect(once).toEqual(often)
})

test('the points of a shot and the time between shots are within what races believe', () => {
  expect(Math.max(...BONUS_POINTS, ...ROW_POINTS)).toBeLessThanOrEqual(SHOT_POINTS)
  expect(SHOT_MS).toBeGreaterThanOrEqual(RACE_SHOT_MS)
})

test('no input breaks these limits, and every status fits a reading', () => {
  const frames = fc.array(fc.tuple(fc.oneof(fc.double(), fc.nat(400)), inputs), { maxLength: 400 })
  fc.assert(
    fc.property(fc.nat(), frames, (seed, played) => {
      const game = createGame(seed)
      let ms = 0
      for (const [frame, input] of played) {
        step(game, frame, input)
        ms += frame > 0 ? frame : 0
        const { score, level, lives, shots } = statusOf(game, 0)
        expect(score).toBeLessThanOrEqual(shots * SHOT_POINTS)
        expect(shots).toBeLessThanOrEqual(ms / RACE_SHOT_MS + 1)
        expect(Number.isSafeInteger(score) && score >= 0).toBe(true)
        expect(level >= 1 && level <= 255 && lives >= 0 && lives <= LIVES).toBe(true)
        expect(game.ship >= 0 && game.ship <= 360).toBe(true)
      }
    })
  )
})

test('the limits hold for a player who plays on through many levels', () => {
  for (const seed of [1, 2, 3]) {
    const game = createGame(seed)
    while (game.ms < 5 * MINUTE) {
      // Nothing ends this game: it meets levels that few people see.
      game.lives = LIVES
      game.over = false
      step(game, 16, pilot(game))
      expect(game.score).toBeLessThanOrEqual(game.shots * SHOT_POINTS)
      expect(game.shots).toBeLessThanOrEqual(game.ms / RACE_SHOT_MS + 1)
    }
    expect(game.level).toBeGreaterThan(3)
  }
})

test('a fair player reaches the second level, and makes about 53 events a second', () => {
  const games = [1, 2, 3, 4, 5].map(seed => played(seed, 2 * MINUTE))
  expect(Math.max(...games.map(({ game }) => game.level))).toBeGreaterThan(1)
  for (const { game, events } of games) {
    const rate = (events.length * 1_000) / game.ms
    expect(rate).toBeGreaterThan(40)
    expect(rate).toBeLessThan(66)
  }
})

test('each event is one change: they add up to the status', () => {
  const { game, events } = played(4, 2 * MINUTE)
  const points = events.reduce((sum, event) => sum + (event.type === 'hit' ? event.points : 0), 0)
  expect(points).toBe(game.score)
  expect(count(events, 'shot')).toBe(game.shots)
  expect(count(events, 'life')).toBe(LIVES - game.lives)
  expect(count(events, 'level')).toBe(game.level - 1)
})

test('who does nothing loses three lives and then the game, which stands still from then on', () => {
  const { game, events } = played(5, 10 * MINUTE, () => ({}))
  expect(game.over).toBe(true)
  expect(count(events, 'life')).toBe(LIVES)
  expect(events.at(-1)).toEqual({ type: 'over' })
  expect(statusOf(game, 2)).toEqual({ score: 0, level: 1, lives: 0, shots: 0, trial: 2 })
  const end = structuredClone(game)
  expect(step(game, 1_000, { fire: true, left: true })).toEqual([])
  expect({ ...game, rest: 0 }).toEqual({ ...end, rest: 0 })
})

test('when the last target is gone the next level begins, lower and faster', () => {
  const game = createGame(6)
  game.formation.left = game.formation.left.map((row, i) => row.map((_, j) => i === 4 && j === 3))
  const [last] = targetsOf(game)
  game.bolts = [{ x: last!.x, y: last!.y + 4 }]
  expect(changes(step(game, 10, {})).map(({ type }) => type)).toEqual(['hit', 'level'])
  expect([game.level, targetsOf(game).length, game.score]).toEqual([2, 40, 10])
  expect(game.formation.y).toBeGreaterThan(FORMATION_Y)
  const travel = (level: number) => {
    const fresh = { ...createGame(6), level }
    const from = fresh.formation.x
    step(fresh, 100, {})
    return fresh.formation.x - from
  }
  expect(travel(5)).toBeGreaterThan(travel(1))
})

test('targets that come down to the line cost a life and begin again at the top', () => {
  const game = createGame(6)
  game.formation.y = 400
  expect(changes(step(game, 10, {}))).toEqual([{ type: 'life', lives: 2 }])
  expect(game.formation.y).toBe(FORMATION_Y)
})

test('a bomb costs one life; the new ship is safe for a while', () => {
  const game = createGame(6)
  const bomb = () => ({ x: game.ship, y: 455 })
  game.bombs = [bomb(), bomb()]
  expect(changes(step(game, 10, {}))).toEqual([{ type: 'life', lives: 2 }])
  game.bombs = [bomb()]
  expect(changes(step(game, 10, {}))).toEqual([])
  game.safeUntil = 0
  game.bombs = [bomb()]
  expect(changes(step(game, 10, {}))).toEqual([{ type: 'life', lives: 1 }])
})

test('a rare target flies by, and is worth what the best one may be at most', () => {
  const game = createGame(9)
  game.bonusAt = 0
  step(game, 1_000, {})
  step(game, 1_000, {})
  expect(game.bonus).toBeDefined()
  const { x, points } = game.bonus!
  game.bolts = [{ x, y: 24 }]
  expect(changes(step(game, 10, {}))).toEqual([expect.objectContaining({ type: 'hit', points })])
  expect(game.bonus).toBeUndefined()
  expect(game.bonusAt).toBeGreaterThan(game.ms + 9_000)
})
