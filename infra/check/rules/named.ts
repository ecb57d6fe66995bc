import { SECURITY } from './settings.ts'

/** Properties that the rules demand beside security settings, by type; `[]` stands for the items of a list. */
const NAMED: Record<string, string[]> = {
  'Microsoft.ApiManagement/service/apis': [
    'properties.format',
    'properties.path',
    'properties.protocols',
    'properties.subscriptionRequired',
    'properties.value'
  ],
  'Microsoft.ApiManagement/service/apis/operations/policies': [
    'properties.format',
    'properties.value'
  ],
  'Microsoft.ApiManagement/service/namedValues': ['properties.displayName', 'properties.value'],
  'Microsoft.ApiManagement/service/policies': ['properties.format', 'properties.value'],
  'Microsoft.ApiManagement/service/policyFragments': ['properties.format', 'properties.value'],
  'Microsoft.ApiManagement/service/schemas': ['properties.document', 'properties.schemaType'],
  'Microsoft.Authorization/roleAssignments': [
    'scope',
    'properties.principalId',
    'properties.principalType',
    'properties.roleDefinitionId'
  ],
  'Microsoft.Authorization/roleDefinitions': ['properties.permissions.[].dataActions'],
  'Microsoft.Cdn/profiles/afdEndpoints/routes': [
    'properties.customDomains',
    'properties.enabledState',
    'properties.originGroup'
  ],
  'Microsoft.Cdn/profiles/originGroups/origins': [
    'properties.enforceCertificateNameCheck',
    'properties.hostName',
    'properties.originHostHeader'
  ],
  'Microsoft.Cdn/profiles/securityPolicies': [
    'properties.parameters.wafPolicy',
    'properties.parameters.associations',
    'properties.parameters.associations.[].domains',
    'properties.parameters.associations.[].patternsToMatch'
  ],
  'Microsoft.Consumption/budgets': ['properties.notifications.*.threshold'],
  'Microsoft.Devices/IotHubs': [
    'properties.routing',
    'properties.routing.endpoints.eventHubs',
    'properties.routing.endpoints.eventHubs.[].authenticationType',
    'properties.routing.endpoints.eventHubs.[].endpointUri',
    'properties.routing.endpoints.eventHubs.[].entityPath',
    'properties.routing.endpoints.eventHubs.[].identity',
    'properties.routing.fallbackRoute.isEnabled',
    'properties.routing.routes',
    'properties.routing.routes.[].endpointNames'
  ],
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': ['properties.resource.id'],
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': [
    'properties.resource.id',
    'properties.resource.defaultTtl',
    'properties.resource.indexingPolicy.excludedPaths',
    'properties.resource.indexingPolicy.includedPaths',
    'properties.resource.partitionKey',
    'properties.resource.partitionKey.kind',
    'properties.resource.partitionKey.paths'
  ],
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': [
    'properties.principalId',
    'properties.roleDefinitionId',
    'properties.scope'
  ],
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions': [
    'properties.permissions.[].dataActions'
  ],
  'Microsoft.EventHub/namespaces/eventhubs': [
    'properties.captureDescription',
    'properties.captureDescription.destination',
    'properties.captureDescription.destination.identity',
    'properties.captureDescription.destination.name',
    'properties.captureDescription.destination.properties',
    'properties.captureDescription.destination.properties.blobContainer',
    'properties.captureDescription.destination.properties.storageAccountResourceId',
    'properties.captureDescription.enabled',
    'properties.captureDescription.encoding',
    'properties.partitionCount'
  ],
  'Microsoft.Graph/applications': [
    'api.oauth2PermissionScopes',
    'api.preAuthorizedApplications',
    'api.requestedAccessTokenVersion',
    'appRoles',
    'spa.redirectUris'
  ],
  'Microsoft.Graph/servicePrincipals': ['appId', 'appRoleAssignmentRequired'],
  'Microsoft.Insights/diagnosticSettings': ['scope', 'properties.workspaceId'],
  'Microsoft.Insights/metricAlerts': ['properties.actions'],
  'Microsoft.Insights/scheduledQueryRules': ['properties.actions'],
  'Microsoft.KeyVault/vaults/keys': ['properties.keyOps', 'properties.kty'],
  'Microsoft.Web/serverfarms': ['sku', 'sku.name', 'sku.tier', 'properties.reserved'],
  'Microsoft.Web/sites': [
    'identity',
    'identity.userAssignedIdentities',
    'kind',
    'properties.functionAppConfig',
    'properties.functionAppConfig.deployment',
    'properties.functionAppConfig.runtime',
    'properties.serverFarmId'
  ]
}

/** Properties that hold what one of `paths` demands are demanded too. */
const holds = (paths: string[], path: string) =>
  paths.some(one => one === path || one.startsWith(`${path}.`))

/** Whether rules of ours notice that a resource lacks a property: a security setting or one of the topology. */
export function isNamed(type: string, path: string): boolean {
  if (path === 'tags') return type.split('/').length === 2
  const paths = [...Object.keys(SECURITY[type] ?? {}), ...(NAMED[type] ?? [])]
  return holds(paths, path)
}
