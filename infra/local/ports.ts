import { createServer } from 'node:net'
import { join } from 'node:path'
import { readIfThere, writeSecret } from './secretFile.ts'

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
    const taken = Object.values(ports)
    ports[name] =
      base !== undefined
        ? base + index
        : known !== undefined && !taken.includes(known) && (await isFree(known))
          ? known
          : await anyFree(taken)
  }
  await writeSecret(join(dir, FILE), `${JSON.stringify(ports, null, 2)}\n`)
  return ports as Ports
}

async function lastPorts(dir: string): Promise<Partial<Ports>> {
  return JSON.parse((await readIfThere(join(dir, FILE))) ?? '{}') as Partial<Ports>
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

/** The port that could be listened on, or undefined where it is busy. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const found = address && typeof address === 'object' ? address.port : undefined
      server.close(() => resolve(found))
    })
  })
}
