import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import topology from '#topology' with { type: 'json' }
import {
  type DeviceCertificates,
  ensureCertificates,
  ensureDeviceCertificates
} from './certificates.ts'
import type { Device } from './iotHub/registry.ts'
import { choosePorts, type Ports } from './ports.ts'
import { openSecrets } from './secretFile.ts'
import { stableId } from './stableId.ts'
import type { Tls } from './standIn.ts'

/** The IoT Hub's name on Azure: devices sign it wherever they connect. */
const IOT_HUB = 'grandstand.azure-devices.net'
/** The fleet: cars that come by a key of their own, and cars that come by certificate. */
const KEY_CARS = ['car-1', 'car-2']
const CERTIFICATE_CARS = ['car-3', 'car-4']

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
  /** Identities: one for each app, the gateway's, the IoT Hub's, and none else. */
  apps: string[]
  /** App registrations at the API: one for each role that an app of others may have. */
  clients: { role: string; clientId: string; secret: string }[]
  jwksUrl: string
  cosmosKey: string
  eventHubsKey: { name: string; value: string }
  webPubSubKey: string
  iotHub: { hostName: string; devices: Device[]; certificates: DeviceCertificates }
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
    apps: [...Object.keys(apps), 'gateway', 'iotHub'],
    clients: Object.entries(entra.roles)
      .filter(([role, { members }]) => members.includes('Application') && !(role in principals))
      .map(([role]) => {
        return { role, clientId: `grandstand-${role}`, secret: secretOf(`client ${role}`) }
      }),
    jwksUrl: `http://127.0.0.1:${ports.identity}/keys`,
    cosmosKey: keyOf('cosmos'),
    eventHubsKey: { name: 'outside', value: keyOf('eventHubs') },
    webPubSubKey: keyOf('webPubSub'),
    iotHub: {
      hostName: IOT_HUB,
      devices: [
        ...KEY_CARS.map(deviceId => ({ deviceId, key: keyOf(`device ${deviceId}`) })),
        ...CERTIFICATE_CARS.map(deviceId => ({ deviceId }))
      ],
      certificates: await ensureDeviceCertificates(dir, CERTIFICATE_CARS)
    }
  }
}

/** Who issues the tokens of people and devices. */
export const entraIssuer = ({ ports, tenantId }: Pick<CloudPlan, 'ports' | 'tenantId'>): string =>
  `http://127.0.0.1:${ports.issuer}/${tenantId}/v2.0`
