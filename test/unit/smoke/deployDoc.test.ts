import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { AZURE_FACTS } from '../../smoke/facts.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const doc = read('docs/deploy.md')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

test('docs/deploy.md has each role with its id and who may have it', () => {
  const kinds: Record<string, string> = { User: 'people', Application: 'programs' }
  for (const [role, { id, members }] of Object.entries(topology.entra.roles)) {
    const who = members.map(member => kinds[member]).join(', ')
    expect(doc).toContain(`| \`${role}\` | ${who} | \`${id}\` |`)
  }
  expect(doc).toContain(`\`${topology.entra.scope}\``)
})

test('docs/deploy.md has every setting of the template with its default, and no other', () => {
  const settings = [...read('infra/main.parameters.json').matchAll(/\$\{(\w+)(?:=(\w*))?\}/g)]
    .map(([, name = '', initial]) => ({ name, initial }))
    .filter(({ name }) => !name.startsWith('AZURE_'))
  const rows = [...doc.matchAll(/^\| (`[A-Z_`, ]+) \| ([^|]+) \|/gm)].map(
    ([, names = '', initial]) => ({
      names: [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
      initial: (initial ?? '').replaceAll('`', '')
    })
  )
  expect(rows.flatMap(({ names }) => names).sort()).toEqual(settings.map(({ name }) => name).sort())
  for (const { name, initial } of settings) {
    const told = rows.find(({ names }) => names.includes(name))?.initial
    expect(told).toMatch(initial ? new RegExp(`^${initial}$`) : /^none/)
  }
})

test('docs/deploy.md has every fact that only Azure can prove, with its checks', () => {
  for (const { fact, checks } of AZURE_FACTS) {
    expect(doc).toContain(`| ${fact} | ${checks.map(name => `*${name}*`).join(', ')} |`)
  }
})

test('docs/deploy.md calls only npm scripts that exist', () => {
  for (const [, script = ''] of doc.matchAll(/npm run ([\w:-]+)/g)) {
    expect(Object.keys(scripts)).toContain(script)
  }
})

test('docs/deploy.md names only outputs of the template and its settings', () => {
  const known = [read('infra/main.bicep'), read('infra/main.parameters.json')].join()
  const own = /^(AZURE_CLIENT_SECRET|AZURE_CLIENT_ID|AZURE_SUBSCRIPTION_ID|DEPLOY_ENTRA)$/
  for (const [name] of doc.matchAll(
    /\b(?:[A-Z]+_)+(?:URL|CLIENT_ID|TYPE|EMAIL|BUDGET|DOMAIN|NAME)\b/g
  )) {
    if (!own.test(name)) expect(known).toContain(name)
  }
})

test('docs/deploy.md tells the sizes that the template has', () => {
  const template = read('infra/main.bicep')
  const hubs = [...template.matchAll(/hub: \{ units: (\d+), maximumUnits: (\d+) \}/g)]
  expect(doc).toContain(hubs.map(([, units, most]) => ` ${units} → ${most} |`).join(''))
  const apps = [...template.matchAll(/maximumInstances: (\d+), alwaysReady: (\d+)/g)]
  expect(doc).toContain(apps.map(([, most, ready]) => ` ${ready}, ${most} |`).join(''))
  const logs = [...template.matchAll(/retentionDays: (\d+), daily/g)]
  expect(doc).toContain(logs.map(([, days]) => ` ${days} days |`).join(''))
})
