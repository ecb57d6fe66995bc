import { expect, test } from 'vitest'
import { createMeOf, createOfficialOf } from '../../../functions/azure/officials.ts'

const tokenWith = (roles: string[], scp?: string) => async () => {
  return { tid: 't', oid: 'o', ver: '2.0' as const, exp: 1, scp, roles }
}
const officialWith = (roles: string[]) => createOfficialOf(tokenWith(roles))
const person = { kind: 'person', tenant: 't', object: 'o' }

test('one of several roles suffices', async () => {
  for (const role of ['admin', 'timekeeper'])
    expect(await officialWith([role])('', 'admin', 'timekeeper')).toEqual(person)
})

test('no role stands for another', async () => {
  await expect(officialWith(['timekeeper'])('', 'admin')).rejects.toThrow('the role admin.')
  await expect(officialWith(['admin'])('', 'timekeeper')).rejects.toThrow('the role timekeeper.')
  for (const roles of [[], ['car'], ['admin timekeeper']])
    await expect(officialWith(roles)('', 'admin', 'timekeeper')).rejects.toThrow(
      'Ask an administrator for the role admin or timekeeper.'
    )
})

test('who has a role of people learns all that the token says of them', async () => {
  for (const role of ['admin', 'timekeeper', 'commentator']) {
    const me = await createMeOf(tokenWith([role, 'car'], 'openid access_as_user'))('')
    expect(me).toEqual({ tenant: 't', object: 'o', roles: [role, 'car'] })
  }
})

test('a car, a gateway and who has no role are nobody', async () => {
  for (const roles of [[], ['car'], ['gateway']])
    await expect(createMeOf(tokenWith(roles))('')).rejects.toThrow(
      'Ask an administrator for the role timekeeper or admin or commentator.'
    )
})

test("a person's token for something else says nothing", async () => {
  const me = createMeOf(tokenWith(['admin'], 'openid profile'))('')
  await expect(me).rejects.toThrow('the scope access_as_user')
})
