param location string
param tags object
param token string

@description('Most request units a second that the containers share; 0 for serverless.')
param maximumThroughput int

param zoneRedundant bool

@description('Identities by their names in the topology: { id, clientId, principalId }.')
param principals object

@description('Log Analytics workspace.')
param workspaceId string

var topology = loadJsonContent('../topology.json')
var actions = loadJsonContent('../rights.json').dataActions.cosmos
var rightNames = map(items(actions), right => right.key)
var containers = items(topology.cosmos.containers)

// Who may do what in which container. Rights in the order of rights.json, so that equal sets have equal names.
var grants = flatten(map(
  items(topology.apps),
  app =>
    map(items(app.value.cosmos), grant => {
      app: app.key
      container: grant.key
      rights: join(filter(rightNames, right => contains(grant.value, right)), ' ')
    })
))
// union() leaves each set of rights once.
var roles = union(map(grants, grant => grant.rights), [])

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' = {
  name: 'cosmos-${token}'
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: maximumThroughput == 0 ? [{ name: 'EnableServerless' }] : []
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: zoneRedundant }]
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
    disableKeyBasedMetadataWriteAccess: true
    disableLocalAuth: true
    minimalTlsVersion: 'Tls12'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-10-15' = {
  parent: account
  name: topology.cosmos.database
  properties: {
    resource: { id: topology.cosmos.database }
    options: maximumThroughput == 0 ? {} : { autoscaleSettings: { maxThroughput: maximumThroughput } }
  }
}

resource sqlContainers 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-10-15' = [
  for container in containers: {
    parent: database
    name: container.key
    properties: {
      resource: {
        id: container.key
        partitionKey: { kind: 'Hash', version: 2, paths: [container.value.partitionKey] }
        defaultTtl: container.value.?defaultTtl
        // Payloads that no query asks for would make each write several times as dear.
        indexingPolicy: {
          indexingMode: 'consistent'
          automatic: true
          includedPaths: map(container.value.?indexed ?? ['/*'], path => { path: path })
          excludedPaths: map(contains(container.value, 'indexed') ? ['/*'] : ['/"_etag"/?'], path => { path: path })
        }
      }
    }
  }
]

// Definitions and assignments one after the other: each takes the whole account for itself while it is written.
// readMetadata lets the clients find containers and partitions; it shows no item.
@batchSize(1)
resource definitions 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2025-10-15' = [
  for role in roles: {
    parent: account
    name: guid(account.id, role)
    properties: {
      roleName: 'Grandstand: ${role}'
      type: 'CustomRole'
      assignableScopes: [account.id]
      permissions: [
        {
          dataActions: union(
            ['Microsoft.DocumentDB/databaseAccounts/readMetadata'],
            flatten(map(split(role, ' '), right => actions[right]))
          )
        }
      ]
    }
  }
]

@batchSize(1)
resource assignments 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-10-15' = [
  for grant in grants: {
    parent: account
    name: guid(account.id, grant.app, grant.container)
    properties: {
      principalId: principals[grant.app].principalId
      roleDefinitionId: definitions[indexOf(roles, grant.rights)].id
      scope: '${account.id}/dbs/${topology.cosmos.database}/colls/${grant.container}'
    }
    dependsOn: [sqlContainers]
  }
]

// Without DataPlaneRequests, which is a row for each request of each trigger's poll.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'ControlPlaneRequests', enabled: true }
      { category: 'PartitionKeyRUConsumption', enabled: true }
    ]
  }
}

output endpoint string = account.properties.documentEndpoint
output accountId string = account.id
