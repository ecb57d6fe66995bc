import { expect, test } from 'vitest'
import { knownParts, mayBe, segments } from '../../../../infra/check/types/unsure.ts'

test('the known parts of a string stand around its unknown ones, nested or not', () => {
  expect(knownParts('plain')).toEqual(['plain'])
  expect(knownParts('a«x»b«y»')).toEqual(['a', 'b', ''])
  expect(knownParts('a«id(«x»)»b')).toEqual(['a', 'b'])
})

test.each([
  ['same', 'same', true],
  ['same', 'other', false],
  ['Standard_«x»', 'Standard_LRS', true],
  ['Standard_«x»', 'Premium_LRS', false],
  ['«x»_LRS', 'Standard_LRS', true],
  ['«x»_LRS', 'Standard_ZRS', false],
  ['S«x»_«y»S', 'Standard_LRS', true],
  ['S«x»-«y»S', 'Standard_LRS', false],
  ['ab«x»ba', 'aba', false],
  ['«x»', 'anything', true]
])('%s may be %s: %s', (text, candidate, expected) => {
  expect(mayBe(text, candidate)).toBe(expected)
})

test('a pattern may be met where some filling of the unknown meets it', () => {
  expect(mayBe('abc', /^[a-z]+$/)).toBe(true)
  expect(mayBe('ab-', /^[a-z]+$/)).toBe(false)
  expect(mayBe('ab«x»', /^[a-z]+[0-9]{4}$/)).toBe(true)
  expect(mayBe('a-«x»', /^[a-z]+$/)).toBe(false)
  expect(mayBe('«x»', /^never$/)).toBe(true)
})

test('a name is parted at its slashes, but not inside what is unknown', () => {
  expect(segments('hub')).toEqual(['hub'])
  expect(segments('namespace/hub')).toEqual(['namespace', 'hub'])
  expect(segments('«a/«b/c»/d»/hub-«e/f»')).toEqual(['«a/«b/c»/d»', 'hub-«e/f»'])
})
