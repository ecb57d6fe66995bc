/** What Azure demands although its types call it optional, by resource type and path. */
export const REQUIRED: Record<string, string[]> = {
  'Microsoft.ApiManagement/service/apis': ['properties'],
  'Microsoft.ApiManagement/service/apis/diagnostics': ['properties'],
  'Microsoft.ApiManagement/service/apis/operations': ['properties'],
  'Microsoft.ApiManagement/service/apis/operations/policies': ['properties'],
  'Microsoft.ApiManagement/service/apis/policies': ['properties'],
  'Microsoft.ApiManagement/service/backends': ['properties'],
  'Microsoft.ApiManagement/service/diagnostics': ['properties'],
  'Microsoft.ApiManagement/service/loggers': ['properties'],
  'Microsoft.ApiManagement/service/namedValues': ['properties.value'],
  'Microsoft.ApiManagement/service/policies': ['properties'],
  'Microsoft.ApiManagement/service/policyFragments': ['properties'],
  'Microsoft.ApiManagement/service/schemas': ['properties'],
  'Microsoft.Authorization/roleAssignments': ['properties.principalType'],
  'Microsoft.Authorization/roleDefinitions': [
    'properties.roleName',
    'properties.permissions',
    'properties.assignableScopes'
  ],
  'Microsoft.Cdn/profiles/afdEndpoints/routes': [
    'properties.originGroup.id',
    'properties.patternsToMatch'
  ],
  'Microsoft.Cdn/profiles/customDomains': ['properties.hostName'],
  'Microsoft.Cdn/profiles/originGroups': ['properties.loadBalancingSettings'],
  'Microsoft.Cdn/profiles/originGroups/origins': ['properties.hostName'],
  'Microsoft.Cdn/profiles/ruleSets/rules': ['properties.order', 'properties.actions'],
  'Microsoft.Cdn/profiles/securityPolicies': ['properties.parameters'],
  'Microsoft.Consumption/budgets': ['properties'],
  'Microsoft.Devices/IotHubs': ['sku.capacity'],
  'Microsoft.DocumentDB/databaseAccounts': ['location'],
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': [
    'properties.resource.partitionKey.paths'
  ],
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': [
    'properties.roleDefinitionId',
    'properties.principalId',
    'properties.scope'
  ],
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions': [
    'properties.roleName',
    'properties.permissions',
    'properties.assignableScopes'
  ],
  'Microsoft.DurableTask/schedulers': ['properties'],
  'Microsoft.EventHub/namespaces': ['location', 'sku.name'],
  'Microsoft.Insights/actionGroups': ['properties'],
  'Microsoft.Insights/components': ['properties.WorkspaceResourceId'],
  'Microsoft.Insights/metricAlerts': ['properties.scopes'],
  'Microsoft.Insights/scheduledQueryRules': [
    'properties.scopes',
    'properties.criteria',
    'properties.evaluationFrequency',
    'properties.windowSize',
    'properties.severity'
  ],
  'Microsoft.KeyVault/vaults/keys': ['properties.kty'],
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': [
    'location',
    'sku.name',
    'properties.policySettings'
  ],
  'Microsoft.SignalRService/webPubSub': ['sku.name'],
  'Microsoft.Storage/storageAccounts/managementPolicies': ['properties'],
  'Microsoft.Web/serverfarms': ['sku.name', 'properties.reserved'],
  'Microsoft.Web/sites': [
    'kind',
    'properties.serverFarmId',
    'properties.functionAppConfig.deployment.storage.value',
    'properties.functionAppConfig.runtime.name',
    'properties.functionAppConfig.runtime.version',
    'properties.functionAppConfig.scaleAndConcurrency'
  ],
  'Microsoft.Web/staticSites': ['sku.name']
}

/** Whether a property must be given although its type lets it be left out. */
export function alsoRequired(type: string, path: string): boolean {
  return REQUIRED[type]?.some(one => one === path || one.startsWith(`${path}.`)) ?? false
}
