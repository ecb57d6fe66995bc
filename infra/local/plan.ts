import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import topology from '#topology' with { type: 'json' }
import {
  type DeviceCertificates,
  ensureCertificates,
  ensureDeviceCertificates
} from './certificates.ts'
import type { Device } from './iotHub/registry.ts'
import type { Person } from './issuer/people.ts'
import { choosePorts, type Ports } from './ports.ts'
import { openSecrets } from './secretFile.ts'
import { stableId } from './stableId.ts'
import type { Tls } from './standIn.ts'

/** The IoT Hub's name on Azure: devices sign it wherever they connect. */
const IOT_HUB = 'grandstand.azure-devices.net'
/** The fleet: cars and a lap timer that come by a key of their own, and cars that come by certificate. */
const BY_KEY = ['car-1', 'car-2', 'timer-1']
const BY_CERTIFICATE = ['car-3', 'car-4']
/** A small event's one official has both roles: neither implies the other. */
const OFFICIALS = ['timekeeper', 'admin']
/** How long Capture collects events for one file, in ms: short, so that a demonstration can be replayed soon. */
const CAPTURE_MS = 10_000
/** Short enough to be typed. */
const PASSWORD_CHARS = 12

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
  /** Identities: one for each app and each service of the topology that has one, and none else. */
  apps: string[]
  /** App registrations at the API: one for each role that an app of others may have. */
  clients: { role: string; clientId: string; secret: string }[]
  /** The pages' own registration, and where people and renewals come back to. */
  pages: { clientId: string; redirectUris: string[] }
  /** Accounts that may sign in: one for each role of people, one with the two of officials, one with none. */
  people: Person[]
  jwksUrl: string
  cosmosKey: string
  eventHubsKey: { name: string; value: string }
  archiveKey: string
  captureMs: number
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
    apps: [...Object.keys(apps), ...Object.keys(principals)],
    clients: Object.entries(entra.roles)
      .filter(([role, { members }]) => members.includes('Application') && !(role in principals))
      .map(([role]) => {
        return { role, clientId: `grandstand-${role}`, secret: secretOf(`client ${role}`) }
      }),
    pages: {
      clientId: stableId(secretOf('pages')),
      redirectUris: ['officials', 'ride', 'arcade', 'redirect'].map(
        page => `http://127.0.0.1:${ports.screen}/${page}/`
      )
    },
    people: peopleOf(secretOf),
    jwksUrl: `http://127.0.0.1:${ports.identity}/keys`,
    cosmosKey: keyOf('cosmos'),
    eventHubsKey: { name: 'outside', value: keyOf('eventHubs') },
    archiveKey: keyOf('archive'),
    captureMs: CAPTURE_MS,
    webPubSubKey: keyOf('webPubSub'),
    iotHub: {
      hostName: IOT_HUB,
      devices: [
        ...BY_KEY.map(deviceId => ({ deviceId, key: keyOf(`device ${deviceId}`) })),
        ...BY_CERTIFICATE.map(deviceId => ({ deviceId }))
      ],
      certificates: await ensureDeviceCertificates(dir, BY_CERTIFICATE)
    }
  }
}

function peopleOf(secretOf: (name: string) => string): Person[] {
  const single = Object.entries(topology.entra.roles)
    .filter(([, { members }]) => members.includes('User'))
    .map(([role]) => [role])
  return [...single, OFFICIALS, []].map(roles => {
    const name = roles.join('-') || 'visitor'
    const password = secretOf(`person ${name}`).slice(0, PASSWORD_CHARS)
    return { userName: `${name}@grandstand.example`, name, password, roles }
  })
}

/** Who issues the tokens of people and devices. */
export const entraIssuer = ({ ports, tenantId }: Pick<CloudPlan, 'ports' | 'tenantId'>): string =>
  `http://127.0.0.1:${ports.issuer}/${tenantId}/v2.0`
