import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import topology from '#topology' with { type: 'json' }
import { appSettings, identitySettings } from './appSettings.ts'
import { CAPTURE, seedArchive } from './archive.ts'
import { type CloudPlan, planCloud } from './plan.ts'
import type { Ports } from './ports.ts'
import { type Kept, keepRunning, type ProcessPlan } from './processes.ts'
import { seedDatabase } from './seed.ts'

/** A running local cloud: every part in a process of its own, kept running. */
export type Cloud = {
  plan: CloudPlan
  /** Base of all routes. */
  url: string
  /** The parts by name. */
  parts: Map<string, Kept>
  close(): Promise<void>
}

export type CloudOptions = {
  /** Where all state lies: a second start goes on from there. */
  dir: string
  portBase?: number
  /** Where each app's bundle is; `dist/<app>` unless given. */
  appDir?: (app: string) => string
  /** How long Capture collects events for one file, in ms. */
  captureMs?: number
  /** Starts what holds data, and neither apps nor doors: enough to read it. */
  storesAlone?: boolean
}

const STORES = ['storage', 'eventHubs', 'cosmos']
const SERVICES = [...STORES, 'keyVault', 'webPubSub']

/** Starts stand-ins, then apps, then the front door. Rejects with one sentence when a part cannot start. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { captureMs, storesAlone = false } = options
  const known = await planCloud(options.dir, options.portBase)
  const plan = captureMs === undefined ? known : { ...known, captureMs }
  const parts = new Map<string, Kept>()
  const start = async (process: ProcessPlan) => {
    parts.set(process.name, await keepRunning(process, `${plan.dir}/logs`))
  }
  const close = async () => {
    for (const part of [...parts.values()].reverse()) await part.stop()
  }
  const cloud = { plan, url: `http://127.0.0.1:${plan.ports.gateway}`, parts, close }
  try {
    await start(service('entra', plan))
    const identities = await identitySettings(plan)
    const services = storesAlone ? STORES : SERVICES
    await Promise.all(
      services.map(name =>
        start(service(name, plan, name === 'eventHubs' ? identities(CAPTURE) : {}))
      )
    )
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), plan.ca])
    await Promise.all([seedDatabase(plan), seedArchive(plan)])
    if (storesAlone) return cloud
    const appDir = options.appDir ?? (app => `dist/${app}`)
    await Promise.all([
      ...Object.keys(topology.apps).map(app =>
        start(host(app, appDir(app), plan, identities(app)))
      ),
      start(service('gateway', plan, identities('gateway'))),
      start(service('iotHub', plan, identities('iotHub')))
    ])
  } catch (error) {
    await close()
    throw error
  }
  return cloud
}

const part = (name: string) => fileURLToPath(new URL(`parts/${name}.ts`, import.meta.url))

type Env = Record<string, string>

const service = (name: string, plan: CloudPlan, env: Env = {}): ProcessPlan => ({
  name,
  file: part(name),
  options: plan,
  env: { NODE_EXTRA_CA_CERTS: plan.caFile, ...env }
})

const host = (app: string, appDir: string, plan: CloudPlan, identity: Env): ProcessPlan => ({
  name: app,
  file: part('functionsHost'),
  options: { appDir, dir: `${plan.dir}/hosts/${app}`, port: plan.ports[app as keyof Ports] },
  env: { ...appSettings(app, plan), ...identity }
})
