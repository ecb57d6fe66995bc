import type { Deployment, Fault } from '../model.ts'
import { faultAt, ofType, own, ownName, textOf } from './read.ts'

/** What uniqueString makes. */
const TOKEN = '[a-z0-9]{13}'

/** How resources are called: the customary abbreviation of the type, what it is for, and the environment's token. */
const NAMES: Record<string, string> = {
  'Microsoft.ApiManagement/service': `apim-${TOKEN}`,
  'Microsoft.Cdn/profiles': `afd-${TOKEN}`,
  'Microsoft.Cdn/profiles/afdEndpoints': `grandstand-${TOKEN}`,
  'Microsoft.Consumption/budgets': 'budget-.+',
  'Microsoft.Devices/IotHubs': `iot-${TOKEN}`,
  'Microsoft.DocumentDB/databaseAccounts': `cosmos-${TOKEN}`,
  'Microsoft.DurableTask/schedulers': `dts-${TOKEN}`,
  'Microsoft.EventHub/namespaces': `evhns-${TOKEN}`,
  'Microsoft.Insights/actionGroups': 'ag-.+',
  'Microsoft.Insights/components': `appi-${TOKEN}`,
  'Microsoft.KeyVault/vaults': `kv-${TOKEN}`,
  'Microsoft.ManagedIdentity/userAssignedIdentities': `id-\\w+-${TOKEN}`,
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': `waf${TOKEN}`,
  'Microsoft.OperationalInsights/workspaces': `log-${TOKEN}`,
  'Microsoft.Resources/resourceGroups': 'rg-.+',
  'Microsoft.SignalRService/webPubSub': `wps-${TOKEN}`,
  'Microsoft.Storage/storageAccounts': 'st[a-z0-9]+',
  'Microsoft.Web/serverfarms': `plan-\\w+-${TOKEN}`,
  'Microsoft.Web/sites': `\\w+-${TOKEN}`,
  'Microsoft.Web/staticSites': `stapp-${TOKEN}`
}

/** Every resource has a name of its type, and the directory's applications one of this project. */
export function names(deployment: Deployment): Fault[] {
  const resources = Object.entries(NAMES).flatMap(([type, pattern]) =>
    ofType(deployment, type)
      .filter(resource => !new RegExp(`^${pattern}$`).test(ownName(resource)))
      .map(resource =>
        faultAt(
          own(resource.body, 'name') ?? resource,
          'names',
          `${ownName(resource)} must be ${pattern.replace(TOKEN, '{token}')}`
        )
      )
  )
  const applications = ofType(deployment, 'Microsoft.Graph/applications').flatMap(
    ({ body, declared }) => {
      const name = own(body, 'uniqueName')
      return new RegExp(`^grandstand-(api|pages)-${TOKEN}$`).test(textOf(name) ?? '')
        ? []
        : [
            {
              place: name?.place ?? declared,
              rule: 'names',
              message: 'uniqueName must be grandstand-api-{token} or grandstand-pages-{token}'
            }
          ]
    }
  )
  return [...resources, ...applications]
}
