import assert from 'node:assert/strict'
import topology from '#topology' with { type: 'json' }
import type { Check } from '../check.ts'
import { deployedPrivileges } from '../deployedRights.ts'
import { ask, expectProblem } from '../http.ts'
import { differences, wantedPrivileges } from '../rights.ts'
import { deployed, onLaptop } from '../target.ts'

/** Who may do what, as Azure has it. */
export const RIGHTS: Check[] = [
  {
    name: 'everyone may do what the topology says',
    proves: "role assignments as deployed are the privilege table's, none more and none less",
    inapplicable: ({ target }) =>
      onLaptop(
        target,
        'the laptop enforces the same table itself: test/local and test/unit/topology'
      ),
    async run({ target }) {
      const { arm } = deployed(target)
      const schedulers = await arm.ofType('Microsoft.DurableTask/schedulers', '2025-11-01')
      const found = await deployedPrivileges(arm)
      const wrong = differences(wantedPrivileges(schedulers.length > 0), found)
      assert.deepEqual(wrong, [], wrong.join('; '))
      return `${found.size} identities`
    }
  },
  {
    name: 'apps answer the gateway alone',
    proves: 'nobody calls past its limits: requests at the apps themselves are refused',
    inapplicable: ({ target }) =>
      onLaptop(target, 'endpoints.json does not tell where the apps are'),
    async run({ target }) {
      const sites = await deployed(target).arm.ofType('Microsoft.Web/sites', '2025-03-01')
      const asked = topology.routes.filter(({ backend }) => backend !== 'eventHubs')
      for (const { backend, method, path } of asked) {
        const site = sites.find(({ tags }) => tags?.['azd-service-name'] === backend)
        assert.ok(site, `the group has no site for ${backend}`)
        const host = `https://${String(site.properties.defaultHostName)}`
        const call = { method, path: path.replaceAll(/\{\w+\}/g, '1') }
        expectProblem(await ask(host, method === 'POST' ? { ...call, body: {} } : call), 403)
      }
      return `${asked.length} routes`
    }
  },
  {
    name: 'each app has storage of its own',
    proves: "no app can replace another's package or state",
    inapplicable: ({ target }) => onLaptop(target, 'all apps share one storage emulator there'),
    async run({ target }) {
      const { arm } = deployed(target)
      const sites = await arm.ofType('Microsoft.Web/sites', '2025-03-01')
      const packages = sites.map(({ properties }) => {
        const { functionAppConfig } = properties as {
          functionAppConfig?: { deployment?: { storage?: { value?: string } } }
        }
        return functionAppConfig?.deployment?.storage?.value ?? ''
      })
      assert.ok(packages.length > 0 && packages.every(Boolean), 'a site has no package of its own')
      const hosts = new Set(packages.map(value => new URL(value).host))
      assert.equal(hosts.size, sites.length, `${sites.length} sites share ${hosts.size} accounts`)
      return [...hosts].join(', ')
    }
  }
]
