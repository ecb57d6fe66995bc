import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Body, said } from './build.ts'
import { altered, renamed, SOUND } from './sound.ts'

type Spot = { type: string; path: string; value: unknown }

/** Objects whose keys anyone may choose, and what Azure does not describe. */
const OPEN = /(^|\/)(tags|userAssignedIdentities|document)$/
const FREE = (spot: Spot) => spot.path.includes('document/') || spot.path.endsWith('/ANY')

/** All spots of the sound bodies, arrays' items among them. */
const SPOTS = Object.entries(SOUND)
  .flatMap(([type, body]) => spotsIn(type, body, ''))
  .filter(spot => !FREE(spot))
const holderOf = ({ path }: Spot) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const isItem = ({ path }: Spot) => /\/\d+$/.test(path)
const PROPERTIES = SPOTS.filter(spot => !isItem(spot) && !OPEN.test(holderOf(spot)))
const SCALARS = SPOTS.filter(({ value }) => typeof value !== 'object')

function spotsIn(type: string, holder: Body, above: string): Spot[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const path = above === '' ? key : `${above}/${key}`
    const inner =
      value !== null && typeof value === 'object' ? spotsIn(type, value as Body, path) : []
    return [{ type, path, value }, ...inner]
  })
}

test('there is much to change', () => {
  expect(PROPERTIES.length).toBeGreaterThan(200)
  expect(SCALARS.length).toBeGreaterThan(150)
})

test('a renamed property is always a fault', () => {
  const ending = fc.stringMatching(/^[a-zA-Z0-9]{1,3}$/)
  fc.assert(
    fc.property(fc.constantFrom(...PROPERTIES), ending, ({ type, path }, letters) => {
      const key = path.slice(path.lastIndexOf('/') + 1)
      expect(said(type, renamed(type, path, `${key}${letters}`))).not.toEqual([])
    }),
    { numRuns: 1000 }
  )
})

test('a property in another casing is always a fault', () => {
  for (const { type, path } of PROPERTIES) {
    const key = path.slice(path.lastIndexOf('/') + 1)
    const name = `${key[0]?.toUpperCase()}${key.slice(1)}`
    const other = name === key ? key.toLowerCase() : name
    expect(said(type, renamed(type, path, other)), `${type} ${path}`).not.toEqual([])
  }
})

test('a scalar of another kind is always a fault', () => {
  const values = [fc.string(), fc.integer(), fc.boolean(), fc.constant([]), fc.constant({})]
  fc.assert(
    fc.property(
      fc.constantFrom(...SCALARS),
      fc.oneof(...values),
      ({ type, path, value }, other) => {
        fc.pre(typeof value !== typeof other)
        expect(said(type, altered(type, path, other))).toEqual([
          expect.stringMatching(/^(kind|choice): /)
        ])
      }
    ),
    { numRuns: 2000 }
  )
})
