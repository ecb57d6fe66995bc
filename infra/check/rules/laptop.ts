import { type Addresses, appSettings } from '../../local/appSettings.ts'
import { PORT_NAMES, type Ports } from '../../local/ports.ts'

/** Addresses of nowhere: names of settings do not depend on them. */
const NOWHERE: Addresses = {
  ports: Object.fromEntries(PORT_NAMES.map(name => [name, 0])) as Ports,
  caFile: '',
  tenantId: '',
  apiAudience: ''
}

/** Names of the settings that an app has on the laptop. */
export const laptopSettings = (app: string): string[] => Object.keys(appSettings(app, NOWHERE))
