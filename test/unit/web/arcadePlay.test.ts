import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Board } from '#contract'
import { createGame, type GameStatus } from '../../../web/arcade/game.ts'
import { keepGame, keptGame } from '../../../web/arcade/keptGame.ts'
import { Play } from '../../../web/arcade/play.svelte.ts'
import { openTopFeed, TOP_MS } from '../../../web/arcade/topFeed.ts'
import type { Keep } from '../../../web/seat/keep.ts'
import { playerRows, session } from '../../browser/arcadeBoards.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const playOf = (more: {
  single?: boolean
  from?: ConstructorParameters<typeof Play>[0]['from']
}) => {
  const told: GameStatus[] = []
  const state = { open: true, overs: 0 }
  const play = new Play({
    single: false,
    isOpen: () => state.open,
    changed: status => told.push(status),
    over() {
      state.overs += 1
    },
    seed: () => 5,
    ...more
  })
  const idle = (ms: number) => {
    for (let at = 0; at < ms; at += 100) play.advance(100, {})
  }
  return { play, told, state, idle }
}

test('every change is told with the trial, and the end of a game once', () => {
  const { play, told, state, idle } = playOf({})
  idle(600_000)
  expect([play.over, state.overs]).toEqual([true, 1])
  expect(told.at(-1)).toMatchObject({ lives: 0, trial: 0 })
  play.again()
  expect(told.at(-1)).toEqual({ score: 0, level: 1, lives: 3, shots: 0, trial: 1 })
})

test('nothing is played while it is paused, before the start or after the end', () => {
  const { play, told, state, idle } = playOf({})
  play.pause(true)
  idle(1_000)
  play.pause(false)
  state.open = false
  idle(1_000)
  expect([told.length, play.game.ms]).toEqual([0, 0])
  idle(600_000)
  play.again()
  expect(play.status.trial).toBe(0)
})

test('where one trial counts there is no other', () => {
  const { play, idle } = playOf({ single: true })
  idle(600_000)
  play.again()
  expect([play.over, play.mayPlayAgain, play.status.trial]).toEqual([true, false, 0])
})

test('the contract has room for 256 games, and no more are begun', () => {
  const over = { ...createGame(1), over: true, lives: 0 }
  const { play } = playOf({ from: { game: over, trial: 255 } })
  expect(play.mayPlayAgain).toBe(false)
})

test('a reload goes on with the same game, and another session does not', () => {
  const texts = new Map<string, string>()
  const keep: Keep = {
    read: name => texts.get(name),
    write: (name, text) => void (text === undefined ? texts.delete(name) : texts.set(name, text))
  }
  const game = { ...createGame(3), score: 40, shots: 2 }
  keepGame(keep, 'room-1', { session: 7, trial: 2, game })
  const kept = keptGame(keep, 'room-1', 7)
  expect(kept?.game).toEqual(game)
  expect(playOf({ from: kept }).play).toMatchObject({
    paused: true,
    status: { score: 40, shots: 2, trial: 2 }
  })
  expect(keptGame(keep, 'room-1', 8)).toBeUndefined()
  texts.set('grandstand.game.room-1', '{')
  expect(keptGame(keep, 'room-1', 7)).toBeUndefined()
})

test('the first ten change every 2 s at most, with the own place where it is not among them', async () => {
  const rows = playerRows(34)
  const shown: { at: number; value: number | null | undefined; below: unknown }[] = []
  const asked: string[] = []
  const feed = openTopFeed({
    async call(path) {
      asked.push(path)
      const column = Array(33).fill(30)
      return Response.json({
        ...{ raceId: 'room-1', version: 10, page: 0 },
        ...{ rank: column, value: column, gap: column }
      })
    },
    bib: () => 33,
    show: (top, below) => shown.push({ at: Date.now(), value: top[0]?.value, below }),
    error: error => {
      throw error
    },
    now: Date.now
  })
  const board = (version: number): Board =>
    session('room-1', [{ ...rows[0]!, value: version }, ...rows.slice(1)], { version })
  for (let version = 1; version <= 40; version++) {
    feed.offer(board(version))
    await vi.advanceTimersByTimeAsync(250)
  }
  await vi.advanceTimersByTimeAsync(TOP_MS)
  const apart = shown.slice(1).map(({ at }, i) => at - shown[i]!.at)
  expect(shown.length).toBeGreaterThan(4)
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(TOP_MS)
  expect(asked).toHaveLength(shown.length)
  expect(shown.at(-1)).toMatchObject({ value: 40, below: { rank: 30, value: 30 } })
})
