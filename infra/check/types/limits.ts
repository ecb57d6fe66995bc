/** The numbers that Azure takes: these alone, or all of a range, both ends included, in steps where it has some. */
export type Numbers = readonly number[] | { from: number; to: number; step?: number }

/** Request units a second, of a Cosmos database or container. */
const THROUGHPUT: Record<string, Numbers> = {
  'properties.options.throughput': { from: 400, to: 1_000_000, step: 100 },
  'properties.options.autoscaleSettings.maxThroughput': { from: 1000, to: 1_000_000, step: 1000 }
}

/** Limits that Azure's types do not carry, keyed as in `allowed.ts`. */
export const LIMITS: Record<string, Record<string, Numbers>> = {
  'Microsoft.ApiManagement/service': {
    'sku.capacity': { from: 1, to: 10 }
  },
  'Microsoft.Consumption/budgets': {
    'properties.notifications.*.threshold': { from: 1, to: 1000 }
  },
  'Microsoft.Devices/IotHubs': {
    'properties.eventHubEndpoints.*.partitionCount': { from: 2, to: 32 },
    'properties.eventHubEndpoints.*.retentionTimeInDays': { from: 1, to: 7 }
  },
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': THROUGHPUT,
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': {
    ...THROUGHPUT,
    'properties.resource.defaultTtl': { from: -1, to: 2_147_483_647 },
    'properties.resource.partitionKey.version': [1, 2]
  },
  'Microsoft.DurableTask/schedulers': {
    'properties.sku.capacity': { from: 1, to: 3 }
  },
  'Microsoft.EventHub/namespaces': {
    'sku.capacity': { from: 1, to: 40 }
  },
  'Microsoft.EventHub/namespaces/eventhubs': {
    'properties.captureDescription.intervalInSeconds': { from: 60, to: 900 },
    'properties.captureDescription.sizeLimitInBytes': { from: 10_485_760, to: 524_288_000 },
    // Of the Standard tier, as the two below.
    'properties.partitionCount': { from: 1, to: 32 },
    'properties.messageRetentionInDays': { from: 1, to: 7 },
    'properties.retentionDescription.retentionTimeInHours': { from: 1, to: 168 }
  },
  'Microsoft.Graph/applications': {
    'api.requestedAccessTokenVersion': [1, 2]
  },
  'Microsoft.Insights/components': {
    'properties.SamplingPercentage': { from: 1, to: 100 }
  },
  'Microsoft.Insights/metricAlerts': {
    'properties.severity': { from: 0, to: 4 }
  },
  'Microsoft.Insights/scheduledQueryRules': {
    'properties.severity': { from: 0, to: 4 }
  },
  'Microsoft.KeyVault/vaults': {
    'properties.softDeleteRetentionInDays': { from: 7, to: 90 }
  },
  'Microsoft.KeyVault/vaults/keys': {
    'properties.keySize': [2048, 3072, 4096]
  },
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': {
    'properties.customRules.rules.[].rateLimitDurationInMinutes': [1, 5]
  },
  'Microsoft.OperationalInsights/workspaces': {
    'properties.retentionInDays': { from: 30, to: 730 }
  },
  'Microsoft.SignalRService/webPubSub': {
    'sku.capacity': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
  },
  'Microsoft.Web/sites': {
    'properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB': [512, 2048, 4096],
    'properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount': { from: 40, to: 1000 }
  }
}

/** The numbers that may stand at a path; undefined where the types alone decide. */
export function numbersAt(type: string, path: string): Numbers | undefined {
  return LIMITS[type]?.[path]
}
