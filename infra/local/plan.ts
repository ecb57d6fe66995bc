import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import topology from '#topology' with { type: 'json' }
import { ensureCertificates } from './certificates.ts'
import { choosePorts, type Ports } from './ports.ts'
import { keepSecret } from './secretFile.ts'
import type { Tls } from './standIn.ts'

/** Who may send for cars: an app registration with the role `car`. */
const CAR_CLIENT = 'grandstand-cars'

/** Everything that the parts of one local cloud agree on before any of them starts. Plain JSON. */
export type CloudPlan = {
  /** Where all state lies. */
  dir: string
  ports: Ports
  caFile: string
  ca: string
  tls: Tls
  tlsFiles: { key: string; cert: string }
  tenantId: string
  apiAudience: string
  /** Identities: one for each app, the gateway's, and none else. */
  apps: string[]
  clients: { clientId: string; secret: string; roles: string[] }[]
  jwksUrl: string
  cosmosKey: string
  eventHubsKey: { name: string; value: string }
  webPubSubKey: string
}

/** Makes or remembers the plan of the cloud in `dir`: keys and ids stay the same over restarts. */
export async function planCloud(dir: string, portBase?: number): Promise<CloudPlan> {
  await mkdir(join(dir, 'logs'), { recursive: true })
  const ports = await choosePorts(dir, portBase)
  const { caFile, ca, tls } = await ensureCertificates(dir)
  const keys = JSON.parse(await keepSecret(join(dir, 'keys.json'), newKeys)) as Keys
  return {
    dir,
    ports,
    caFile,
    ca,
    tls,
    tlsFiles: { key: join(dir, 'localhost.key'), cert: join(dir, 'localhost.pem') },
    tenantId: keys.tenantId,
    apiAudience: keys.apiAudience,
    apps: [...Object.keys(topology.apps), 'gateway'],
    clients: [{ clientId: CAR_CLIENT, secret: keys.carSecret, roles: ['car'] }],
    jwksUrl: `http://127.0.0.1:${ports.identity}/keys`,
    cosmosKey: keys.cosmos,
    eventHubsKey: { name: 'outside', value: keys.eventHubs },
    webPubSubKey: keys.webPubSub
  }
}

type Keys = Record<
  'tenantId' | 'apiAudience' | 'carSecret' | 'cosmos' | 'eventHubs' | 'webPubSub',
  string
>

async function newKeys(): Promise<string> {
  const key = () => randomBytes(32).toString('base64')
  const keys: Keys = {
    tenantId: randomUUID(),
    apiAudience: randomUUID(),
    carSecret: randomBytes(24).toString('base64url'),
    cosmos: randomBytes(64).toString('base64'),
    eventHubs: key(),
    webPubSub: key()
  }
  return JSON.stringify(keys)
}
