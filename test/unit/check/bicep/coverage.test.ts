import { expect, test } from 'vitest'
import { unreached } from '../../../../infra/check/bicep/coverage.ts'
import { evaluate } from '../../../../infra/check/bicep/evaluate.ts'
import { parse, TYPES, told } from './program.ts'

const SOURCE = `param p bool
param n object = { v: null }
module m 'm.bicep' = if (p) {}
resource s 'Microsoft.Web/sites@2025-03-01' = if (!p) { name: 'a', kind: p ? 'x' : 'y' }
output o string = p ? (n.v ?? 'none') : 'off'
`
const parsed = parse({ 'main.bicep': SOURCE, 'm.bicep': "output o string = true ? 'a' : 'b'" })
const run = (p: boolean, v: string | null) => evaluate(parsed, { p, n: { v } }, TYPES)

test('what no case reaches is told, of what lies within it nothing', () => {
  expect(told(unreached(parsed, [run(true, 'n')]))).toEqual([
    '4:10 unreached: no case that is tried reaches s: add one, or drop it',
    "5:31 unreached: no case that is tried reaches `'none'`: add one, or drop it",
    "5:41 unreached: no case that is tried reaches `'off'`: add one, or drop it",
    "1:32 unreached: no case that is tried reaches `'b'`: add one, or drop it"
  ])
})

test('cases add up', () => {
  const places = told(unreached(parsed, [run(true, null), run(false, null)])).map(
    line => line.split(' ')[0]
  )
  expect(places).toEqual(['4:78', '1:32'])
})
