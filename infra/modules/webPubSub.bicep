param location string
param tags object
param token string

@allowed(['Standard_S1', 'Premium_P1'])
param sku string

param units int

@description('Identities by their names in the topology: { id, clientId, principalId }.')
param principals object

@description('Log Analytics workspace.')
param workspaceId string

var topology = loadJsonContent('../topology.json')
var actions = loadJsonContent('../rights.json').dataActions.webPubSub
var grants = filter(
  map(items(topology.apps), app => { app: app.key, rights: app.value.?webPubSub ?? [] }),
  grant => !empty(grant.rights)
)

resource service 'Microsoft.SignalRService/webPubSub@2024-03-01' = {
  name: 'wps-${token}'
  location: location
  tags: tags
  kind: 'WebPubSub'
  sku: { name: sku, capacity: units }
  properties: {
    disableAadAuth: false
    disableLocalAuth: true
    // Live trace shows the messages themselves.
    liveTraceConfiguration: { enabled: 'false', categories: [] }
    resourceLogConfiguration: {
      categories: [
        { name: 'ConnectivityLogs', enabled: 'true' }
        { name: 'MessagingLogs', enabled: 'false' }
      ]
    }
  }
}

// No event handlers: clients only listen, and in groups that their link names.
resource hub 'Microsoft.SignalRService/webPubSub/hubs@2024-03-01' = {
  parent: service
  name: topology.webPubSub.hub
  properties: { anonymousConnectPolicy: 'deny' }
}

// The built-in roles let their holder send to everyone and grant any right.
resource roles 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for grant in grants: {
    name: guid(service.id, grant.app)
    properties: {
      roleName: 'Grandstand ${grant.app}: Web PubSub (${token})'
      description: 'What the app ${grant.app} does at Web PubSub.'
      type: 'CustomRole'
      permissions: [{ actions: [], dataActions: flatten(map(grant.rights, right => actions[right])) }]
      assignableScopes: [resourceGroup().id]
    }
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in grants: {
    name: guid(service.id, principals[grant.app].principalId)
    scope: service
    properties: {
      roleDefinitionId: roles[i].id
      principalId: principals[grant.app].principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: service
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output host string = service.properties.hostName
output serviceId string = service.id
