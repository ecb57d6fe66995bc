import { beforeAll, describe, expect, it } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { evaluate } from '../../infra/check/bicep/evaluate.ts'
import { loadGrammar } from '../../infra/check/bicep/tokens.ts'
import { CASES } from '../../infra/check/cases.ts'
import { privilegeTable } from '../../infra/check/rules/grants.ts'
import { filesOf, readTemplate } from '../../infra/check/template.ts'
import { loadTypes } from '../../infra/check/types/library.ts'
import { FORBIDDEN } from '../forbidden.ts'

/** Storage accounts whose owner may do all: the host keeps packages, leases and checkpoints there. */
const OWN_STORAGE = /^st([a-z]+)/

const cases = new Map<string, ReturnType<typeof privilegeTable>>()
beforeAll(async () => {
  await loadGrammar()
  const template = readTemplate(filesOf(process.cwd()))
  const types = loadTypes()
  for (const { name, parameters } of CASES)
    cases.set(name, privilegeTable(evaluate(template, parameters, types)))
})

const matches = (pattern: string, name: string) => pattern === '*' || pattern === name

describe.each(CASES)('$name', ({ name }) => {
  const grants = () =>
    [...(cases.get(name) ?? [])].flatMap(([who, rows]) =>
      rows.flatMap(({ service, scope, actions }) =>
        actions.map(action => ({ who, service, scope, action }))
      )
    )

  it.each(FORBIDDEN)('%s may not: %s %s %s — %s', (who, service, where, action) => {
    const broken = grants()
      .filter(grant => matches(who, grant.who) && matches(service, grant.service))
      .filter(grant => matches(where, grant.scope) && grant.action.includes(action))
      .filter(grant => !(grant.service === 'storage' && OWN_STORAGE.test(grant.scope)))
    expect(broken).toEqual([])
  })

  it('lets each app into its own storage account alone', () => {
    const storage = grants().filter(
      ({ service, who }) => service === 'storage' && who in topology.apps
    )
    expect(storage.length).toBeGreaterThanOrEqual(Object.keys(topology.apps).length)
    for (const { who, scope } of storage) expect(scope).toMatch(new RegExp(`^st${who}`))
  })

  it('gives every app something, so that the table above is about what is deployed', () => {
    for (const app of Object.keys(topology.apps))
      expect(grants().filter(({ who }) => who === app).length).toBeGreaterThan(2)
  })
})
