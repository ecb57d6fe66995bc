import { expect, test } from 'vitest'
import { deploy, jsonOf, result, told } from './program.ts'

const SITE = "resource s 'Microsoft.Web/sites@2025-03-01' = { name: 'a' }"

test('what a service answers is later, its name, id and type are known', () => {
  const { outputs, faults } = deploy(
    `${SITE}\noutput host string = s.properties.host\noutput url string = 'https://\${s.properties.host}/\${s.name}'\noutput type string = s.type`
  )
  expect(told(faults)).toEqual([])
  expect(outputs.get('host')).toMatchObject({
    kind: 'later',
    type: 'string',
    what: 's.properties.host'
  })
  expect(outputs.get('url')).toMatchObject({ value: 'https://«s.properties.host»/a', sure: false })
  expect(outputs.get('type')).toMatchObject({ value: 'Microsoft.Web/sites', sure: true })
})

test('a value keeps the place where it was written', () => {
  const { resources } = deploy(
    "var size = {\n  sku: 'S1'\n}\nresource s 'Microsoft.Web/sites@2025-03-01' = {\n  name: 'a'\n  kind: size.sku\n}"
  )
  const kind = resources[0]?.body.properties.get('kind')
  expect(kind?.key).toMatchObject({ line: 6, column: 3 })
  expect(kind?.value.place).toMatchObject({ line: 2, column: 8 })
})

const refused: [expression: string, fault: string, above?: string][] = [
  ['o.nam', '`o` has no property nam: did you mean name?', "var o = { name: 'x' }"],
  ["o['nam']", 'did you mean name?', "var o = { name: 'x' }"],
  ['o.name.deep', '`o.name` is string, it has no deep', "var o = { name: 'x' }"],
  ['[1][1]', 'has 1 items, none at 1'],
  ['1[0]', '`1` is int: int is no index of it'],
  ["'a' + 1", '+ cannot be applied to string and int'],
  ['!1', '! cannot be applied to int'],
  ['1 / 0', '/ cannot be applied'],
  ['1 ? 2 : 3', '`1` must be bool, not int'],
  ['s', 's is no value: read one of its properties', SITE],
  ['s.properties.hots', 'Microsoft.Web/sites@2025-03-01 has no property properties.hots', SITE],
  ['s.properties.host.x', '`s.properties.host` is string, it has no x', SITE],
  ['s.properties.isOn ? 1 : 2', 'must be decidable before the deployment', SITE],
  ["s.properties.host == 'a' ? 1 : 2", 'must be decidable', SITE],
  ['s.properties.isOn || true', 'must be decidable', SITE],
  ['toObject([s.properties.host], x => x)', 'must be strings that are known', SITE],
  ['filter([1], x => s.properties.isOn)', 'must be decidable', SITE],
  ['[x => 1]', 'a lambda stands as the argument of a function alone'],
  ['map(1, x => x)', 'map() wants array as its argument 1, not int'],
  ['map([1], 1)', 'map() wants lambda as its argument 2, not int'],
  [`{ '\${s.properties.host}': 1 }`, 'must be known before the deployment', SITE],
  ['resourceGroup().locations', 'did you mean location?'],
  ["'a' =~ 'A'", '=~ cannot be applied'],
  ["'a' < 'b'", '< cannot be applied to string and string'],
  ["resourceId('Microsoft.Web/sites', 'a', 'b')", 'needs 1 names, not 2']
]
test.each(refused)('%s is refused', (expression, fault, above) => {
  expect(result(expression, above).faults.join('\n')).toContain(fault)
})

test('one fault is told once, and the rest is looked at too', () => {
  const { faults } = deploy(
    `var a = { b: 1 }\nvar c = a.x\noutput d int = c\noutput e string = '\${c}'\noutput f int = a.y`
  )
  expect(told(faults)).toHaveLength(2)
})

const given: [declaration: string, value: string | number | boolean, fault: string][] = [
  ['param p string', 1, 'the parameter p must be string, not int'],
  ["@allowed(['a', 'b'])\nparam p string", 'c', 'must be one of a, b, not c'],
  ['@minValue(2)\nparam p int', 1, 'at least 2'],
  ['@maxValue(2)\nparam p int', 3, 'at most 2'],
  ['@minLength(2)\nparam p string', 'a', 'at least 2'],
  ['@maxLength(2)\nparam p string', 'abc', 'at most 2']
]
test.each(given)('%s does not take %s', (declaration, p, fault) => {
  expect(told(deploy(`${declaration}\noutput o object = any(p)`, { p }).faults).join()).toContain(
    fault
  )
})

test('a default must fit, though a value is given', () => {
  const { faults } = deploy("@minLength(2)\nparam p string = 'a'\noutput o string = p", {
    p: 'abc'
  })
  expect(told(faults)).toEqual(['2:18 parameter: length of the parameter p must be at least 2'])
})

test('parameters of the entry must be there and known', () => {
  const { faults } = deploy('param colour string\noutput o string = colour', { color: 'red' })
  expect(told(faults).join()).toMatch(
    /no parameter color: did you mean colour.*colour is not given/
  )
})

const outputs: [type: string, value: string, fault: string | undefined][] = [
  ['int', "'1'", 'the output o must be int, not string'],
  ['bool', 's.properties.host', 'must be bool, not string'],
  ['string', 's.properties.host', undefined]
]
test.each(outputs)('an output %s of %s is checked', (type, value, fault) => {
  const faults = told(deploy(`${SITE}\noutput o ${type} = ${value}`).faults)
  expect(faults.join()).toContain(fault ?? '')
  expect(faults).toHaveLength(fault ? 1 : 0)
})

test('loops make arrays of values, with index', () => {
  const source =
    'var a = [for (x, i) in [5, 6, 7]: { value: x, index: i }]\noutput o array = [for x in a: x.value * x.index]'
  expect(jsonOf('map(a, x => x.value - x.index)', source.split('\n')[0])).toEqual([5, 5, 5])
})

test('what is later may be null, so both sides of ?? are looked at', () => {
  expect(result("s.?properties.?host ?? ''", SITE)).toEqual({
    value: "«s.?properties.?host ?? ''»",
    faults: []
  })
})

test('what a service names is not empty', () => {
  expect(jsonOf('empty(s.properties.host)', SITE)).toBe(false)
  expect(jsonOf('empty(s.properties.keys)', SITE)).toBe('«empty(s.properties.keys)»')
})
