import * as v from 'valibot'
import type { Arm } from './arm.ts'
import { type Privileges, privilege } from './rights.ts'

const IDENTITY = /^id-(\w+)-[a-z0-9]+$/
const COSMOS = 'Microsoft.DocumentDB/databaseAccounts'
const COSMOS_VERSION = '2025-10-15'
/** Shows no item; every client needs it to find containers. */
const METADATA = `${COSMOS}/readMetadata`

const Identity = v.object({ principalId: v.string() })
const Assignment = v.object({
  roleDefinitionId: v.string(),
  principalId: v.string(),
  scope: v.string()
})
const Definition = v.object({
  type: v.string(),
  permissions: v.array(
    v.object({
      actions: v.optional(v.array(v.string()), []),
      dataActions: v.optional(v.array(v.string()), [])
    })
  )
})

const lastPart = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

/** The kind of what a scope names, such as `Microsoft.KeyVault/vaults/keys`; a group or subscription is its own kind. */
export function kindOf(scope: string): string {
  const below = scope.split('/providers/').slice(1).at(-1)
  if (!below) return scope.includes('/resourceGroups/') ? 'resource group' : 'subscription'
  const [provider, ...parts] = below.split('/')
  return [provider, ...parts.filter((_, i) => i % 2 === 0)].join('/')
}

/** What each identity of the environment's group may do, by Azure's roles and by those of Cosmos DB. */
export async function deployedPrivileges(arm: Arm): Promise<Privileges> {
  const identities = await arm.ofType(
    'Microsoft.ManagedIdentity/userAssignedIdentities',
    '2024-11-30'
  )
  const names = new Map<string, string>()
  for (const { name, properties } of identities) {
    names.set(v.parse(Identity, properties).principalId, IDENTITY.exec(name)?.[1] ?? name)
  }
  const found: Privileges = new Map([...names.values()].map(name => [name, new Set()]))
  const add = (principal: string, what: string, on: string) =>
    found.get(names.get(principal) ?? '')?.add(privilege(what, on))

  const definitions = await definitionsOf(arm)
  for (const principal of names.keys()) {
    const filter = encodeURIComponent(`principalId eq '${principal}'`)
    const path = `${arm.subscription}/providers/Microsoft.Authorization/roleAssignments?$filter=${filter}`
    for (const { properties } of await arm.list(path, '2022-04-01')) {
      const { roleDefinitionId, scope } = v.parse(Assignment, properties)
      const role = lastPart(roleDefinitionId)
      // A role of Azure's counts by its name, one of ours by what it allows.
      for (const what of definitions.get(role) ?? [role]) add(principal, what, kindOf(scope))
    }
  }
  for (const account of await arm.ofType(COSMOS, COSMOS_VERSION)) {
    const roles = new Map<string, string[]>()
    for (const role of await arm.list(`${account.id}/sqlRoleDefinitions`, COSMOS_VERSION)) {
      const { permissions } = v.parse(Definition, role.properties)
      roles.set(
        role.name,
        permissions.flatMap(({ dataActions }) => dataActions)
      )
    }
    for (const { properties } of await arm.list(
      `${account.id}/sqlRoleAssignments`,
      COSMOS_VERSION
    )) {
      const { roleDefinitionId, principalId, scope } = v.parse(Assignment, properties)
      const on = scope.includes('/colls/') ? `container ${lastPart(scope)}` : 'the whole account'
      for (const action of roles.get(lastPart(roleDefinitionId)) ?? []) {
        if (action !== METADATA) add(principalId, action, on)
      }
    }
  }
  return found
}

/** What each role of our own allows, by its name; Azure's roles are left out. */
async function definitionsOf(arm: Arm): Promise<Map<string, string[]>> {
  const filter = encodeURIComponent("type eq 'CustomRole'")
  const path = `${arm.group}/providers/Microsoft.Authorization/roleDefinitions?$filter=${filter}`
  const own = new Map<string, string[]>()
  for (const { name, properties } of await arm.list(path, '2022-04-01')) {
    const { permissions } = v.parse(Definition, properties)
    own.set(
      name,
      permissions.flatMap(({ actions, dataActions }) => [...actions, ...dataActions])
    )
  }
  return own
}
