// One Functions app: plan, identity and storage are its own, so that what one app may, no other may.

param location string
param tags object
param token string

@description('Name in the topology.')
param name string

@description('Name of the site, known before it is made because gateway and apps name each other.')
param siteName string

@description('Its identity: { id, clientId, principalId }.')
param identity object

@description('Redundancy of its storage, such as Standard_ZRS.')
param storageSku string

param zoneRedundant bool

@description('Most instances that it scales out to.')
param maximumInstances int

@description('Instances that each of its live groups always has; 0 for none.')
param alwaysReady int

@description('Application Insights component.')
param insightsName string

param cosmosEndpoint string
param eventHubsHost string
param webPubSubHost string
param keyVaultUri string
param iotHubHost string

@description('Whether the Durable Task Scheduler keeps entities and orchestrations, else the app\'s own storage.')
param onScheduler bool

param schedulerEndpoint string

@description('Issuer of seat tokens: the address of the app that publishes their keys.')
param seatIssuer string

param entraIssuer string

@description('Client id of the API in Entra ID.')
param apiAudience string

@description('Issuer of riders\' tokens, for races that ask for an account.')
param ridersIssuer string

@description('Audience of riders\' tokens.')
param ridersAudience string

@description('Where riders reach the API.')
param publicApi string

@description('Object id of the gateway: no other caller is answered.')
param gatewayPrincipalId string

var topology = loadJsonContent('../topology.json')
var host = loadJsonContent('../rights.json').builtIn.host
var hubName = loadJsonContent('../../host.json').extensions.durableTask.hubName
var app = topology.apps[name]
var durable = app.?durable ?? false
var scheduled = durable && onScheduler
var hostRights = union(['blobs'], durable && !onScheduler ? ['queues', 'tables'] : [])

// Flex scales all HTTP functions together, all Durable ones together and each other function alone. The topology does
// not say which functions those are; these two are what a board waits for.
var liveFunctions = ['telemetry', 'standingsChanged']
var liveGroups = concat(
  contains(map(topology.routes, route => route.backend), name) ? ['http'] : [],
  durable ? ['durable'] : [],
  map(filter(liveFunctions, live => contains(app.functions, live)), live => 'function:${live}')
)

module storage 'storage.bicep' = {
  params: {
    location: location
    tags: tags
    name: take('st${name}${token}', 24)
    sku: storageSku
    container: 'package'
    accountGrants: map(hostRights, right => { principalId: identity.principalId, roleId: host[right].id })
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.principalId, host.telemetry.id)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', host.telemetry.id)
    principalId: identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Of the services that the topology lets an app use, by their names there.
var serviceSettings = {
  cosmos: {
    COSMOS__accountEndpoint: cosmosEndpoint
    COSMOS__clientId: identity.clientId
    COSMOS__credential: 'managedidentity'
  }
  eventHubs: {
    EVENT_HUBS__clientId: identity.clientId
    EVENT_HUBS__credential: 'managedidentity'
    EVENT_HUBS__fullyQualifiedNamespace: eventHubsHost
  }
  iotHub: { IOT_HUB_HOST: iotHubHost }
  keyVault: { KEY_VAULT_URI: keyVaultUri }
  webPubSub: { WEB_PUBSUB_ENDPOINT: 'https://${webPubSubHost}' }
}
var ownServices = filter(items(serviceSettings), service => contains(app, service.key))
var settings = union(
  {
    API_AUDIENCE: apiAudience
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    AZURE_CLIENT_ID: identity.clientId
    AzureWebJobsStorage__blobServiceUri: storage.outputs.blobUri
    AzureWebJobsStorage__clientId: identity.clientId
    AzureWebJobsStorage__credential: 'managedidentity'
    ENTRA_ISSUER: entraIssuer
    GATEWAY_PRINCIPAL_ID: gatewayPrincipalId
    SEAT_ISSUER: seatIssuer
  },
  reduce(ownServices, {}, (all, service) => union(all, service.value)),
  name == 'rider' ? { RIDERS_AUDIENCE: ridersAudience, RIDERS_ISSUER: ridersIssuer } : {},
  // Its synthetic rider comes in by the front door, as all riders do.
  name == 'admin' ? { PUBLIC_API: publicApi } : {},
  durable && !onScheduler
    ? {
        AzureWebJobsStorage__queueServiceUri: storage.outputs.queueUri
        AzureWebJobsStorage__tableServiceUri: storage.outputs.tableUri
      }
    : {},
  // Over host.json, which names no backend and so means the app's own storage.
  scheduled
    ? {
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identity.clientId};TaskHub=${hubName}'
      }
    : {}
)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: siteName
  location: location
  tags: union(tags, { 'azd-service-name': name })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    clientAffinityEnabled: false
    httpsOnly: true
    siteConfig: {
      // Here and not in a resource of its own: the site never runs without its settings and restarts once.
      appSettings: map(items(settings), setting => { name: setting.key, value: setting.value })
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.outputs.blobUri}${storage.outputs.container}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        alwaysReady: map(alwaysReady > 0 ? liveGroups : [], group => { name: group, instanceCount: alwaysReady })
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
        // The handlers wait for other services and compute little, and what an instance has read it shares.
        triggers: { http: { perInstanceConcurrency: 100 } }
      }
    }
  }
}

resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}
