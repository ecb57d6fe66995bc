import * as v from 'valibot'
import { expect, test } from 'vitest'
import { Nickname } from '#contract'
import { Refused } from '../../../functions/stages/problem.ts'
import { foldName, niceName, refuseProfane } from '../../../functions/stages/seatNames.ts'
import { createCard } from '../../simulators/names.ts'

const isRefused = (name: string): boolean => {
  try {
    refuseProfane(name)
    return false
  } catch (error) {
    if (error instanceof Refused) return !JSON.stringify(error.problem).includes(name)
    throw error
  }
}

const FAMILY = '👩‍👩‍👧'
const ENGLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'
const simulated = Array.from({ length: 8 }, (_, seed) =>
  Array.from({ length: 1_000 }, (_, number) => createCard(seed, number).nickname)
).flat()

test('every name of the simulators is as it was, and shown', () => {
  const names = [...new Set(simulated)]
  expect(names.length).toBeGreaterThan(200)
  for (const name of names) expect(v.parse(Nickname, name)).toBe(name)
  expect(names.map(niceName)).toEqual(names.map(name => name.normalize('NFC')))
  expect(names.filter(isRefused)).toEqual([])
})

test('no two names of the simulators are taken for one', () => {
  const names = new Set(simulated.map(niceName))
  expect(new Set([...names].map(foldName)).size).toBe(names.size)
})

test.each([
  ...['Scunthorpe', 'Essex', 'Sussex Sprinter', 'Penistone', 'Arsenal Fan', 'Titus', 'Cassandra'],
  ...['Dick Smith', 'Dickinson', 'Dickens', 'Hancock', 'Cockburn', 'Cummings', 'Assmann', 'Fagan'],
  ...[
    'Fukuda',
    'Fukushima Express',
    'Kikelomo',
    'Analía',
    'Bích',
    'Semen Petrov',
    'György',
    'Phúc'
  ],
  ...['Rider 455', '5417', '🚲', `${FAMILY} on wheels`, `${ENGLAND} Tom`, '❤️ Mina', '🧑🏽‍🚀', '#️⃣'],
  ...['ليلى المنصوري', 'علی‌رضا', 'בן־חיים', 'ශ්‍රී', 'สมชาย ใจดี', '田中 さくら', '!?', '김지우']
])('%s may stand on a screen, letter by letter', name => {
  expect(niceName(name)).toBe(name.normalize('NFC'))
  expect(isRefused(name)).toBe(false)
})

test.each([
  ...['fuck', 'FuCk you', 'sh1t', 'ѕhit', '𝔟ⁱẗ𝙘ɦ', 'a$$hole', 'n1gg3r', 'fаggot', 'cunt'],
  ...['dickhead', 'Dick Head', 'Dick Pic', 'xx fuuuuck xx', '🚲 pussy 🚲']
])('%s is refused, and not repeated', name => {
  expect(isRefused(niceName(name))).toBe(true)
})

test('characters that nobody sees are taken out, and white space is squeezed', () => {
  expect(niceName(' Mi\u200bna \u00a0\t Ní\u200f  Bhri\u00adain\ufeff')).toBe('Mina Ní Bhriain')
  expect(niceName('Mi\u200dna\u200c')).toBe('Mina')
  expect(niceName('Jose\u0301')).toBe('José')
})

test.each(['\u200b', '\u200d', '\u3164', '\u2800', '\ufe0f', ' \u00a0 ', '\u115f \u2060'])(
  'a name of which nobody sees anything (%j) is none',
  name => {
    expect(() => niceName(name)).toThrow('no character that can be seen')
  }
)

test.each([
  ['Mina', 'MINA'],
  ['Mina', 'Ｍｉｎａ'],
  ['Mina B', 'mi-na.b'],
  ['Mina', 'Míñä'],
  ['Mina', 'Мina'],
  ['Mina', 'Mi\u200bna'],
  ['Rider 10', 'rider lo'],
  ['Капитан', 'kапитaн'],
  [FAMILY, `${FAMILY} `]
])('%s and %s are one name', (one, other) => {
  expect(foldName(niceName(other))).toBe(foldName(niceName(one)))
})

test.each([
  ['Mina', 'Nina'],
  ['か', 'が'],
  ['कमल', 'कोमल'],
  ['Rider 1', 'Rider 2'],
  ['Ella', 'Eila'],
  ['!', '?'],
  ['🦦', '🐼'],
  ['ليلى', 'أمير']
])('%s and %s are two', (one, other) => {
  expect(foldName(niceName(other))).not.toBe(foldName(niceName(one)))
})
