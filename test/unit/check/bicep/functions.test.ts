import { expect, test } from 'vitest'
import { deploy, jsonOf, told } from './program.ts'

const cases: [expression: string, value: unknown][] = [
  ["toLower('ÄB')", 'äb'],
  ["toUpper('ab')", 'AB'],
  ["replace('a-b-c', '-', '')", 'abc'],
  ['string(true)', 'True'],
  ['string({ a: [1] })', '{"a":[1]}'],
  ["join(['a', 'b'], '; ')", 'a; b'],
  ["split('a,b', ',')", ['a', 'b']],
  ["concat('a', 'b')", 'ab'],
  ['concat([1], [1, 2])', [1, 1, 2]],
  ["length('abc') + length([1]) + length({ a: 1 })", 5],
  ["[empty(''), empty([]), empty({}), empty('a'), empty(null)]", [true, true, true, false, true]],
  [
    'items({ b: 1, a: 2 })',
    [
      { key: 'a', value: 2 },
      { key: 'b', value: 1 }
    ]
  ],
  ['map([1, 2], (x, i) => x * i)', [0, 2]],
  ['filter([1, 2, 3], x => x > 1)', [2, 3]],
  ['reduce([1, 2, 3], 0, (sum, x) => sum + x)', 6],
  [`toObject(['a', 'b'], x => x, x => '\${x}!')`, { a: 'a!', b: 'b!' }],
  ['flatten([[1], [2, [3]]])', [1, 2, [3]]],
  ['union([1, 2], [2, 3], [1])', [1, 2, 3]],
  ['union([{ a: 1 }], [{ a: 1 }])', [{ a: 1 }]],
  ['union({ a: { b: 1, c: [1] } }, { a: { c: [2] }, d: 1 })', { a: { b: 1, c: [2] }, d: 1 }],
  [
    "[contains('abc', 'bc'), contains('abc', 'BC'), contains([1], 1), contains({ a: 1 }, 'A')]",
    [true, false, true, true]
  ],
  ["[indexOf('abc', 'C'), indexOf([5, 6], 6), indexOf('a', 'x')]", [2, 1, -1]],
  ["[first([1, 2]), last([1, 2]), first('ab'), first([])]", [1, 2, 'a', null]],
  ["[take('abc', 2), skip('abc', 2)]", ['ab', 'c']],
  ['[take([1, 2], 9), skip([1, 2], 1)]', [[1, 2], [2]]],
  ['environment().suffixes.storage', 'core.windows.net'],
  ['environment().authentication.loginEndpoint', 'https://login.microsoftonline.com/'],
  [
    "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
    '/subscriptions/00000000-0000-4000-8000-000000000001/providers/Microsoft.Authorization/roleDefinitions/r'
  ],
  [
    "resourceId('Microsoft.Web/sites/config', 'a', 'b')",
    '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/group/providers/Microsoft.Web/sites/a/config/b'
  ]
]
test.each(cases)('%s', (expression, value) => {
  expect(jsonOf(expression)).toEqual(value)
})

test('unique strings and GUIDs have the form of real ones and depend on every part', () => {
  expect(jsonOf("uniqueString('a')")).toMatch(/^[a-z2-7]{13}$/)
  expect(jsonOf("uniqueString('a', 'b')")).not.toBe(jsonOf("uniqueString('ab')"))
  expect(jsonOf("guid('a')")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  )
  expect(jsonOf("guid('a')")).toBe(jsonOf("guid('a')"))
})

test('the time is a default, by .NET format', () => {
  const { outputs, faults } = deploy("param t string = utcNow('yyyy-MM-01')\noutput o string = t")
  expect(told(faults)).toEqual([])
  expect(outputs.get('o')).toMatchObject({ value: '2030-06-01' })
})

test('files are read beside the file that names them', () => {
  const { outputs, faults } = deploy({
    'main.bicep': "module m 'sub/m.bicep' = {}\noutput o array = m.outputs.o",
    'sub/m.bicep':
      "output o array = [\n  loadJsonContent('../a.json').list[0]\n  loadTextContent('b.txt')\n]",
    'a.json': '{"list": [7]}',
    'sub/b.txt': 'x'
  })
  expect(told(faults)).toEqual([])
  expect(outputs.get('o')).toMatchObject({ items: [{ value: 7 }, { value: 'x' }] })
})

test('a file longer than Bicep takes is refused', () => {
  const sources = { 'main.bicep': "output o string = loadTextContent('a')", a: 'x'.repeat(131_073) }
  expect(told(deploy(sources).faults).join()).toContain('limit of 131072')
})

test('functions of what is later are later, of the type that they give', () => {
  const site = "resource s 'Microsoft.Web/sites@2025-03-01' = { name: 'a' }\n"
  const { outputs } = deploy(
    `${site}output o string = toLower(s.properties.host)\noutput n int = length(s.properties.keys)`
  )
  expect(outputs.get('o')).toMatchObject({ kind: 'later', type: 'string' })
  expect(outputs.get('n')).toMatchObject({ kind: 'later', type: 'int' })
})
