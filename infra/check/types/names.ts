import type { Complaint } from './scalars.ts'
import { knownParts, mayBe } from './unsure.ts'

/** What Azure takes as a name: its length, and a pattern with the words that describe it. */
type NameRule = { length: [least: number, most: number]; pattern: RegExp; says: string }

const ALPHANUMERIC = 'letters, digits and single inner hyphens'
const HYPHENATED = /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/
const GUID: NameRule = {
  length: [36, 36],
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  says: 'a GUID, as guid() makes it'
}
const LETTERS_AND_DIGITS = { pattern: /^[a-zA-Z][a-zA-Z0-9]*$/, says: 'letters and digits alone' }
const FRONT_DOOR_PART: NameRule = { length: [1, 90], pattern: HYPHENATED, says: ALPHANUMERIC }
const MONITOR: NameRule = {
  length: [1, 260],
  pattern: /^[^*#&+:<>?@%{}\\/]*[^*#&+:<>?@%{}\\/ .]$/,
  says: 'no *#&+:<>?@%{}\\/ and no space or dot at the end'
}
const EVENT_HUB: Omit<NameRule, 'length'> = {
  pattern: /^[a-zA-Z0-9]([\w.-]*[a-zA-Z0-9])?$/,
  says: 'letters, digits and inner dots, hyphens and underscores'
}
const COSMOS_PART: NameRule = {
  length: [1, 255],
  pattern: /^[^/\\#?]*[^/\\#? ]$/,
  says: 'no / \\ # ? and no space at the end'
}

/** Rules that Azure enforces for names and that its types lack or hold only in part. */
const NAMES: Record<string, NameRule> = {
  'Microsoft.Authorization/roleAssignments': GUID,
  'Microsoft.Authorization/roleDefinitions': GUID,
  'Microsoft.Cdn/profiles/afdEndpoints': {
    length: [1, 46],
    pattern: HYPHENATED,
    says: ALPHANUMERIC
  },
  'Microsoft.Cdn/profiles/afdEndpoints/routes': FRONT_DOOR_PART,
  'Microsoft.Cdn/profiles/customDomains': FRONT_DOOR_PART,
  'Microsoft.Cdn/profiles/originGroups': FRONT_DOOR_PART,
  'Microsoft.Cdn/profiles/originGroups/origins': FRONT_DOOR_PART,
  'Microsoft.Cdn/profiles/ruleSets': { length: [1, 60], ...LETTERS_AND_DIGITS },
  'Microsoft.Cdn/profiles/ruleSets/rules': { length: [1, 60], ...LETTERS_AND_DIGITS },
  'Microsoft.Cdn/profiles/securityPolicies': FRONT_DOOR_PART,
  'Microsoft.Consumption/budgets': {
    length: [1, 63],
    pattern: /^[\w-]+$/,
    says: 'letters, digits, hyphens and underscores'
  },
  'Microsoft.Devices/IotHubs': {
    length: [3, 50],
    pattern: /^[a-zA-Z0-9-]*[a-zA-Z0-9]$/,
    says: 'letters, digits and hyphens, no hyphen at the end'
  },
  'Microsoft.DocumentDB/databaseAccounts': {
    length: [3, 44],
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
    says: 'lower-case letters, digits and single inner hyphens'
  },
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': COSMOS_PART,
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': COSMOS_PART,
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': GUID,
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions': GUID,
  'Microsoft.EventHub/namespaces/eventhubs': { length: [1, 256], ...EVENT_HUB },
  'Microsoft.EventHub/namespaces/eventhubs/consumergroups': { length: [1, 50], ...EVENT_HUB },
  'Microsoft.Graph/applications/federatedIdentityCredentials': {
    length: [3, 120],
    pattern: /^[a-zA-Z0-9][\w-]*$/,
    says: 'letters, digits, hyphens and underscores, a letter or digit first'
  },
  'Microsoft.Insights/actionGroups': MONITOR,
  'Microsoft.Insights/components': MONITOR,
  'Microsoft.Insights/diagnosticSettings': MONITOR,
  'Microsoft.Insights/metricAlerts': MONITOR,
  'Microsoft.KeyVault/vaults': {
    length: [3, 24],
    pattern: /^[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/,
    says: 'letters, digits and single inner hyphens, a letter first'
  },
  'Microsoft.ManagedIdentity/userAssignedIdentities': {
    length: [3, 128],
    pattern: /^[a-zA-Z0-9][\w-]*$/,
    says: 'letters, digits, hyphens and underscores, a letter or digit first'
  },
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': {
    length: [1, 128],
    ...LETTERS_AND_DIGITS
  },
  'Microsoft.Resources/resourceGroups': {
    length: [1, 90],
    pattern: /^[-\w.()]*[-\w()]$/,
    says: 'letters, digits and -_.(), no dot at the end'
  },
  'Microsoft.SignalRService/webPubSub/hubs': {
    length: [1, 127],
    pattern: /^[a-zA-Z][\w`,.[\]]*$/,
    says: 'letters, digits and underscores, a letter first'
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': {
    length: [3, 63],
    pattern: /^(\$web|\$root|\$logs|[a-z0-9]+(-[a-z0-9]+)*)$/,
    says: 'lower-case letters, digits and single inner hyphens'
  },
  'Microsoft.Web/serverfarms': {
    length: [1, 60],
    pattern: /^[a-zA-Z0-9-]+$/,
    says: 'letters, digits and hyphens'
  },
  'Microsoft.Web/sites': {
    length: [2, 60],
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]$/,
    says: 'letters, digits and inner hyphens'
  },
  'Microsoft.Web/staticSites': {
    length: [1, 60],
    pattern: /^[a-zA-Z0-9-]+$/,
    says: 'letters, digits and hyphens'
  },
  'Microsoft.Web/staticSites/customDomains': {
    length: [4, 253],
    pattern: /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i,
    says: 'a host name'
  }
}

/** What is wrong with the last segment of a resource's name; unknown parts `«…»` may be of any length and letters. */
export function nameComplaint(type: string, name: string): Complaint | undefined {
  const rule = NAMES[type]
  if (!rule) return undefined
  const parts = knownParts(name)
  const [least, most] = rule.length
  const length = parts.join('').length
  const complaint = (what: string) => ({ rule: 'name', message: `is '${name}', but ${what}` })
  if (length > most) return complaint(`a name of ${type} has at most ${most} letters`)
  if (parts.length === 1 && length < least)
    return complaint(`a name of ${type} has at least ${least} letters`)
  if (!mayBe(name, rule.pattern)) return complaint(`a name of ${type} takes ${rule.says}`)
  return undefined
}
