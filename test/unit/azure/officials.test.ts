import { expect, test } from 'vitest'
import { createOfficialOf } from '../../../functions/azure/officials.ts'

const officialWith = (roles: string[]) =>
  createOfficialOf(async () => ({ tid: 't', oid: 'o', ver: '2.0', exp: 1, scp: undefined, roles }))
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
