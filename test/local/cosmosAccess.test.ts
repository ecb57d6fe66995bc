import { ChangeFeedStartFrom, CosmosClient } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  codeOf,
  connect,
  drain,
  feedOf,
  type Laptop,
  live,
  openLaptop,
  refusalOf,
  rowsOf
} from './cosmosAccount.ts'

if (live) console.log('Skipped against Azure: the tests of keys and tokens.')

describe.skipIf(live)('Who may do what', () => {
  let laptop: Laptop
  let cosmos: Awaited<ReturnType<Laptop['startAccount']>>
  let audiences: string | string[] = []
  let scopes: string | string[] = []
  const withToken = (endpoint: string, token: string) =>
    new CosmosClient({
      endpoint,
      aadCredentials: {
        getToken: async asked => {
          scopes = asked
          return { token, expiresOnTimestamp: Date.now() + 3_600_000 }
        }
      }
    })
  beforeAll(async () => {
    laptop = await openLaptop()
    cosmos = await laptop.startAccount(laptop.newFolder(), {
      checkToken: async (token, audience) => {
        audiences = audience
        if (token !== 'good' && token !== 'reader') throw new Error('no such token')
        return { sub: token, aud: audience }
      },
      isAllowed: ({ sub }, right) => sub === 'good' || right === 'read'
    })
    const owner = connect(cosmos.endpoint)
    const created = await owner.databases.create({ id: 'db' })
    await created.database.containers.create({ id: 'items', partitionKey: '/raceId' })
    owner.dispose()
  })
  afterAll(async () => {
    await cosmos.close()
    await laptop.remove()
  })

  it('refuses a wrong key and a bad token with 401', async () => {
    const key = Buffer.from('another key').toString('base64')
    expect(await codeOf(connect(cosmos.endpoint, { key }).database('db').read())).toBe(401)
    expect(await codeOf(withToken(cosmos.endpoint, 'bad').database('db').read())).toBe(401)
    expect((await fetch(cosmos.endpoint)).status).toBe(401)
  })

  it('lets a token into the data but not create or delete databases and containers', async () => {
    const entra = withToken(cosmos.endpoint, 'good')
    const db = entra.database('db')
    const items = db.container('items')
    await items.items.create({ id: 'a', raceId: 'r' })
    const account = cosmos.endpoint.slice(0, -1)
    expect([scopes].flat()).toEqual([`${account}/.default`])
    expect(audiences).toEqual([cosmos.endpoint, account, 'https://cosmos.azure.com'])
    expect(await rowsOf(items, 'SELECT VALUE c.id FROM c', 'r')).toEqual(['a'])
    expect((await drain(feedOf(items, ChangeFeedStartFrom.Beginning()))).items).toHaveLength(1)
    for (const call of [
      entra.databases.create({ id: 'new' }),
      db.delete(),
      db.containers.create({ id: 'new', partitionKey: '/raceId' }),
      items.delete()
    ])
      expect(await refusalOf(call)).toMatchObject({ code: 403, substatus: 5300 })
  })

  it('asks the account for each right of a token', async () => {
    const items = withToken(cosmos.endpoint, 'reader').database('db').container('items')
    expect((await items.item('a', 'r').read()).statusCode).toBe(200)
    const write = items.items.upsert({ id: 'a', raceId: 'r' })
    expect(await refusalOf(write)).toMatchObject({ code: 403, substatus: 5301 })
  })
})
