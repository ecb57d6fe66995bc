import { createServer } from 'node:http'
import { join } from 'node:path'
import { listen, stop } from './jsonServer.ts'
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
  'mqtts',
  'iotHubRest',
  'cosmos',
  'webPubSubRest',
  'webPubSubClient',
  'aggregate',
  'publish',
  'public',
  'rider',
  'timekeeper',
  'admin'
] as const
export type Ports = Record<(typeof PORT_NAMES)[number], number>

const FILE = 'ports.json'

/**
 * Ports for a cloud whose state is in `dir`: counted up from `base`, else those of the last start where they are still
 * free, else any. Rejects with one sentence when a port of `base` is busy.
 */
export async function choosePorts(dir: string, base?: number): Promise<Ports> {
  const last: Partial<Ports> = JSON.parse((await readIfThere(join(dir, FILE))) ?? '{}')
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

const isFree = async (port: number): Promise<boolean> => (await listenOnce(port)) !== undefined

async function anyFree(taken: number[]): Promise<number> {
  for (;;) {
    const port = await listenOnce(0)
    if (port !== undefined && !taken.includes(port)) return port
  }
}

/** The port that could be listened on, or undefined where it is busy. */
async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer()
  const found = await listen(server, port).catch(() => undefined)
  if (found !== undefined) await stop(server)
  return found
}
