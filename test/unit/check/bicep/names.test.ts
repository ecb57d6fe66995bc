import { expect, test } from 'vitest'
import { type Sources, staticFaults } from './program.ts'

const GROUP =
  "resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = { name: 'rg', location: 'x' }"
const SCOPE = `targetScope = 'subscription'\n${GROUP}\n`
const SITE = (name: string, body: string) =>
  `resource ${name} 'Microsoft.Web/sites@2025-03-01' = ${body}`
const module = (call: string, called: string): Sources => ({
  'main.bicep': `${SCOPE}${call}`,
  'm.bicep': called
})
const CALL =
  "module m 'm.bicep' = {\n  scope: group\n  params: { a: 1 }\n}\noutput b int = m.outputs.b"
const CALLED = 'param a int\noutput b int = a'

test('a sound program has no fault', () => {
  expect(staticFaults(module(CALL, CALLED))).toEqual([])
})

const faulty: [why: string, source: string | Sources, fault: string][] = [
  [
    'an unknown name',
    'var colour = 1\noutput a int = color',
    'nothing is called color: did you mean colour?'
  ],
  ['two of one name', 'param a int\nvar a = 1\noutput b int = a', 'a is declared twice'],
  ['two outputs of one name', 'output a int = 1\noutput a int = 2', 'a is declared twice'],
  ['an unused parameter', 'param a int', 'the param a is used nowhere'],
  ['an unused variable', 'var a = 1', 'the var a is used nowhere'],
  [
    'an unused existing resource',
    SITE('a', "existing = { name: 'b' }").replace('= existing', 'existing'),
    'the resource a is used nowhere'
  ],
  [
    'an unknown type',
    'param a strin\noutput b string = a',
    'there is no type strin: did you mean string?'
  ],
  [
    'an unknown function',
    "output a string = toLowr('B')",
    'knows no function toLowr: did you mean toLower?'
  ],
  ['too few arguments', "output a array = split('a')", 'split() takes 2 arguments, not 1'],
  [
    'too many arguments',
    "output a string = toLower('a', 'b')",
    'toLower() takes 1 arguments, not 2'
  ],
  [
    'the time elsewhere than in a default',
    'output a string = utcNow()',
    "as a parameter's default alone"
  ],
  [
    'keys of a service',
    `${SITE('s', "{ name: 'a' }")}\noutput b string = s.listKeys().x`,
    'listKeys() answers secrets'
  ],
  ['keys by a function', "output b object = listKeys('a', 'b')", 'listKeys() answers secrets'],
  ['a reference', "output b object = reference('a')", 'reference() answers secrets'],
  [
    'a file that is missing',
    "output a string = loadTextContent('b.txt')",
    'there is no file b.txt'
  ],
  [
    'a path that is computed',
    `var a = 'b'\noutput c string = loadTextContent('\${a}')`,
    'a path that is plainly written'
  ],
  [
    'an unknown decorator',
    '@secret()\nparam a string\noutput b string = a',
    'no decorator @secret'
  ],
  [
    'a decorator in a wrong place',
    '@minLength(1)\nvar a = 1\noutput b int = a',
    '@minLength is not for a var'
  ],
  [
    'a decorator for another type',
    '@minValue(1)\nparam a string\noutput b string = a',
    '@minValue is for int, not string'
  ],
  [
    'a decorator without its argument',
    '@description()\nparam a int\noutput b int = a',
    '@description takes 1'
  ],
  [
    'a decorator with a wrong argument',
    '@allowed(1)\nparam a int\noutput b int = a',
    '@allowed takes a plain array'
  ],
  [
    'a decorator twice',
    '@secure()\n@secure()\nparam a string\noutput b string = a',
    'stands here twice'
  ],
  ['@batchSize without a loop', `@batchSize(1)\n${SITE('s', "{ name: 'a' }")}`, 'for loops alone'],
  ['a circle of variables', 'var a = b\nvar b = a', 'these need each other: a → b → a'],
  [
    'a resource that needs itself',
    SITE('s', "{ name: 'a', location: s.properties.host }"),
    's → s'
  ],
  [
    'a module that reaches itself',
    { 'main.bicep': "module m 'main.bicep' = {}" },
    'main.bicep reaches itself'
  ],
  [
    'a module file that is missing',
    { 'main.bicep': "module m 'n.bicep' = {}" },
    'there is no file n.bicep'
  ],
  [
    'a missing parameter of a module',
    module(CALL.replace('a: 1', ''), CALLED),
    'm needs the parameter a of m.bicep'
  ],
  [
    'an unknown parameter of a module',
    module(CALL.replace('a: 1', 'a: 1, aa: 2'), CALLED),
    'no parameter aa: did you mean a?'
  ],
  [
    'an unknown output of a module',
    module(CALL.replace('s.b', 's.bb'), CALLED),
    'no output bb: did you mean b?'
  ],
  [
    'an output that nobody reads',
    module(CALL, `${CALLED}\noutput c int = a`),
    'nobody reads the output c'
  ],
  [
    'an unknown property of a module',
    module(CALL.replace('params', 'parms: {}\n  params'), CALLED),
    'a module takes no parms: did you mean params?'
  ],
  [
    'another member of a module',
    module(CALL.replace('m.outputs.b', 'm.id'), CALLED),
    'a module has name and outputs, not id'
  ],
  [
    'a conditional module without !',
    module(`param c bool\n${CALL.replace('= {', '= if (c) {')}`, CALLED),
    'write m!.outputs or m.?outputs'
  ],
  [
    'a conditional resource without !',
    `param c bool\n${SITE('s', "if (c) { name: 'a' }")}\noutput h string = s.properties.host`,
    'write s!.properties'
  ],
  [
    'a body in an existing resource',
    `${SITE('s', "{ name: 'a', location: 'b' }").replace(' =', ' existing =')}\noutput b string = s.id`,
    's exists already'
  ],
  [
    'dependsOn of a value',
    `var v = 1\n${SITE('s', "{ name: 'a', dependsOn: [v] }")}`,
    '`v` is no resource'
  ],
  [
    'a loop in a loop of a property',
    `${SITE('s', "{ name: 'a', tags: [for i in [1]: { b: [for j in [i]: j] }] }")}`,
    'cannot be nested'
  ],
  [
    'an unregistered extension',
    "extension graph\nresource a 'Microsoft.Graph/applications@v1.0' = { uniqueName: 'b' }",
    'knows no extension graph'
  ],
  [
    'a type of Graph without its extension',
    "resource a 'Microsoft.Graph/applications@v1.0' = { uniqueName: 'b' }",
    'needs the extension of Microsoft Graph'
  ],
  [
    'an extension that is unused',
    { 'main.bicep': 'extension graph', 'bicepconfig.json': '{"extensions":{"graph":"br:x"}}' },
    'the extension graph is used nowhere'
  ],
  [
    'a name from an output',
    module(
      `${CALL}\n${GROUP.replace('group', 'two').replace("'rg'", `'\${m.outputs.b}'`)}`,
      CALLED
    ),
    'a name must be known when the deployment starts, `m.outputs.b`'
  ],
  [
    'a name from a service, by a variable',
    `${SITE('s', "{ name: 'a' }")}\nvar h = s.properties.host\n${SITE('t', '{ name: h }')}`,
    '`s.properties.host` is not'
  ],
  [
    'a condition from a service',
    `${SITE('s', "{ name: 'a' }")}\n${SITE('t', "if (s.properties.isOn) { name: 'b' }")}`,
    'a condition must be known'
  ],
  [
    'a loop over what a service answers',
    `${SITE('s', "{ name: 'a' }")}\n${SITE('t', '[for k in s.properties.keys: { name: k }]')}`,
    'the collection of a loop must be known'
  ]
]
test.each(faulty)('%s is told', (_, source, fault) => {
  expect(staticFaults(source).join('\n')).toContain(fault)
})

test('inside a module a parameter is known, whatever the caller gives', () => {
  const called = `param a string\n${SITE('s', '{ name: a }')}`
  const caller = `${CALL.split('\noutput')[0]?.replace('a: 1', 'a: group.properties.host')}`
  expect(staticFaults(module(caller, called))).toEqual([])
})

test('loops, lambdas and nested resources have names of their own', () => {
  const source = `${SITE('s', "{\n  name: 'a'\n  resource c 'config' = { name: 'web', kind: join(map(['x'], s => s), c2) }\n}")}`
  expect(staticFaults(source)).toEqual(['3:71 symbol: nothing is called c2: did you mean c?'])
})
