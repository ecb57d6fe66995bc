import { LOG_CATEGORIES, METRICS } from './monitored.ts'

/**
 * The words that Azure takes where its types let any string pass and a wrong one fails at deployment only. Keyed by
 * resource type, then by the path in the body; `[]` stands for an array's items and `*` for the keys of an open
 * object. Where there is an entry it alone decides, so it may also be narrower than Azure's own list.
 */
export type Words = readonly (string | RegExp)[]

const TOGGLE = ['Enabled', 'Disabled']
const GLOBAL = ['global', 'Global']
/** Regions by their names, such as `westeurope`. */
const REGION = [/^(?!global$)[a-z]+[0-9]?$/i]
const INCLUDE = ['Include', 'Exclude']
const ALERT_WINDOWS = ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D']
const ACTION = [/^(\*|[\w.]+(\/[\w*$-]+)+)$/]
const FRONT_DOOR = ['Standard_AzureFrontDoor', 'Premium_AzureFrontDoor']

export const ALLOWED: Record<string, Record<string, Words>> = {
  'Microsoft.ApiManagement/service': {
    'sku.name': ['BasicV2', 'StandardV2'],
    'properties.publisherEmail': [/^[^@\s]+@[^@\s]+$/]
  },
  'Microsoft.Authorization/roleAssignments': {
    'properties.conditionVersion': ['2.0'],
    'properties.principalType': ['User', 'Group', 'ServicePrincipal']
  },
  'Microsoft.Authorization/roleDefinitions': {
    'properties.type': ['CustomRole'],
    'properties.permissions.[].actions.[]': ACTION,
    'properties.permissions.[].dataActions.[]': ACTION
  },
  'Microsoft.Cdn/profiles': { location: GLOBAL, 'sku.name': FRONT_DOOR },
  'Microsoft.Cdn/profiles/afdEndpoints': { location: GLOBAL },
  'Microsoft.Consumption/budgets': {
    'properties.notifications.*.operator': ['EqualTo', 'GreaterThan', 'GreaterThanOrEqualTo'],
    'properties.timePeriod.startDate': [/^\d{4}-\d\d-01(T00:00:00Z)?$/]
  },
  'Microsoft.Devices/IotHubs': {
    'sku.name': ['F1', 'S1', 'S2', 'S3'],
    'properties.minTlsVersion': ['1.2']
  },
  'Microsoft.DocumentDB/databaseAccounts': {
    kind: ['GlobalDocumentDB'],
    'properties.capabilities.[].name': ['EnableServerless'],
    'properties.locations.[].locationName': REGION,
    'properties.minimalTlsVersion': ['Tls12']
  },
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': {
    'properties.resource.indexingPolicy.indexingMode': ['consistent', 'none'],
    'properties.resource.partitionKey.kind': ['Hash', 'MultiHash'],
    'properties.resource.partitionKey.paths.[]': [/^(\/[^/?*"]+)+$/],
    'properties.resource.indexingPolicy.includedPaths.[].path': [/^\/(\*|.*\/(\*|\?))$/],
    'properties.resource.indexingPolicy.excludedPaths.[].path': [/^\/(\*|.*\/(\*|\?))$/]
  },
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions': {
    'properties.permissions.[].dataActions.[]': [
      'Microsoft.DocumentDB/databaseAccounts/readMetadata',
      /^Microsoft\.DocumentDB\/databaseAccounts\/sqlDatabases\/containers\/(executeQuery|readChangeFeed)$/,
      /^Microsoft\.DocumentDB\/databaseAccounts\/sqlDatabases\/containers\/items\/(\*|create|read|replace|upsert|delete)$/
    ]
  },
  'Microsoft.EventHub/namespaces': {
    'properties.minimumTlsVersion': ['1.2'],
    'properties.publicNetworkAccess': ['Enabled', 'Disabled', 'SecuredByPerimeter']
  },
  'Microsoft.EventHub/namespaces/eventhubs': {
    'properties.captureDescription.destination.name': ['EventHubArchive.AzureBlockBlob'],
    'properties.captureDescription.destination.properties.archiveNameFormat': [
      /^(?=.*\{Namespace\})(?=.*\{EventHub\})(?=.*\{PartitionId\})(?=.*\{Year\})(?=.*\{Month\})(?=.*\{Day\})(?=.*\{Hour\})(?=.*\{Minute\})(?=.*\{Second\})/
    ]
  },
  'Microsoft.Graph/applications': {
    'appRoles.[].allowedMemberTypes.[]': ['User', 'Application'],
    signInAudience: ['AzureADMyOrg'],
    'api.oauth2PermissionScopes.[].type': ['User', 'Admin'],
    'requiredResourceAccess.[].resourceAccess.[].type': ['Scope', 'Role'],
    groupMembershipClaims: ['None', 'SecurityGroup', 'All']
  },
  'Microsoft.Insights/actionGroups': { location: GLOBAL },
  'Microsoft.Insights/components': {
    kind: ['web'],
    'properties.Application_Type': ['web'],
    'properties.Flow_Type': ['Bluefield'],
    'properties.Request_Source': ['rest'],
    'properties.IngestionMode': ['LogAnalytics']
  },
  'Microsoft.Insights/diagnosticSettings': {
    'properties.logAnalyticsDestinationType': ['Dedicated'],
    'properties.logs.[].category': LOG_CATEGORIES,
    'properties.logs.[].categoryGroup': ['allLogs', 'audit'],
    'properties.metrics.[].category': ['AllMetrics'],
    'properties.metrics.[].timeGrain': ['PT1M']
  },
  'Microsoft.Insights/metricAlerts': {
    location: GLOBAL,
    'properties.criteria.allOf.[].metricName': Object.values(METRICS).flat(),
    'properties.criteria.allOf.[].dimensions.[].operator': [...INCLUDE, 'StartsWith'],
    'properties.evaluationFrequency': ALERT_WINDOWS.slice(0, 5),
    'properties.windowSize': ALERT_WINDOWS
  },
  'Microsoft.Insights/scheduledQueryRules': {
    'properties.criteria.allOf.[].dimensions.[].operator': INCLUDE,
    'properties.evaluationFrequency': [/^PT([15]|10|15|30|45)M$/, /^PT[1-6]H$/, 'P1D'],
    'properties.windowSize': [/^PT([15]|10|15|30|45)M$/, /^PT[1-6]H$/, 'P1D', 'P2D']
  },
  'Microsoft.KeyVault/vaults': {
    'properties.publicNetworkAccess': ['Enabled', 'Disabled', 'enabled', 'disabled']
  },
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': {
    location: GLOBAL,
    'sku.name': FRONT_DOOR,
    'properties.managedRules.managedRuleSets.[].ruleSetType': [
      'Microsoft_DefaultRuleSet',
      'Microsoft_BotManagerRuleSet'
    ],
    'properties.managedRules.managedRuleSets.[].ruleSetVersion': ['1.0', '1.1', '2.0', '2.1']
  },
  'Microsoft.OperationalInsights/workspaces': {
    'properties.sku.name': ['PerGB2018']
  },
  'Microsoft.SignalRService/webPubSub': {
    'sku.name': ['Free_F1', 'Standard_S1', 'Premium_P1', 'Premium_P2'],
    'properties.liveTraceConfiguration.enabled': ['true', 'false'],
    'properties.publicNetworkAccess': TOGGLE,
    'properties.resourceLogConfiguration.categories.[].enabled': ['true', 'false'],
    'properties.resourceLogConfiguration.categories.[].name': [
      'ConnectivityLogs',
      'MessagingLogs',
      'HttpRequestLogs'
    ]
  },
  'Microsoft.SignalRService/webPubSub/hubs': {
    'properties.anonymousConnectPolicy': ['allow', 'deny']
  },
  'Microsoft.Storage/storageAccounts': {
    kind: ['StorageV2'],
    'properties.minimumTlsVersion': ['TLS1_2', 'TLS1_3'],
    'sku.name': ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS']
  },
  'Microsoft.Storage/storageAccounts/managementPolicies': {
    'properties.policy.rules.[].definition.filters.blobTypes.[]': ['blockBlob', 'appendBlob']
  },
  'Microsoft.Web/serverfarms': {
    kind: ['functionapp'],
    'sku.name': ['FC1'],
    'sku.tier': ['FlexConsumption'],
    'sku.size': ['FC1'],
    'sku.family': ['FC']
  },
  'Microsoft.Web/sites': {
    kind: ['functionapp,linux'],
    'properties.functionAppConfig.runtime.name': ['node'],
    'properties.functionAppConfig.runtime.version': ['22', '24'],
    'properties.functionAppConfig.scaleAndConcurrency.alwaysReady.[].name': [
      'http',
      'blob',
      'durable',
      /^function:[A-Za-z][\w-]*$/
    ],
    'properties.publicNetworkAccess': TOGGLE,
    'properties.siteConfig.minTlsVersion': ['1.2', '1.3'],
    'properties.siteConfig.scmMinTlsVersion': ['1.2', '1.3']
  },
  'Microsoft.Web/staticSites': {
    // The regions where it is offered.
    location: ['westeurope', 'centralus', 'eastasia', 'eastus2', 'westus2'],
    'properties.publicNetworkAccess': TOGGLE,
    'sku.name': ['Free', 'Standard'],
    'sku.tier': ['Free', 'Standard']
  }
}

/** The words that may stand at a path; undefined where the types alone decide. */
export function wordsAt(type: string, path: string): Words | undefined {
  return ALLOWED[type]?.[path] ?? (path === 'location' ? REGION : undefined)
}
