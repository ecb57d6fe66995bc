import { ChangeFeedStartFrom } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drain, feedOf, openAccount, type TestAccount } from './cosmosAccount.ts'

let account: TestAccount
beforeAll(async () => {
  account = await openAccount()
})
afterAll(() => account.close())

describe('The change feed', () => {
  it('has each item once, in its newest state and in the order of the last writes', async () => {
    const container = await account.newContainer()
    for (const id of ['a', 'b', 'c', 'd']) await container.items.create({ id, raceId: 'r', n: 0 })
    await container.item('d', 'r').delete()
    const feed = feedOf(container, ChangeFeedStartFrom.Beginning())
    const { items } = await drain(feed)
    expect(items.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    for (let n = 1; n <= 5; n++) await container.items.upsert({ id: 'a', raceId: 'r', n })
    await container.items.upsert({ id: 'b', raceId: 'r', n: 9 })
    const later = await drain(feed)
    expect(later.items).toMatchObject([
      { id: 'a', n: 5 },
      { id: 'b', n: 9 }
    ])
    const lsns = [...items, ...later.items].map(({ _lsn }) => Number(_lsn))
    expect(lsns).toEqual(lsns.toSorted((a, b) => a - b))
    expect((await drain(feed)).items).toEqual([])
    const all = await drain(feedOf(container, ChangeFeedStartFrom.Beginning()))
    expect(all.items.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  })

  it('starts now, for one partition, in pages, and goes on from a token', async () => {
    const container = await account.newContainer()
    await container.items.create({ id: 'before', raceId: 'r' })
    const now = feedOf(container, ChangeFeedStartFrom.Now())
    expect((await now.readNext()).statusCode).toBe(304)
    const one = feedOf(container, ChangeFeedStartFrom.Beginning('r'), 2)
    for (let n = 0; n < 5; n++) {
      await container.items.create({ id: `r${n}`, raceId: 'r' })
      await container.items.create({ id: `s${n}`, raceId: 's' })
    }
    expect((await drain(now)).items).toHaveLength(10)
    const { pages, token } = await drain(one)
    expect(pages.map(page => page.length)).toEqual([2, 2, 2])
    await container.items.create({ id: 'after', raceId: 'r' })
    const resumed = await drain(feedOf(container, ChangeFeedStartFrom.Continuation(token)))
    expect(resumed.items.map(({ id }) => id)).toEqual(['after'])
  })

  it('never divides a batch', async () => {
    const container = await account.newContainer()
    const operations = Array.from({ length: 5 }, (_, n) => ({
      operationType: 'Create' as const,
      resourceBody: { id: `${n}`, raceId: 'r' }
    }))
    await container.items.batch(operations, 'r')
    await container.items.create({ id: 'next', raceId: 'r' })
    const { pages } = await drain(feedOf(container, ChangeFeedStartFrom.Beginning(), 2))
    expect(pages.map(page => page.length)).toEqual([5, 1])
    expect(new Set(pages[0]?.map(({ _lsn }) => _lsn)).size).toBe(1)
  })
})
