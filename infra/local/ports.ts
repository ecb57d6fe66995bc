import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Every port of the local cloud, by what listens there. */
export const PORT_NAMES = [
  'screen',
  'gateway',
  'identity',
  'issuer',
  'keyVault',
  'storage',
  'amqps',
  'amqp',
  'eventHubsRest',
  'cosmos',
  'webPubSubRest',
  'webPubSubClient',
  'aggregate',
  'publish',
  'public',
  'rider'
] as const
export type Ports = Record<(typeof PORT_NAMES)[number], number>

const FILE = 'ports.json'

/**
 * Ports for a cloud whose state is in `dir`: counted up from `base`, else those of the last start where they are still
 * free, else any. Rejects with one sentence when a port of `base` is busy.
 */
export async function choosePorts(dir: string, base?: number): Promise<Ports> {
  const last = await lastPorts(dir)
  const ports: Partial<Ports> = {}
  for (const [index, name] of PORT_NAMES.entries()) {
    if (base !== undefined && !(await isFree(base + index))) {
      throw new Error(`Port ${base + index} (${name}) is busy: choose another --port-base.`)
    }
    const known = last[name]
    ports[name] =
      base !== undefined
        ? base + index
        : known !== undefined && (await isFree(known))
          ? known
          : await anyFree(Object.values(ports))
  }
  await writeFile(join(dir, FILE), `${JSON.stringify(ports, null, 2)}\n`)
  return ports as Ports
}

async function lastPorts(dir: string): Promise<Partial<Ports>> {
  const text = await readFile(join(dir, FILE), 'utf8').catch(() => '{}')
  return JSON.parse(text) as Partial<Ports>
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined
}

async function anyFree(taken: number[]): Promise<number> {
  for (;;) {
    const port = await listenOnce(0)
    if (port !== undefined && !taken.includes(port)) return port
  }
}

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  const outcome = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false)
  ])
  if (!outcome) return undefined
  const address = server.address()
  server.close()
  await once(server, 'close')
  return address && typeof address === 'object' ? address.port : undefined
}
