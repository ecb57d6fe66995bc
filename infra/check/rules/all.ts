import type { Case, Deployment, Fault, TypeLibrary } from '../model.ts'
import { addresses } from './addresses.ts'
import { alerts } from './alerts.ts'
import { appSettings } from './appSettings.ts'
import { apps } from './apps.ts'
import { type AzdFiles, outputs, taggedServices } from './azd.ts'
import { caching } from './caching.ts'
import type { CodeSettings } from './codeSettings.ts'
import { entra } from './entra.ts'
import { frontDoor } from './frontDoor.ts'
import { gateway } from './gateway.ts'
import type { GatewayFiles } from './gatewayFiles.ts'
import { headers } from './headers.ts'
import { laptopSettings } from './laptop.ts'
import { names } from './names.ts'
import { diagnostics, tagged } from './observed.ts'
import { privileges } from './privileges.ts'
import { containers, firewall, oldProtocols, publishing, readableByAll } from './protection.ts'
import { origins, secrets } from './secrets.ts'
import { settings } from './settings.ts'
import { settingValues } from './settingValues.ts'
import { services } from './topologyRules.ts'

/** What the rules read beside the template. */
export type Beside = {
  gateway: GatewayFiles
  code: CodeSettings
  azd: AzdFiles
  types: TypeLibrary
}

/** What is wrong with one way to deploy, by all of our own rules. */
export function* ruleFaults(deployment: Deployment, of: Case, beside: Beside): Generator<Fault> {
  const { parameters } = of
  yield* settings(deployment)
  yield* secrets(deployment)
  yield* origins(deployment)
  yield* publishing(deployment)
  yield* containers(deployment)
  yield* oldProtocols(deployment)
  yield* firewall(deployment)
  yield* readableByAll(deployment)
  yield* frontDoor(deployment)
  yield* headers(deployment)
  yield* caching(deployment)
  yield* addresses(deployment, of)
  yield* names(deployment)
  yield* diagnostics(deployment)
  yield* tagged(deployment, String(parameters.environmentName), beside.types)
  yield* privileges(deployment, String(parameters.principalId))
  yield* services(deployment)
  yield* apps(deployment)
  yield* appSettings(deployment, beside.code, laptopSettings)
  yield* settingValues(deployment)
  yield* gateway(deployment, beside.gateway)
  yield* entra(deployment)
  yield* alerts(deployment)
  yield* taggedServices(deployment, beside.azd)
  yield* outputs(deployment, beside.azd)
}
