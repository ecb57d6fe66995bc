import { describe, expect, test } from 'vitest'
import { edited, moved, type Which, without } from './edit.ts'
import { whatIsSaid } from './said.ts'

const said = whatIsSaid()

describe('privileges', () => {
  const RECEIVES: Which = ['Microsoft.Authorization/roleAssignments', '*']
  const COSMOS = 'Microsoft.DocumentDB/databaseAccounts'
  const CUSTOM: Which = ['Microsoft.Authorization/roleDefinitions', '*']

  test('an assignment too few is noticed', () => {
    const faults = said('dev', all => without(all, [`${COSMOS}/sqlRoleAssignments`, '*'])).join(
      '\n'
    )
    expect(faults).toMatch(/privileges: the topology lets \w+ do .*and no role assignment does/)
  })

  test('a wider scope is noticed', () => {
    const wider = said('dev', all => moved(all, RECEIVES, { scope: '/subscriptions/one' }))
    expect(wider.join('\n')).toMatch(
      /privileges: nothing in the topology lets \w+ do .* at \/subscriptions\/one/
    )
    const assignment: Which = [`${COSMOS}/sqlRoleAssignments`, '*']
    const account = said('dev', all => edited(all, assignment, ['properties', 'scope'], '/account'))
    expect(account.join('\n')).toContain('at /account')
  })

  test('a stronger role is noticed', () => {
    const owner = '/x/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
    const faults = said('dev', all =>
      edited(all, RECEIVES, ['properties', 'roleDefinitionId'], owner)
    )
    expect(faults.join('\n')).toContain('8e3af657')
  })

  test('an action more is noticed, of data or of resources', () => {
    const permission = ['properties', 'permissions', 0]
    const actions = said('dev', all => edited(all, CUSTOM, [...permission, 'actions'], ['*']))
    expect(actions.join('\n')).toMatch(/nothing in the topology lets \w+ do \*/)
    const data = said('dev', all => edited(all, CUSTOM, [...permission, 'dataActions'], ['a/*']))
    expect(data.join('\n')).toMatch(/nothing in the topology lets \w+ do a\/\*/)
  })

  test('a role names what it allows, without exceptions', () => {
    const permission = ['properties', 'permissions', 0]
    for (const role of [CUSTOM, [`${COSMOS}/sqlRoleDefinitions`, '*'] satisfies Which])
      for (const key of ['notActions', 'notDataActions'])
        expect(
          said('dev', all => edited(all, role, [...permission, key], ['a/b'])).join('\n')
        ).toContain(`leave ${key} out`)
  })

  test('a stranger is noticed, and an identity of no known type', () => {
    const stranger = said('dev', all => edited(all, RECEIVES, ['properties', 'principalId'], 'x'))
    expect(stranger.join('\n')).toContain('nothing in the topology lets x do')
    const unknown = said('dev', all =>
      edited(all, RECEIVES, ['properties', 'principalType'], 'User')
    )
    expect(unknown.join('\n')).toContain("principalType must be 'ServicePrincipal'")
  })
})
