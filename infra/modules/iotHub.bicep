param location string
param tags object
param token string
param units int

@description('Resource id of the identity that sends to the event hub.')
param identityId string

@description('Host name of the Event Hubs namespace.')
param eventHubsHost string

@description('Log Analytics workspace.')
param workspaceId string

var hub = loadJsonContent('../topology.json').eventHubs.hub

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

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: iotHub
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output host string = iotHub.properties.hostName
