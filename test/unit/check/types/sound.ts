import type { Body } from './build.ts'

const ID = '/subscriptions/«subscription»/resourceGroups/rg/providers/Microsoft'
export const IDENTITY = `${ID}.ManagedIdentity/userAssignedIdentities/id-capture`
const location = 'westeurope'
const tags = { 'azd-env-name': 'test' }
const UserAssigned = { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } }

/** Bodies that Azure takes, one for each type. */
export const SOUND: Record<string, Body> = {
  'Microsoft.Consumption/budgets': {
    name: 'budget-test',
    properties: {
      category: 'Cost',
      amount: 400,
      timeGrain: 'Monthly',
      timePeriod: { startDate: '2026-01-01' }
    }
  },
  'Microsoft.KeyVault/vaults/keys': {
    name: 'seat-token',
    properties: { kty: 'RSA', keySize: 2048, keyOps: ['sign', 'verify'] }
  },
  'Microsoft.Web/staticSites': {
    name: 'stapp-abc123',
    location,
    tags,
    sku: { name: 'Free', tier: 'Free' },
    properties: { stagingEnvironmentPolicy: 'Disabled' }
  },
  'Microsoft.EventHub/namespaces': {
    name: 'evhns-abc123',
    location,
    tags,
    sku: { name: 'Standard', tier: 'Standard', capacity: 1 },
    identity: UserAssigned,
    properties: {
      disableLocalAuth: true,
      isAutoInflateEnabled: true,
      maximumThroughputUnits: 4,
      minimumTlsVersion: '1.2'
    }
  },
  'Microsoft.EventHub/namespaces/eventhubs': {
    name: 'telemetry',
    properties: {
      partitionCount: 16,
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: 168 },
      captureDescription: {
        enabled: true,
        encoding: 'Avro',
        intervalInSeconds: 300,
        destination: {
          name: 'EventHubArchive.AzureBlockBlob',
          identity: { type: 'UserAssigned', userAssignedIdentity: IDENTITY },
          properties: {
            storageAccountResourceId: '«id of archive»',
            blobContainer: 'telemetry',
            archiveNameFormat:
              '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}'
          }
        }
      }
    }
  },
  'Microsoft.Devices/IotHubs': {
    name: 'iot-abc',
    location,
    sku: { name: 'S1', capacity: 1 },
    properties: {
      minTlsVersion: '1.2',
      eventHubEndpoints: { events: { retentionTimeInDays: 1, partitionCount: 4 } },
      routing: {
        endpoints: {
          eventHubs: [
            {
              name: 'telemetry',
              authenticationType: 'identityBased',
              endpointUri: 'sb://«host»',
              entityPath: 'telemetry'
            }
          ]
        },
        routes: [
          {
            name: 'all',
            source: 'DeviceMessages',
            condition: 'true',
            endpointNames: ['telemetry'],
            isEnabled: true
          }
        ]
      }
    }
  },
  'Microsoft.DocumentDB/databaseAccounts': {
    name: 'cosmos-abc',
    location,
    kind: 'GlobalDocumentDB',
    properties: {
      databaseAccountOfferType: 'Standard',
      capabilities: [{ name: 'EnableServerless' }],
      locations: [{ locationName: location, failoverPriority: 0 }],
      consistencyPolicy: { defaultConsistencyLevel: 'Session' },
      backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } },
      minimalTlsVersion: 'Tls12'
    }
  },
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': {
    name: 'races',
    properties: {
      options: { autoscaleSettings: { maxThroughput: 4000 } },
      resource: {
        id: 'races',
        partitionKey: { kind: 'Hash', version: 2, paths: ['/raceId'] },
        defaultTtl: -1,
        indexingPolicy: { indexingMode: 'consistent', includedPaths: [{ path: '/raceId/?' }] }
      }
    }
  },
  'Microsoft.Web/serverfarms': {
    name: 'plan-public',
    location,
    kind: 'functionapp',
    sku: { name: 'FC1', tier: 'FlexConsumption' },
    properties: { reserved: true }
  },
  'Microsoft.Web/sites': {
    name: 'public-abc',
    location,
    tags,
    kind: 'functionapp,linux',
    identity: UserAssigned,
    properties: {
      serverFarmId: '«id of plan»',
      httpsOnly: true,
      siteConfig: { minTlsVersion: '1.2', appSettings: [{ name: 'A', value: '«endpoint»' }] },
      functionAppConfig: {
        deployment: {
          storage: {
            type: 'blobContainer',
            value: 'https://«host»/package',
            authentication: {
              type: 'UserAssignedIdentity',
              userAssignedIdentityResourceId: IDENTITY
            }
          }
        },
        runtime: { name: 'node', version: '24' },
        scaleAndConcurrency: {
          alwaysReady: [{ name: 'http', instanceCount: 1 }],
          instanceMemoryMB: 2048,
          maximumInstanceCount: 40
        }
      }
    }
  },
  'Microsoft.Web/sites/config': { name: 'appsettings', properties: { ANY: 'text' } },
  'Microsoft.Storage/storageAccounts': {
    name: 'stabc123',
    location,
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: { allowSharedKeyAccess: false, minimumTlsVersion: 'TLS1_2' }
  },
  'Microsoft.ApiManagement/service': {
    name: 'apim-abc',
    location,
    sku: { name: 'BasicV2', capacity: 1 },
    properties: { publisherEmail: 'race@example.org', publisherName: 'Grandstand' }
  },
  'Microsoft.ApiManagement/service/policies': {
    name: 'policy',
    properties: { format: 'xml', value: '<policies />' }
  },
  'Microsoft.ApiManagement/service/schemas': {
    name: 'car',
    properties: { schemaType: 'json', document: { type: 'object', whatever: [1, 'x', null] } }
  },
  'Microsoft.SignalRService/webPubSub': {
    name: 'wps-abc',
    location,
    sku: { name: 'Standard_S1', capacity: 1 },
    properties: { disableLocalAuth: true, publicNetworkAccess: 'Enabled' }
  },
  'Microsoft.KeyVault/vaults': {
    name: 'kv-abc',
    location,
    properties: {
      tenantId: '7d3c1a52-0a55-4f5b-8a3e-0c7f3a1f2b11',
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true
    }
  },
  'Microsoft.Authorization/roleAssignments': {
    name: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    properties: {
      principalId: '«principal»',
      principalType: 'ServicePrincipal',
      roleDefinitionId: '«role»'
    }
  },
  'Microsoft.Insights/metricAlerts': {
    name: 'throttled',
    location: 'global',
    properties: {
      enabled: true,
      severity: 2,
      scopes: ['«namespace»'],
      evaluationFrequency: 'PT1M',
      windowSize: 'PT5M',
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
        allOf: [
          {
            name: 'throttled',
            criterionType: 'StaticThresholdCriterion',
            metricName: 'ThrottledRequests',
            operator: 'GreaterThan',
            threshold: 0,
            timeAggregation: 'Total'
          }
        ]
      }
    }
  },
  'Microsoft.Insights/diagnosticSettings': {
    name: 'workspace',
    properties: {
      workspaceId: '«workspace»',
      logs: [{ categoryGroup: 'allLogs', enabled: true }],
      metrics: [{ category: 'AllMetrics', enabled: true }]
    }
  },
  'Microsoft.Cdn/profiles/afdEndpoints/routes': {
    name: 'pages',
    properties: {
      originGroup: { id: '«group»' },
      patternsToMatch: ['/*'],
      supportedProtocols: ['Https'],
      forwardingProtocol: 'HttpsOnly',
      httpsRedirect: 'Enabled'
    }
  },
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': {
    name: 'wafabc',
    location: 'Global',
    sku: { name: 'Premium_AzureFrontDoor' },
    properties: {
      policySettings: { enabledState: 'Enabled', mode: 'Prevention' },
      managedRules: {
        managedRuleSets: [
          {
            ruleSetType: 'Microsoft_DefaultRuleSet',
            ruleSetVersion: '2.1',
            ruleSetAction: 'Block'
          }
        ]
      }
    }
  },
  'Microsoft.Graph/applications': {
    uniqueName: 'api',
    displayName: 'API',
    signInAudience: 'AzureADMyOrg',
    appRoles: [
      {
        id: '5a5a3c64-1c0e-4a0e-9d0b-6f2a3f6d7b01',
        value: 'timekeeper',
        displayName: 'timekeeper',
        description: 'times',
        allowedMemberTypes: ['User'],
        isEnabled: true
      }
    ]
  }
}

/** A copy of a sound body in which one place, such as `properties.sku.name` or `logs.0`, holds another value. */
export function altered(type: string, path: string, value: unknown): Body {
  const [body, holder, key] = opened(type, path)
  holder[key] = value
  return body
}

/** A copy of a sound body without one place. */
export function without(type: string, path: string): Body {
  const [body, holder, key] = opened(type, path)
  delete holder[key]
  return body
}

/** A copy in which a property has another name. */
export function renamed(type: string, path: string, name: string): Body {
  const [body, holder, key] = opened(type, path)
  holder[name] = holder[key]
  delete holder[key]
  return body
}

function opened(type: string, path: string): [Body, Body, string] {
  const body = structuredClone(SOUND[type])
  if (!body) throw new Error(`No sound body of ${type}.`)
  // A slash, because keys such as odata.type have dots.
  const keys = path.split('/')
  const last = keys.pop() ?? ''
  const holder = keys.reduce((at, key) => at[key] as Body, body)
  return [body, holder, last]
}
