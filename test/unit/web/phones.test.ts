import { expect, test } from 'vitest'
import { phonesOf } from '../../../web/screen/phones.ts'

const SCREEN = 'https://race.example/screen/?follow=current&key=secret'

test('phones find the race that is shown on the screen’s own installation, under any path', () => {
  expect(phonesOf('', SCREEN, 'final')).toEqual({
    address: 'https://race.example/mobile/?race=final',
    shown: 'race.example/mobile/'
  })
  expect(phonesOf('', 'https://race.example/live/screen/', undefined)).toEqual({
    address: 'https://race.example/live/mobile/',
    shown: 'race.example/live/mobile/'
  })
})

test('nothing of the screen’s own address is told to phones', () => {
  expect(JSON.stringify(phonesOf('', SCREEN, 'final'))).not.toContain('secret')
})

test.each([
  ['grandstand.example/ndc', 'https://grandstand.example/ndc', 'grandstand.example/ndc'],
  ['http://10.0.0.2:8080/x', 'http://10.0.0.2:8080/x', '10.0.0.2:8080/x']
])('an address of one’s own is taken as it is: %s', (wanted, address, shown) => {
  expect(phonesOf(wanted, SCREEN, 'final')).toEqual({ address, shown })
})
