import type { Container } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, live, openAccount, refusalOf, rowsOf, type TestAccount } from './cosmosAccount.ts'

if (live) console.log('Skipped against Azure: the queries that the laptop alone refuses.')

let account: TestAccount
beforeAll(async () => {
  account = await openAccount()
})
afterAll(() => account.close())

describe('A query', () => {
  let container: Container
  beforeAll(async () => {
    container = await account.newContainer({
      indexingPolicy: {
        includedPaths: [{ path: '/*' }],
        excludedPaths: [{ path: '/payload/*' }]
      }
    })
    for (let n = 0; n < 12; n++)
      await container.items.create({
        id: `i${n}`,
        raceId: n < 8 ? 'first' : 'second',
        n,
        kind: n % 3 === 0 ? 'fizz' : 'plain',
        deep: { x: n * n },
        ...(n % 2 === 0 && { even: true }),
        ...(n === 5 && { nothing: null }),
        payload: { n }
      })
  })

  it.each<[string, unknown[]]>([
    ['SELECT VALUE c.n FROM c WHERE c.n >= 2 AND c.n < 5', [2, 3, 4]],
    [`SELECT VALUE c.n FROM c WHERE c.kind = 'fizz' AND NOT c.n = 0`, [3, 6]],
    ['select value r.n from r where r.n = 1 or r.n > 5 and r.n <= 6', [1, 6]],
    ['SELECT VALUE c.n FROM c WHERE (c.n = 1 OR c.n > 5) AND c.n != 7', [1, 6]],
    [`SELECT VALUE c.n FROM c WHERE c.id IN ('i1', "i2", 'none')`, [1, 2]],
    ['SELECT VALUE c.n FROM c WHERE IS_DEFINED(c.even) AND c.even = true', [0, 2, 4, 6]],
    ['SELECT VALUE c.n FROM c WHERE NOT IS_DEFINED(c.even)', [1, 3, 5, 7]],
    ['SELECT VALUE c.n FROM c WHERE c.even = false', []],
    ['SELECT VALUE c.n FROM c WHERE NOT (c.even = true)', []],
    ['SELECT VALUE c.n FROM c WHERE c.nothing = null', [5]],
    ['SELECT c.id, c.deep.x FROM c WHERE c.n = 3', [{ id: 'i3', x: 9 }]],
    ['SELECT VALUE c.n FROM c WHERE c.n < 4 ORDER BY c.n DESC', [3, 2, 1, 0]]
  ])('answers %s', async (query, expected) => {
    expect(await rowsOf(container, query, 'first')).toEqual(expected)
  })

  it('takes parameters and stays within its partition, or goes through all', async () => {
    const query = {
      query: 'SELECT * FROM c WHERE c.n > @from AND c.kind = @kind',
      parameters: [
        { name: '@from', value: 4 },
        { name: '@kind', value: 'fizz' }
      ]
    }
    expect(await rowsOf(container, query, 'first')).toMatchObject([{ n: 6 }])
    expect(await rowsOf(container, query)).toHaveLength(2)
    expect(await rowsOf(container, 'SELECT VALUE c.n FROM c ORDER BY c._ts')).toHaveLength(12)
  })

  it('comes in pages that a continuation token goes on from', async () => {
    const query = 'SELECT VALUE c.n FROM c ORDER BY c.n DESC'
    const options = { partitionKey: 'first', maxItemCount: 3 }
    const first = await container.items.query<number>(query, options).fetchNext()
    expect(first.resources).toEqual([7, 6, 5])
    const { continuationToken } = first
    const rest = container.items.query<number>(query, { ...options, continuationToken })
    expect((await rest.fetchNext()).resources).toEqual([4, 3, 2])
    expect((await rest.fetchNext()).resources).toEqual([1, 0])
    expect(rest.hasMoreResults()).toBe(false)
  })

  it('may not order by an excluded path', async () => {
    const refusal = await refusalOf(
      rowsOf(container, 'SELECT * FROM c ORDER BY c.payload.n', 'first')
    )
    expect(refusal.code).toBe(400)
    expect(refusal.message).toContain('order-by item is excluded')
  })

  it('is refused where it is no SQL', async () => {
    expect(await codeOf(rowsOf(container, 'SELECT * FROM', 'first'))).toBe(400)
    expect(await codeOf(rowsOf(container, 'SELECT VALUE d.n FROM c', 'first'))).toBe(400)
    expect(await codeOf(rowsOf(container, 'SELECT VALUE c.top FROM c', 'first'))).toBe(400)
  })

  it
    .skipIf(live)
    .each([
      'SELECT VALUE COUNT(1) FROM c',
      'SELECT TOP 1 * FROM c',
      'SELECT c FROM c',
      'SELECT DISTINCT c.n FROM c',
      'SELECT * FROM c OFFSET 1 LIMIT 1',
      'SELECT * FROM c WHERE CONTAINS(c.id, "1")',
      'SELECT * FROM c WHERE c.n + 1 = 2',
      'SELECT * FROM c WHERE c.payload.n = 1',
      'SELECT * FROM c ORDER BY c.n, c.id'
    ])('is refused by name where the laptop does not serve it: %s', async query => {
    const refusal = await refusalOf(rowsOf(container, query, 'first'))
    expect(refusal.code).toBe(400)
    expect(refusal.message).toMatch(/not served on the laptop, near|needs the excluded path/)
  })
})
