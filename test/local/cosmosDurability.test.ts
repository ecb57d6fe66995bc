import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { ChangeFeedStartFrom, type CosmosClient } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  codeOf,
  connect,
  DEADLINE_MS,
  drain,
  feedOf,
  KEY,
  type Laptop,
  live,
  openLaptop,
  rowsOf
} from './cosmosAccount.ts'

if (live) console.log('Skipped against Azure: the tests of the journal.')

describe.skipIf(live)('What is on disk', () => {
  let laptop: Laptop
  const opened: { close(): Promise<void> }[] = []
  const children: ChildProcess[] = []
  beforeAll(async () => {
    laptop = await openLaptop()
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(opened.map(one => one.close()))
    await laptop.remove()
  })
  async function reopen(folder: string) {
    const cosmos = await laptop.startAccount(folder)
    opened.push(cosmos)
    const own = connect(cosmos.endpoint)
    const close = async () => {
      own.dispose()
      opened.splice(opened.indexOf(cosmos), 1)
      await cosmos.close()
    }
    return { cosmos, close, own, items: own.database('db').container('items') }
  }
  async function seed({ own }: { own: CosmosClient }) {
    const { database: created } = await own.databases.create({ id: 'db' })
    await created.containers.create({ id: 'items', partitionKey: '/raceId', defaultTtl: -1 })
  }

  it('outlives a restart: items, deletes, batches and positions in the feed', async () => {
    const folder = laptop.newFolder()
    const first = await reopen(folder)
    await seed(first)
    for (const id of ['a', 'b', 'c']) await first.items.items.create({ id, raceId: 'r' })
    await first.items.item('b', 'r').delete()
    await first.items.items.batch(
      [
        { operationType: 'Upsert', resourceBody: { id: 'a', raceId: 'r', n: 2 } },
        { operationType: 'Create', resourceBody: { id: 'd', raceId: 'r' } }
      ],
      'r'
    )
    const before = await rowsOf(first.items, 'SELECT * FROM c')
    const { token } = await drain(feedOf(first.items, ChangeFeedStartFrom.Beginning()))
    await first.items.items.create({ id: 'unseen', raceId: 'r' })
    await first.close()

    const second = await reopen(folder)
    expect(await rowsOf(second.items, 'SELECT * FROM c WHERE c.id != "unseen"')).toEqual(before)
    const resumed = feedOf(second.items, ChangeFeedStartFrom.Continuation(token))
    expect((await drain(resumed)).items.map(({ id }) => id)).toEqual(['unseen'])
    await second.items.items.create({ id: 'newer', raceId: 'r' })
    expect((await drain(resumed)).items.map(({ id }) => id)).toEqual(['newer'])
    await second.cosmos.reset()
    expect(await codeOf(second.own.database('db').read())).toBe(404)
    await second.close()
    const third = await reopen(folder)
    expect(await codeOf(third.own.database('db').read())).toBe(404)
    await third.close()
  })

  it('is read up to a last line that was torn, and written on from there', async () => {
    const folder = laptop.newFolder()
    const first = await reopen(folder)
    await seed(first)
    await first.items.items.create({ id: 'whole', raceId: 'r' })
    await first.close()
    await appendFile(join(folder, 'journal.jsonl'), '{"in":"AAAAAA","lsn":99,"put":[{"id":"to')
    const second = await reopen(folder)
    expect(await rowsOf(second.items, 'SELECT VALUE c.id FROM c')).toEqual(['whole'])
    await second.items.items.create({ id: 'next', raceId: 'r' })
    await second.close()
    const third = await reopen(folder)
    expect(await rowsOf(third.items, 'SELECT VALUE c.id FROM c')).toEqual(['whole', 'next'])
    await third.close()
  })

  it('is rewritten as the present state once it has grown far beyond it', async () => {
    const folder = laptop.newFolder()
    const first = await reopen(folder)
    await seed(first)
    await first.items.items.create({ id: 'first', raceId: 'r' })
    const { token } = await drain(feedOf(first.items, ChangeFeedStartFrom.Beginning()))
    // 36 versions of 1.9 MB pass the 64 MB from which the journal may be rewritten.
    const text = 'x'.repeat(1_900_000)
    for (let n = 1; n <= 38; n++)
      await first.items.items.upsert({ id: 'big', raceId: 'r', n, text })
    const { resource } = await first.items.item('big', 'r').read()
    await first.close()
    expect((await stat(join(folder, 'journal.jsonl'))).size).toBeLessThan(8_000_000)

    const second = await reopen(folder)
    expect((await second.items.item('big', 'r').read()).resource).toEqual(resource)
    expect((await second.items.item('first', 'r').read()).statusCode).toBe(200)
    const resumed = feedOf(second.items, ChangeFeedStartFrom.Continuation(token))
    expect((await drain(resumed)).items).toMatchObject([{ id: 'big', n: 38 }])
    await second.close()
  })

  it('has every acknowledged write after kill -9', async () => {
    const folder = laptop.newFolder()
    const script = join(laptop.dir, 'child.mjs')
    await writeFile(
      script,
      `import { readFileSync } from 'node:fs'
       import { startCosmos } from ${JSON.stringify(join(process.cwd(), 'infra/local/cosmos/server.ts'))}
       const [dir, key, cert, secret] = process.argv.slice(2)
       const tls = { key: readFileSync(key), cert: readFileSync(cert) }
       const checkToken = async () => { throw new Error('no tokens here') }
       const { endpoint } = await startCosmos({ dir, port: 0, tls, key: secret, checkToken })
       console.log(endpoint)`
    )
    const args = [folder, join(laptop.dir, 'localhost.key'), join(laptop.dir, 'localhost.pem'), KEY]
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: laptop.caFile }
    })
    children.push(child)
    const [endpoint] = await once(createInterface({ input: child.stdout }), 'line')
    const own = connect(String(endpoint), {
      connectionPolicy: {
        retryOptions: {
          maxRetryAttemptCount: 0,
          fixedRetryIntervalInMilliseconds: 0,
          maxWaitTimeInSeconds: 0
        }
      }
    })
    await seed({ own })
    const { items } = own.database('db').container('items')
    const acknowledged: string[] = []
    let isKilled = false
    const write = async (writer: number) => {
      for (let n = 0; !isKilled; n++) {
        const id = `${writer}-${n}`
        await items.upsert({ id, raceId: `r${writer}`, text: 'x'.repeat(12_000) })
        acknowledged.push(id)
      }
    }
    const writers = Promise.allSettled(Array.from({ length: 8 }, (_, writer) => write(writer)))
    await expect.poll(() => acknowledged.length, { timeout: DEADLINE_MS }).toBeGreaterThan(200)
    child.kill('SIGKILL')
    await once(child, 'exit')
    isKilled = true
    const seen = [...acknowledged]
    await Promise.race([writers, pause(500)])
    own.dispose()

    const after = await reopen(folder)
    const found = new Set(await rowsOf(after.items, 'SELECT VALUE c.id FROM c'))
    expect(seen.filter(id => !found.has(id))).toEqual([])
    await after.close()
  })
})
