import { expect, test } from 'vitest'
import { parseBicep } from '../../../../infra/check/bicep/program.ts'
import { filesOf, jsonOf, parse, staticFaults } from './program.ts'

const values: [expression: string, value: unknown][] = [
  ['!o.no && o.yes', true],
  ["o.name == o.other.name ? 'same' : o.other.name", 'inner'],
  ['1 + 2 * 3 - -4', 11],
  ['(1 + 2) * 3 % 5', 4],
  ['10 - 3 - 2', 5],
  ['1 < 2 == true', true],
  ['o.?gone ?? o.name', 'outer'],
  ['o.?gone.deeper', null],
  ["o['name']", 'outer'],
  ['o.list[1]', 2],
  ['o!.name', 'outer'],
  ["'a' != 'A'", true],
  [`'\${o.name} \${1}\${true} #x'`, 'outer 1True #x'],
  [`'\\\${o} it\\'s\\n\\u{1F6B4}'`, `\${o} it's\n🚴`],
  [
    `{ '\${o.name}-key': 1, type: 2, if: 3, 'x y': 4 }`,
    { 'outer-key': 1, type: 2, if: 3, 'x y': 4 }
  ],
  ['map([1, 2], x => x + 1)', [2, 3]],
  ['map([5, 6], (x, i) => o.list[i])', [1, 2]]
]
test.each(values)('%s is read as Bicep reads it', (expression, value) => {
  const above =
    "var o = { name: 'outer', no: false, yes: true, list: [1, 2], other: { name: 'inner' } }"
  expect(jsonOf(expression, above)).toEqual(value)
})

test('items stand one a line or with commas, and a line that begins with [ is an item', () => {
  expect(jsonOf('[\n  a\n  [1]\n  (a)\n]', "var a = 'x'")).toEqual(['x', [1], 'x'])
})

const unreadable: [why: string, source: string, fault: RegExp][] = [
  ['what the grammar cannot read', 'var a = {\n  b: )\n}', /^2:\d+ syntax: /],
  ['a missing sign', 'var a = [1\n', /syntax: /],
  ['a spread', 'var a = { ...b }', /use union\(\) instead of a spread/],
  ['items on a line without a comma', 'var a = [1 2]', /^1:12 syntax: `,` is wanted/],
  ['properties on a line without a comma', 'var a = { b: 1 c: 2 }', /`,` is wanted/],
  ['a line end behind a comma', 'var a = [\n  1,\n  2\n]', /another item behind the comma/],
  ['an operator that begins a line', 'var a = 1\n+ 2', /syntax: /],
  ['an operand on the next line', 'var a = true &&\n  false', /the right side of &&/],
  ['two declarations on a line', 'var a = 1 var b = 2', /the end of the line/],
  ['a string over two lines', "var a = 'b\nc'", /must end on its line/],
  ['a comment that swallows a line', 'var a = 1 // b \\\nvar c = 2', /must not end in \\/],
  ['a line with # alone', '#nonsense\nvar a = 1', /neither a comment nor/],
  ['an unknown escape', "var a = '\\q'", /Bicep has no escape/],
  ['a loop within an expression', 'var a = length([for i in [1]: i])', /a loop is a whole value/],
  [
    'a condition in a loop',
    "resource a 'A.B/c@1' = [for i in [1]: if (i > 1) { name: 'd' }]",
    /filter\(\) its items/
  ],
  ['a user function', 'func f(a string) string => a', /`func` is not handled/],
  ['an assertion', 'assert a = true', /`assert` is not handled/],
  ['a resource type without a provider name', "resource a '@1' = {}", /as 'type@version'/],
  ['a scope of others', "targetScope = 'tenant'", /the scope tenant is not handled/],
  ['a type of its own', 'type a = string', /`type` is not handled .*readFile\.ts/],
  ['an import', "import { a } from 'b.bicep'", /`import` is not handled/],
  ['metadata', "metadata a = 'b'", /`metadata` is not handled/],
  ['a type that may be null', 'param a string?', /`\?` stands here|the end of the line/],
  ['a list of a type', 'param a string[]', /syntax: /],
  [
    'a type of literals',
    "param a 'b' | 'c'",
    /there is no type 'b': .* other types are not handled/
  ],
  ['a parameterized type', "param a resource<'x'>", /syntax: |no type/],
  ['a namespace', "var a = sys.toLower('B')", /write toLower\(\) without a dot/],
  ['a safe index', "var a = b[?'c']", /syntax: /],
  ['a string over several lines', "var a = '''b'''", /a string between ''' is not handled/],
  ['a property written twice', 'var a = { b: 1, b: 2 }', /written twice/],
  ['an extension with more than an alias', 'extension graph with {}', /`extension` and an alias/],
  ['a path with interpolation', `var a = 'b'\nmodule m '\${a}.bicep' = {}`, /plain text/]
]
test.each(unreadable)('%s is refused', (_, source, fault) => {
  expect(staticFaults(source).join('\n')).toMatch(fault)
})

test('a file is read again only where its text is new', () => {
  const sources = { 'main.bicep': "module m 'm.bicep' = {}", 'm.bicep': 'param a int = 1' }
  const first = parse(sources)
  const second = parseBicep('main.bicep', filesOf({ ...sources, 'm.bicep': 'param a int = 2' }))
  expect(second.files.get('main.bicep')).toBe(first.files.get('main.bicep'))
  expect(second.files.get('m.bicep')).not.toBe(first.files.get('m.bicep'))
})
