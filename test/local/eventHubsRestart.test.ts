import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { EventHubProducerClient, type ReceivedEventData } from '@azure/event-hubs'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { openLog } from '../../infra/local/eventHubs/log.ts'
import { type EventHubsOptions, startEventHubs } from '../../infra/local/eventHubs/server.ts'
import {
  closeClients,
  closeHubs,
  count,
  hubSettings,
  kept,
  keyConsumer,
  keyProducer,
  live,
  receive,
  startHub
} from './eventHubsNamespace.ts'

if (live) console.info('Skipped against Azure: the tests of files and kill -9.')

vi.setConfig({ testTimeout: 20_000 })

const children: ChildProcess[] = []
/** Runs the stand-in in a process of its own, under the shell's `limits`. */
async function launch(settings: EventHubsOptions, limits = ':') {
  const server = new URL('../../infra/local/eventHubs/server.ts', import.meta.url).href
  const script = `
    import { startEventHubs } from ${JSON.stringify(server)}
    const checkToken = async () => { throw new Error('Keys alone') }
    const hub = await startEventHubs({ ...${JSON.stringify(settings)}, checkToken })
    console.log(hub.connectionString)`
  const node = [process.execPath, '--input-type=module', '-e', script]
  const child = spawn('sh', ['-c', `${limits}; exec "$0" "$@"`, ...node], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  children.push(child)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, connectionString: String(line) }
}

/** Sends from four producers without retries until each is refused; resolves to what was acknowledged. */
async function sendUntilRefused(connectionString: string, onSent: (events: number) => void) {
  const noRetry = { retryOptions: { maxRetries: 0, timeoutInMs: 2_000 } }
  const acknowledged: string[] = []
  const loops = [0, 1, 2, 3].map(async loop => {
    const producer = kept(new EventHubProducerClient(connectionString, noRetry))
    for (let n = 0; ; n++) {
      const ids = Array.from({ length: 20 }, (_, i) => `${loop}-${n}-${i}`)
      const sent = await producer.sendBatch(ids.map(body => ({ body }))).then(
        () => true,
        () => false
      )
      if (!sent) return
      acknowledged.push(...ids)
      onSent(acknowledged.length)
    }
  })
  await Promise.all(loops)
  return acknowledged
}

/** Those of the acknowledged events that a hub started anew on the same files does not have. */
async function missing(acknowledged: string[], settings: EventHubsOptions): Promise<string[]> {
  const absent = new Set(acknowledged)
  const all = keyConsumer(await startHub(settings))
  const found = (events: ReceivedEventData[]) => {
    for (const event of events.splice(0)) absent.delete(event.body)
    return absent.size === 0
  }
  await receive(all, found).catch(() => undefined)
  return [...absent]
}

describe.skipIf(live)('The local hub across restarts', () => {
  afterEach(closeClients)
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await closeHubs()
  })

  it('stops accepting once a write has failed', async () => {
    const { dir } = hubSettings()
    const log = openLog(dir, 2, Date.now)
    const [broken, whole] = log.partitions
    const event = { key: '', message: Buffer.from('event') }
    await log.append(whole!, [event])
    broken!.close()
    await expect(log.append(broken!, [event])).rejects.toThrow('The log stopped')
    await expect(log.append(whole!, [event])).rejects.toThrow('The log stopped')
    expect(whole!.reach.nextSequence).toBe(1)
    whole!.close()
  })

  it('keeps every event and goes on counting; a reset forgets all', async () => {
    const settings = hubSettings()
    const before = await startEventHubs(settings)
    await keyProducer(before).sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '0' })
    await before.close()
    const after = await startHub(settings)
    await keyProducer(after).sendBatch([{ body: 'c' }], { partitionId: '0' })
    const events = await receive(keyConsumer(after), count(3), { partition: '0' })
    expect(events.map(event => [event.body, event.sequenceNumber])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2]
    ])
    const times = events.map(event => event.enqueuedTimeUtc.getTime())
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    await after.reset()
    expect(await keyProducer(after).getPartitionProperties('0')).toMatchObject({ isEmpty: true })
    await keyProducer(after).sendBatch([{ body: 'd' }], { partitionId: '0' })
    const [fresh] = await receive(keyConsumer(after), count(1), { partition: '0' })
    expect(fresh).toMatchObject({ body: 'd', sequenceNumber: 0 })
  })

  it('drops a torn last record and writes on behind the last whole one', async () => {
    const settings = hubSettings()
    const before = await startEventHubs(settings)
    await keyProducer(before).sendBatch([{ body: 'whole' }], { partitionId: '1' })
    await before.close()
    const file = readdirSync(settings.dir)
      .map(name => join(settings.dir, name))
      .find(path => statSync(path).size > 0)!
    appendFileSync(file, Buffer.from([0, 0, 1, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 1]))
    const after = await startHub(settings)
    await keyProducer(after).sendBatch([{ body: 'next' }], { partitionId: '1' })
    const events = await receive(keyConsumer(after), count(2), { partition: '1' })
    expect(events.map(event => [event.body, event.sequenceNumber])).toEqual([
      ['whole', 0],
      ['next', 1]
    ])
  })

  it('still has every acknowledged event after kill -9 while a producer sends', async () => {
    const settings = hubSettings()
    const { child, connectionString } = await launch(settings)
    const acknowledged = await sendUntilRefused(connectionString, sent => {
      if (sent > 2_000) child.kill('SIGKILL')
    })
    expect(child.killed).toBe(true)
    expect(await missing(acknowledged, settings)).toEqual([])
  })

  it('acknowledges nothing that a full disk does not take', async () => {
    const settings = hubSettings()
    const { child, connectionString } = await launch(settings, 'ulimit -f 64')
    const acknowledged = await sendUntilRefused(connectionString, () => undefined)
    expect(acknowledged.length).toBeGreaterThan(100)
    child.kill('SIGKILL')
    expect(await missing(acknowledged, settings)).toEqual([])
  })
})
