targetScope = 'subscription'

@description('Name of the azd environment: of the resource group and in every resource name.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of everything but what is global.')
@minLength(1)
param location string

@description('Sizes, redundancy and where the pages are kept.')
@allowed(['dev', 'test', 'prod'])
param environmentType string = 'dev'

@description('Who keeps the entities and orchestrations: the app\'s own storage account or the Durable Task Scheduler.')
@allowed(['azureStorage', 'durableTaskScheduler'])
param durableBackend string = 'azureStorage'

@description('Host name of the pages, such as race.example.org. Empty for the one that Azure gives.')
param customDomain string = ''

@description('Registers the API and the pages in Entra ID. Without it, give both client ids: see docs/deploy.md.')
param deployEntra bool = true

@description('Application (client) id of the API, when it was registered by hand.')
param apiClientId string = ''

@description('Application (client) id of the pages, when they were registered by hand.')
param pagesClientId string = ''

@description('Issuer of the tokens by which riders take seats in races that ask for an account, such as an external tenant\'s. Empty for this directory.')
param ridersIssuer string = ''

@description('Audience of those tokens: the API\'s client id in the riders\' tenant. Empty for the one here.')
param ridersAudience string = ''

@description('Application (client) id of the pages in the riders\' tenant. Empty for the one here.')
param ridersClientId string = ''

@description('Address that alerts and the budget write to, and the API\'s publisher.')
param alertEmail string

@description('Monthly cost at which the budget warns, in the subscription\'s currency.')
@minValue(1)
param monthlyBudget int = 400

@description('First day of the budget, the first of a month. A budget keeps its start: azd gives back what the first deployment answered.')
param budgetStart string = ''

@description('The first of this month: leave it alone.')
param thisMonth string = utcNow('yyyy-MM-01')

@description('Object id of whoever deploys: may upload the pages.')
param principalId string

@description('Whether a person deploys or a workflow.')
@allowed(['User', 'ServicePrincipal'])
param principalType string = 'User'

var topology = loadJsonContent('topology.json')

// Everything that differs between environments. Prices and limits: docs/deploy.md.
var sizes = {
  dev: {
    zoneRedundant: false
    storageSku: 'Standard_LRS'
    hub: { units: 1, maximumUnits: 2 }
    cosmosMaximumThroughput: 0
    webPubSub: { sku: 'Standard_S1', units: 1 }
    gatewayUnits: 1
    iotHubUnits: 1
    apps: { maximumInstances: 40, alwaysReady: 0 }
    logs: { retentionDays: 30, dailyGigabytes: 1 }
    pages: 'staticWebApp'
  }
  test: {
    zoneRedundant: false
    storageSku: 'Standard_LRS'
    hub: { units: 2, maximumUnits: 4 }
    cosmosMaximumThroughput: 4000
    webPubSub: { sku: 'Standard_S1', units: 1 }
    gatewayUnits: 1
    iotHubUnits: 1
    apps: { maximumInstances: 40, alwaysReady: 1 }
    logs: { retentionDays: 30, dailyGigabytes: 2 }
    pages: 'frontDoor'
  }
  prod: {
    zoneRedundant: true
    storageSku: 'Standard_ZRS'
    hub: { units: 4, maximumUnits: 10 }
    cosmosMaximumThroughput: 10000
    webPubSub: { sku: 'Premium_P1', units: 2 }
    gatewayUnits: 2
    iotHubUnits: 2
    apps: { maximumInstances: 100, alwaysReady: 2 }
    logs: { retentionDays: 90, dailyGigabytes: 20 }
    pages: 'frontDoor'
  }
}
var size = sizes[environmentType]
var onFrontDoor = size.pages == 'frontDoor'
var onScheduler = durableBackend == 'durableTaskScheduler'
var budgetFrom = empty(budgetStart) ? thisMonth : budgetStart

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var apps = items(topology.apps)
// Known before anything is made, because gateway and apps name each other.
var siteNames = toObject(apps, app => app.key, app => '${app.key}-${token}')
var gatewayName = 'apim-${token}'
var gatewayHost = '${gatewayName}.azure-api.net'
var gatewayUrl = 'https://${gatewayHost}'
var entraIssuer = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
var ridersFrom = empty(ridersIssuer) ? entraIssuer : ridersIssuer

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    retentionDays: size.logs.retentionDays
    dailyGigabytes: size.logs.dailyGigabytes
  }
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token }
}
var principals = toObject(identities.outputs.identities, identity => identity.name)

module eventHubs 'modules/eventHubs.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    units: size.hub.units
    maximumUnits: size.hub.maximumUnits
    zoneRedundant: size.zoneRedundant
    storageSku: size.storageSku
    principals: principals
    workspaceId: monitoring.outputs.workspaceId
  }
}

module iotHub 'modules/iotHub.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    units: size.iotHubUnits
    principals: principals
    eventHubsHost: eventHubs.outputs.host
    workspaceId: monitoring.outputs.workspaceId
  }
}

module cosmos 'modules/cosmos.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    maximumThroughput: size.cosmosMaximumThroughput
    zoneRedundant: size.zoneRedundant
    principals: principals
    workspaceId: monitoring.outputs.workspaceId
  }
}

