import { expect, test } from 'vitest'
import { readArguments } from '../../smoke/arguments.ts'

test('takes an environment, or the laptop', () => {
  expect(readArguments(['--env', 'dev'])).toMatchObject({ env: 'dev', riders: 24 })
  expect(readArguments(['--local', '--riders', '1000'])).toMatchObject({
    env: undefined,
    riders: 1000,
    state: '.grandstand'
  })
})

test.each([
  { argv: [], says: 'either --env NAME or --local' },
  { argv: ['--local', '--env', 'dev'], says: 'either --env NAME or --local' },
  { argv: ['--local', '--riders', '19'], says: '--riders must be a whole number' },
  { argv: ['--local', '--race-seconds', '1h'], says: '--race-seconds must be a whole number' },
  { argv: ['--local', '--fast'], says: '--fast' }
])('$argv is refused', ({ argv, says }) => {
  expect(() => readArguments(argv)).toThrow(says)
})
