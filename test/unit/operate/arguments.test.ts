import { expect, test } from 'vitest'
import { placeOf, readValues, required } from '../../../infra/operate/arguments.ts'

const OPTIONS = { race: { type: 'string' } } as const
const read = (...argv: string[]) => readValues(argv, OPTIONS)
const AZURE = ['--event-hubs', 'ns', '--cosmos', 'https://c', '--archive', 'https://a']

test('a command works on the laptop of this folder unless told otherwise', () => {
  expect(placeOf(read('--race', 'r'))).toEqual({ state: '.grandstand' })
  expect(placeOf(read('--state', '/tmp/x'))).toEqual({ state: '/tmp/x' })
})

test('an environment on Azure is named by all of its three services', () => {
  expect(placeOf(read(...AZURE)).azure).toEqual({
    eventHubs: 'ns',
    cosmos: 'https://c',
    archive: 'https://a'
  })
  expect(() => placeOf(read(...AZURE.slice(2)))).toThrow('give all three')
})

test('what must be given and is not, or is unknown, is told by name', () => {
  expect(() => required(read(), 'race')).toThrow('--race must be given')
  expect(() => read('--rave', 'r')).toThrow('--rave')
})