module webPubSub 'modules/webPubSub.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    sku: size.webPubSub.sku
    units: size.webPubSub.units
    principals: principals
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'modules/keyVault.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    principals: principals
    workspaceId: monitoring.outputs.workspaceId
  }
}

module durable 'modules/durableTaskScheduler.bicep' = if (onScheduler) {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    zoneRedundant: size.zoneRedundant
    principals: principals
  }
}

module staticWebApp 'modules/staticWebApp.bicep' = if (!onFrontDoor) {
  scope: group
  params: { location: location, tags: tags, token: token, customDomain: customDomain }
}

module frontDoor 'modules/frontDoor.bicep' = if (onFrontDoor) {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    storageSku: size.storageSku
    customDomain: customDomain
    gatewayHost: gatewayHost
    webPubSubHost: webPubSub.outputs.host
    ridersIssuer: ridersFrom
    uploaderId: principalId
    uploaderType: principalType
    workspaceId: monitoring.outputs.workspaceId
  }
}
var pagesHost = onFrontDoor ? frontDoor!.outputs.host : staticWebApp!.outputs.host
var pagesUrl = 'https://${empty(customDomain) ? pagesHost : customDomain}'

module entra 'modules/entra.bicep' = if (deployEntra) {
  scope: group
  params: {
    environmentName: environmentName
    token: token
    pagesUrl: pagesUrl
    gatewayPrincipalId: principals.gateway.principalId
  }
}
var apiAudience = deployEntra ? entra!.outputs.apiClientId : apiClientId

module functionApps 'modules/app.bicep' = [
  for app in apps: {
    name: 'app-${app.key}'
    scope: group
    params: {
      location: location
      tags: tags
      token: token
      name: app.key
      siteName: siteNames[app.key]
      identity: principals[app.key]
      storageSku: size.storageSku
      zoneRedundant: size.zoneRedundant
      maximumInstances: size.apps.maximumInstances
      alwaysReady: size.apps.alwaysReady
      insightsName: monitoring.outputs.insightsName
      cosmosEndpoint: cosmos.outputs.endpoint
      eventHubsHost: eventHubs.outputs.host
      webPubSubHost: webPubSub.outputs.host
      keyVaultUri: keyVault.outputs.uri
      iotHubHost: iotHub.outputs.host
      onScheduler: onScheduler
      schedulerEndpoint: onScheduler ? durable!.outputs.endpoint : ''
      seatIssuer: 'https://${siteNames.rider}.azurewebsites.net'
      entraIssuer: entraIssuer
      apiAudience: apiAudience
      ridersIssuer: ridersFrom
      ridersAudience: empty(ridersAudience) ? apiAudience : ridersAudience
      publicApi: gatewayUrl
      gatewayPrincipalId: principals.gateway.principalId
    }
  }
]

module gateway 'modules/gateway.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: gatewayName
    units: size.gatewayUnits
    publisherEmail: alertEmail
    identity: principals.gateway
    siteNames: siteNames
    eventHubsHost: eventHubs.outputs.host
    pagesUrl: pagesUrl
    frontDoorId: onFrontDoor ? frontDoor!.outputs.id : 'none'
    entraIssuer: entraIssuer
    apiAudience: apiAudience
    insightsName: monitoring.outputs.insightsName
    workspaceId: monitoring.outputs.workspaceId
  }
  // The gateway reads the seat issuer's keys as soon as it has policies that name it.
  dependsOn: [functionApps]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    environmentName: environmentName
    email: alertEmail
    monthlyBudget: monthlyBudget
    budgetStart: budgetFrom
    workspaceId: monitoring.outputs.workspaceId
    insightsId: monitoring.outputs.insightsId
    eventHubsId: eventHubs.outputs.namespaceId
    cosmosId: cosmos.outputs.accountId
    webPubSubId: webPubSub.outputs.serviceId
    webPubSubConnections: size.webPubSub.units * 1000
    gatewayId: gateway.outputs.serviceId
  }
}

// What azd, the pages' /config.json and the smoke test read.
output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output BUDGET_START string = budgetFrom
output GATEWAY_URL string = gatewayUrl
output LOOKUPS_URL string = onFrontDoor ? '${pagesUrl}/api' : gatewayUrl
output PAGES_URL string = pagesUrl
output PAGES_ON_STATIC_WEB_APPS string = onFrontDoor ? 'false' : 'true'
output PAGES_STORAGE_ENDPOINT string = onFrontDoor ? frontDoor!.outputs.storageEndpoint : ''
output API_CLIENT_ID string = apiAudience
output PAGES_CLIENT_ID string = deployEntra ? entra!.outputs.pagesClientId : pagesClientId
output RIDERS_CLIENT_ID string = ridersClientId
output EVENT_HUBS_NAMESPACE string = eventHubs.outputs.host
output EVENT_HUB string = topology.eventHubs.hub
output COSMOS_ENDPOINT string = cosmos.outputs.endpoint
output WEB_PUBSUB_ENDPOINT string = 'https://${webPubSub.outputs.host}'
output IOT_HUB_HOST string = iotHub.outputs.host
