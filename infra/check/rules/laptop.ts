import { appSettings } from '../../local/appSettings.ts'
import type { CloudPlan } from '../../local/plan.ts'
import { PORT_NAMES, type Ports } from '../../local/ports.ts'

/** A plan of nowhere: names of settings do not depend on it. */
const PLAN: CloudPlan = {
  dir: '',
  ports: Object.fromEntries(PORT_NAMES.map(name => [name, 0])) as Ports,
  caFile: '',
  ca: '',
  tls: { key: '', cert: '' },
  tlsFiles: { key: '', cert: '' },
  tenantId: '',
  apiAudience: '',
  apps: [],
  clients: [],
  jwksUrl: '',
  cosmosKey: '',
  eventHubsKey: { name: '', value: '' },
  webPubSubKey: ''
}

/** Names of the settings that an app has on the laptop. */
export const laptopSettings = (app: string): string[] => Object.keys(appSettings(app, PLAN))
