param location string
param tags object
param token string
param units int

@description('Identities by their names in the topology: { id, clientId, principalId }.')
param principals object

@description('Host name of the Event Hubs namespace.')
param eventHubsHost string

@description('Log Analytics workspace.')
param workspaceId string

var topology = loadJsonContent('../topology.json')
var actions = loadJsonContent('../rights.json').dataActions.iotHub
var hub = topology.eventHubs.hub
// The identity that sends to the event hub.
var identityId = principals.iotHub.id
var grants = filter(
  map(items(topology.apps), app => { app: app.key, rights: app.value.?iotHub ?? [] }),
  grant => !empty(grant.rights)
)

resource iotHub 'Microsoft.Devices/IotHubs@2023-06-30' = {
  name: 'iot-${token}'
  location: location
  tags: tags
  sku: { name: 'S1', capacity: units }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    // Services come by Entra ID; devices by certificate or by a token of their own key.
    disableLocalAuth: true
    disableDeviceSAS: false
    disableModuleSAS: true
    minTlsVersion: '1.2'
    routing: {
      endpoints: {
        eventHubs: [
          {
            name: hub
            authenticationType: 'identityBased'
            identity: { userAssignedIdentity: identityId }
            endpointUri: 'sb://${eventHubsHost}'
            entityPath: hub
            subscriptionId: subscription().subscriptionId
            resourceGroup: resourceGroup().name
          }
        ]
      }
      routes: [
        {
          name: hub
          source: 'DeviceMessages'
          condition: 'true'
          endpointNames: [hub]
          isEnabled: true
        }
      ]
      // What the route cannot deliver must show in its metrics and not vanish in the built-in endpoint.
      fallbackRoute: {
        name: '$fallback'
        source: 'DeviceMessages'
        condition: 'true'
        endpointNames: ['events']
        isEnabled: false
      }
    }
  }
}

// The built-in roles that may call devices may also register them.
resource roles 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for grant in grants: {
    name: guid(iotHub.id, grant.app)
    properties: {
      roleName: 'Grandstand ${grant.app}: IoT Hub (${token})'
      description: 'What the app ${grant.app} does at the IoT Hub.'
      type: 'CustomRole'
      permissions: [{ actions: [], dataActions: flatten(map(grant.rights, right => actions[right])) }]
      assignableScopes: [resourceGroup().id]
    }
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in grants: {
    name: guid(iotHub.id, principals[grant.app].principalId)
    scope: iotHub
    properties: {
      roleDefinitionId: roles[i].id
      principalId: principals[grant.app].principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: iotHub
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output host string = iotHub.properties.hostName
