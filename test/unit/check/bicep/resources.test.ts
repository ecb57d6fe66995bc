import { expect, test } from 'vitest'
import { toJson } from '../../../../infra/check/bicep/values.ts'
import type { Resource } from '../../../../infra/check/model.ts'
import { deploy, type Sources, told } from './program.ts'

const SUBSCRIPTION = '/subscriptions/00000000-0000-4000-8000-000000000001'
const IN_GROUP = `${SUBSCRIPTION}/resourceGroups/group/providers`
const idsOf = (resources: Resource[]) => resources.map(({ id }) => id.replace(IN_GROUP, ''))
const site = (name: string, rest = '') =>
  `resource ${name} 'Microsoft.Web/sites@2025-03-01' = { name: '${name}'${rest} }\n`

test('children have their parents in name, type and id: by parent, nested, or in the name', () => {
  const { resources, faults } = deploy(
    `${site('a')}resource web 'Microsoft.Web/sites/config@2025-03-01' = {\n  parent: a\n  name: 'web'\n}
resource b 'Microsoft.Web/sites@2025-03-01' = {
  name: 'b'
  resource logs 'config' = {
    name: 'logs'
    properties: { of: b.name }
  }
}
resource c 'Microsoft.Web/sites/config@2025-03-01' = { name: 'b/appsettings', kind: b::logs.id, tags: { own: web.name, full: b::logs.name } }`
  )
  expect(told(faults)).toEqual([])
  expect(idsOf(resources)).toEqual([
    '/Microsoft.Web/sites/a',
    '/Microsoft.Web/sites/a/config/web',
    '/Microsoft.Web/sites/b',
    '/Microsoft.Web/sites/b/config/logs',
    '/Microsoft.Web/sites/b/config/appsettings'
  ])
  expect(resources[3]).toMatchObject({
    type: 'Microsoft.Web/sites/config',
    apiVersion: '2025-03-01',
    name: 'b/logs',
    symbol: 'logs'
  })
  expect([...(resources[1]?.body.properties.keys() ?? [])]).toEqual(['name'])
  // As Bicep itself has it: a child's name is what is written, without its parent's.
  const tags = resources[4]?.body.properties.get('tags')?.value
  expect(tags && toJson(tags)).toEqual({ own: 'web', full: 'logs' })
})

test('an extension resource lies under its scope, others under their group', () => {
  const { resources } = deploy(
    `${site('a')}resource d 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = { scope: a, name: 'd' }`
  )
  expect(idsOf(resources)[1]).toBe(
    '/Microsoft.Web/sites/a/providers/Microsoft.Insights/diagnosticSettings/d'
  )
  expect(resources[1]?.scope).toBe(`${IN_GROUP}/Microsoft.Web/sites/a`)
  expect(resources[0]?.scope).toBe(`${SUBSCRIPTION}/resourceGroups/group`)
})

test('loops are unrolled, one is chosen by its index', () => {
  const { resources, outputs, faults } = deploy(
    `resource all 'Microsoft.Web/sites@2025-03-01' = [for (n, i) in ['a', 'c']: {\n  name: '\${n}\${i}'\n}]\noutput o string = all[1].properties.host`
  )
  expect(told(faults)).toEqual([])
  expect(idsOf(resources)).toEqual(['/Microsoft.Web/sites/a0', '/Microsoft.Web/sites/c1'])
  expect(outputs.get('o')).toMatchObject({ what: 'all[1].properties.host' })
})

test('what is not deployed in a case is not read', () => {
  const source = `param p bool\n${site('a').replace('= {', '= if (p) {')}output o string = a!.properties.host\noutput q string = a.?properties.host ?? 'none'`
  expect(told(deploy(source, { p: true }).faults)).toEqual([])
  expect(told(deploy(source, { p: false }).faults).join()).toContain(
    'a is not deployed in this case'
  )
  expect(deploy(source, { p: false }).outputs.get('q')).toMatchObject({ value: 'none' })
})

const refused: [why: string, source: string, fault: string][] = [
  [
    'two resources with one id',
    site('a') + site('b').replace("name: 'b'", "name: 'A'"),
    'b and a are both'
  ],
  [
    'a loop whose names are one',
    "resource l 'Microsoft.Web/sites@2025-03-01' = [for i in [1, 2]: { name: 'a' }]",
    'are both'
  ],
  ['a name with too many parts', site('a').replace("'a'", "'a/b'"), 'must have 1 parts, not 2'],
  [
    'a resource without a name',
    "resource a 'Microsoft.Web/sites@2025-03-01' = {}",
    'a needs a name'
  ],
  [
    'a child of another type',
    `${site('a')}resource k 'Microsoft.KeyVault/vaults/keys@2025-05-01' = { parent: a, name: 'k' }`,
    'is no child of Microsoft.Web/sites'
  ],
  [
    'a type without a version',
    "resource a 'Microsoft.Web/sites' = { name: 'a' }",
    "as 'type@version'"
  ],
  [
    'a type without a provider',
    "resource a 'sites@1' = { name: 'a' }",
    'must begin with a provider'
  ],
  ['a name that is a number', site('a').replace("'a'", '1'), 'must be a string, not int'],
  [
    'a loop without an index',
    "resource l 'Microsoft.Web/sites@2025-03-01' = [for i in [1]: { name: 'a' }]\noutput o string = l.id",
    'l is a loop: choose one by l[…]'
  ],
  [
    'an index beyond a loop',
    "resource l 'Microsoft.Web/sites@2025-03-01' = [for i in [1]: { name: 'a' }]\noutput o string = l[1].id",
    'there is no `l[1]`'
  ],
  [
    'a loop over a number',
    "resource l 'Microsoft.Web/sites@2025-03-01' = [for i in 3: { name: 'a' }]",
    'must be an array'
  ],
  [
    'another scope without a module',
    site('a', ", scope: resourceGroup('x')"),
    'by a module with that scope'
  ]
]
test.each(refused)('%s is refused', (_, source, fault) => {
  expect(told(deploy(source).faults).join('\n')).toContain(fault)
})

