param location string
param tags object
param token string
param zoneRedundant bool

@description('Identities by their names in the topology: { id, clientId, principalId }.')
param principals object

var topology = loadJsonContent('../topology.json')
var role = loadJsonContent('../rights.json').builtIn.host.durableTasks
var hubName = loadJsonContent('../../host.json').extensions.durableTask.hubName
var apps = filter(items(topology.apps), app => app.value.?durable ?? false)

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: 'dts-${token}'
  location: location
  tags: tags
  properties: {
    // Three units of capacity are what makes it zone-redundant.
    sku: zoneRedundant ? { name: 'Dedicated', capacity: 3 } : { name: 'Consumption' }
    // The apps have no fixed addresses, and an empty list lets nobody in: who comes in is decided by the role.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: hubName
  properties: {}
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for app in apps: {
    name: guid(taskHub.id, principals[app.key].principalId, role.id)
    scope: taskHub
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
      principalId: principals[app.key].principalId
      principalType: 'ServicePrincipal'
    }
  }
]

output endpoint string = scheduler.properties.endpoint
