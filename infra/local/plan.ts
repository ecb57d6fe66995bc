import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import topology from '#topology' with { type: 'json' }
import { ensureCertificates } from './certificates.ts'
import { choosePorts, type Ports } from './ports.ts'
import { openSecrets } from './secretFile.ts'
import { stableId } from './stableId.ts'
import type { Tls } from './standIn.ts'

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
  /** App registrations at the API: one for each role that an app of others may have. */
  clients: { role: string; clientId: string; secret: string }[]
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
  const secretOf = await openSecrets(dir)
  const { apps, entra, principals } = topology
  const keyOf = (service: string) => Buffer.from(secretOf(`key ${service}`)).toString('base64')
  return {
    dir,
    ports,
    caFile,
    ca,
    tls,
    tlsFiles: { key: join(dir, 'localhost.key'), cert: join(dir, 'localhost.pem') },
    tenantId: stableId(secretOf('tenant')),
    apiAudience: stableId(secretOf('api')),
    apps: [...Object.keys(apps), 'gateway'],
    clients: Object.entries(entra.roles)
      .filter(([role, { members }]) => members.includes('Application') && !(role in principals))
      .map(([role]) => {
        return { role, clientId: `grandstand-${role}`, secret: secretOf(`client ${role}`) }
      }),
    jwksUrl: `http://127.0.0.1:${ports.identity}/keys`,
    cosmosKey: keyOf('cosmos'),
    eventHubsKey: { name: 'outside', value: keyOf('eventHubs') },
    webPubSubKey: keyOf('webPubSub')
  }
}

/** Who issues the tokens of people and devices. */
export const entraIssuer = ({ ports, tenantId }: CloudPlan): string =>
  `http://127.0.0.1:${ports.issuer}/${tenantId}/v2.0`
