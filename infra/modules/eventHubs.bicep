param location string
param tags object
param token string

@description('Throughput units to begin with.')
param units int

@description('Throughput units that auto-inflate may go up to.')
param maximumUnits int

param zoneRedundant bool

@description('Redundancy of the archive, such as Standard_ZRS.')
param storageSku string

@description('Identities by their names in the topology: { id, clientId, principalId }.')
param principals object

@description('Log Analytics workspace.')
param workspaceId string

var topology = loadJsonContent('../topology.json')
var rights = loadJsonContent('../rights.json').builtIn
var holders = concat(items(topology.apps), items(topology.principals))
var hubGrants = flatten(map(
  holders,
  holder => map(holder.value.?eventHubs ?? [], right => { holder: holder.key, roleId: rights.eventHubs[right].id })
))
var archiveGrants = flatten(map(
  holders,
  holder =>
    map(holder.value.?archive ?? [], right => {
      principalId: principals[holder.key].principalId
      roleId: rights.archive[right].id
    })
))

module archive 'storage.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'starchive${token}'
    sku: storageSku
    container: topology.eventHubs.hub
    containerGrants: archiveGrants
    archive: true
  }
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: 'evhns-${token}'
  location: location
  tags: tags
  // A deployment sets the units back to these; auto-inflate raises them again, but never lowers them.
  sku: { name: 'Standard', tier: 'Standard', capacity: units }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${principals.capture.id}': {} }
  }
  properties: {
    disableLocalAuth: true
    isAutoInflateEnabled: true
    maximumThroughputUnits: maximumUnits
    minimumTlsVersion: '1.2'
    zoneRedundant: zoneRedundant
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: topology.eventHubs.hub
  properties: {
    // Standard can never change the count, and a lane's partition depends on it.
    partitionCount: topology.eventHubs.partitions
    // Seven days, the most of Standard.
    retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: 168 }
    captureDescription: {
      enabled: true
      encoding: 'Avro'
      intervalInSeconds: 300
      sizeLimitInBytes: 314572800
      skipEmptyArchives: true
      destination: {
        name: 'EventHubArchive.AzureBlockBlob'
        identity: { type: 'UserAssigned', userAssignedIdentity: principals.capture.id }
        properties: {
          storageAccountResourceId: archive.outputs.id
          blobContainer: archive.outputs.container
          archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}'
        }
      }
    }
  }
}

resource consumerGroups 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = [
  for group in topology.eventHubs.consumerGroups: {
    parent: hub
    name: group
  }
]

// On the hub, for receivers too: the trigger and the end-of-race check ask for the hub's partitions before they open
// a consumer group, and a right on the group alone is refused there (Azure/azure-sdk-for-net issue 45372).
resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in hubGrants: {
    name: guid(hub.id, principals[grant.holder].principalId, grant.roleId)
    scope: hub
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.roleId)
      principalId: principals[grant.holder].principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output host string = '${namespace.name}.servicebus.windows.net'
output namespaceId string = namespace.id
