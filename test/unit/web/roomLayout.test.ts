import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layoutOf, ROOM_ROWS } from '../../../web/room/layout.ts'
import { playersOf } from '../../../web/room/players.ts'

test('everybody has a row, and more players never have larger ones', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: ROOM_ROWS }), players => {
      const { columns, lines } = layoutOf(players)
      expect(columns * lines).toBeGreaterThanOrEqual(players)
      expect(lines).toBeLessThanOrEqual(layoutOf(Math.min(ROOM_ROWS, players + 1)).lines)
    })
  )
  expect(layoutOf(200)).toEqual({ columns: 5, lines: 40 })
  expect(layoutOf(1_000)).toEqual(layoutOf(200))
})

test('the code leads to the session, and what is typed to the game', () => {
  const page = 'https://play.example/room/?key=x'
  expect(playersOf('', page, 'room-1')).toEqual({
    address: 'https://play.example/arcade/?race=room-1',
    shown: 'play.example/arcade/'
  })
  expect(playersOf('go.example/play', page, 'room-1').address).toBe('https://go.example/play')
})