const GROUP =
  "targetScope = 'subscription'\nresource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {\n  name: 'rg'\n  location: 'here'\n}\n"
const CALL = "module m 'm.bicep' = {\n  scope: group\n  params: { a: 'x' }\n}\n"

test('a module deploys to the group of its scope', () => {
  const { resources, modules, outputs, faults } = deploy({
    'main.bicep': `${GROUP}${CALL}output o string = m.outputs.o`,
    'm.bicep': `param a string\nparam region string = resourceGroup().location\n${site('s', ', kind: region, tags: { a: a }')}output o string = s.properties.host`
  })
  expect(told(faults)).toEqual([])
  expect(resources.map(({ id }) => id)).toEqual([
    `${SUBSCRIPTION}/resourceGroups/rg`,
    `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Web/sites/s`
  ])
  expect(resources[1]?.body.properties.get('kind')?.value).toMatchObject({
    what: 'resourceGroup().location'
  })
  expect(modules).toMatchObject([{ symbol: 'm', file: 'm.bicep' }])
  expect(outputs.get('o')).toMatchObject({ kind: 'later', what: 's.properties.host' })
})

const modules: [why: string, sources: Sources, fault: string][] = [
  [
    'a parameter of a wrong type',
    { 'main.bicep': GROUP + CALL, 'm.bicep': 'param a int' },
    '8:16 parameter: the parameter a must be int, not string'
  ],
  [
    'a parameter that is not allowed',
    { 'main.bicep': GROUP + CALL, 'm.bicep': "@allowed(['y'])\nparam a string" },
    'must be one of y, not x'
  ],
  [
    'a module without its scope',
    { 'main.bicep': GROUP + CALL.replace('  scope: group\n', ''), 'm.bicep': 'param a string' },
    'm.bicep is for a resourceGroup, not for a subscription'
  ],
  [
    'a scope that is no group',
    { 'main.bicep': site('s') + CALL.replace('group', 's'), 'm.bicep': 'param a string' },
    '`s` is no resource group'
  ],
  [
    'two modules of one name',
    {
      'main.bicep':
        GROUP +
        CALL.replace('scope', "name: 'n'\n  scope") +
        CALL.replace(' m ', ' k ').replace('scope', "name: 'n'\n  scope"),
      'm.bicep': 'param a string'
    },
    'two modules are called n'
  ],
  [
    'a module name that is a number',
    {
      'main.bicep': GROUP + CALL.replace('scope', 'name: 7\n  scope'),
      'm.bicep': 'param a string'
    },
    'the name `7` must be a string, not int'
  ],
  [
    'a loop of modules of one name',
    {
      'main.bicep': `${GROUP}module m 'm.bicep' = [for i in [1, 2]: { name: 'n', scope: group }]`,
      'm.bicep': ''
    },
    'two modules are called n'
  ],
  [
    'a module name that is too long',
    {
      'main.bicep': GROUP + CALL.replace('scope', `name: '${'n'.repeat(65)}'\n  scope`),
      'm.bicep': 'param a string'
    },
    'is longer than 64'
  ]
]
test.each(modules)('%s is refused', (_, sources, fault) => {
  expect(told(deploy(sources).faults).join('\n')).toContain(fault)
})

test('a program that cannot be read deploys nothing and says why', () => {
  const { resources, faults } = deploy('var a = [')
  expect(resources).toEqual([])
  expect(faults[0]?.rule).toBe('syntax')
})

test('objects of Microsoft Graph are named by uniqueName and get their id from the service', () => {
  const { resources, faults } = deploy(
    "extension graph\nresource app 'Microsoft.Graph/applications@v1.0' = { uniqueName: 'api' }\noutput o string = app.id"
  )
  expect(resources[0]).toMatchObject({ name: 'api', id: 'Microsoft.Graph/applications/api' })
  expect(told(faults).join()).toContain('has no property id')
})

test('a resource extends another, or lies where its file is deployed to', () => {
  const elsewhere = site('a', ', scope: resourceGroup()')
  expect(told(deploy(elsewhere).faults).join()).toContain('is no resource to extend')
  const inGroup = deploy(GROUP.replace("targetScope = 'subscription'", ''))
  expect(told(inGroup.faults).join()).toContain('is deployed to the subscription')
})
