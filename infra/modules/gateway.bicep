param location string
param tags object
param name string
param units int
param publisherEmail string

@description('The gateway\'s own identity: { id, clientId, principalId }.')
param identity object

@description('Names of the Functions sites by app.')
param siteNames object

@description('Host name of the Event Hubs namespace.')
param eventHubsHost string

@description('Address of the pages, without a final slash: the one origin that may act for a visitor.')
param pagesUrl string

@description('Id of the Front Door before the gateway, which comes with each of its requests; `none` where there is none.')
param frontDoorId string

param entraIssuer string

@description('Client id of the API in Entra ID.')
param apiAudience string

@description('Application Insights component.')
param insightsName string

@description('Log Analytics workspace.')
param workspaceId string

var topology = loadJsonContent('../topology.json')
var telemetryRoleId = loadJsonContent('../rights.json').builtIn.host.telemetry.id

// By the names that routes in the topology, fragment-id and schema-id say.
var policies = {
  adminDesk: loadTextContent('../gateway/policies/adminDesk.xml')
  carTelemetry: loadTextContent('../gateway/policies/carTelemetry.xml')
  changeRace: loadTextContent('../gateway/policies/changeRace.xml')
  correctRace: loadTextContent('../gateway/policies/correctRace.xml')
  createRace: loadTextContent('../gateway/policies/createRace.xml')
  createScreenLink: loadTextContent('../gateway/policies/createScreenLink.xml')
  createSeries: loadTextContent('../gateway/policies/createSeries.xml')
  enterCompetitor: loadTextContent('../gateway/policies/enterCompetitor.xml')
  extendRace: loadTextContent('../gateway/policies/extendRace.xml')
  fleet: loadTextContent('../gateway/policies/fleet.xml')
  importStartList: loadTextContent('../gateway/policies/importStartList.xml')
  leaveSeat: loadTextContent('../gateway/policies/leaveSeat.xml')
  me: loadTextContent('../gateway/policies/me.xml')
  negotiate: loadTextContent('../gateway/policies/negotiate.xml')
  read: loadTextContent('../gateway/policies/read.xml')
  recordRunEvent: loadTextContent('../gateway/policies/recordRunEvent.xml')
  renewSeat: loadTextContent('../gateway/policies/renewSeat.xml')
  startRun: loadTextContent('../gateway/policies/startRun.xml')
  takeBack: loadTextContent('../gateway/policies/takeBack.xml')
  takeSeat: loadTextContent('../gateway/policies/takeSeat.xml')
  telemetry: loadTextContent('../gateway/policies/telemetry.xml')
  timekeeper: loadTextContent('../gateway/policies/timekeeper.xml')
  timekeeperDesk: loadTextContent('../gateway/policies/timekeeperDesk.xml')
}
var fragments = {
  'admin-token': loadTextContent('../gateway/policies/fragments/admin-token.xml')
  'as-gateway': loadTextContent('../gateway/policies/fragments/as-gateway.xml')
  client: loadTextContent('../gateway/policies/fragments/client.xml')
  'csv-body': loadTextContent('../gateway/policies/fragments/csv-body.xml')
  'json-body': loadTextContent('../gateway/policies/fragments/json-body.xml')
  'own-seat': loadTextContent('../gateway/policies/fragments/own-seat.xml')
  pages: loadTextContent('../gateway/policies/fragments/pages.xml')
  parameters: loadTextContent('../gateway/policies/fragments/parameters.xml')
  'seat-token': loadTextContent('../gateway/policies/fragments/seat-token.xml')
  stored: loadTextContent('../gateway/policies/fragments/stored.xml')
  'timekeeper-token': loadTextContent('../gateway/policies/fragments/timekeeper-token.xml')
  'to-event-hubs': loadTextContent('../gateway/policies/fragments/to-event-hubs.xml')
}
var schemas = {
  'car-telemetry': loadJsonContent('../gateway/schemas/car-telemetry.json')
  correction: loadJsonContent('../gateway/schemas/correction.json')
  entry: loadJsonContent('../gateway/schemas/entry.json')
  extension: loadJsonContent('../gateway/schemas/extension.json')
  lap: loadJsonContent('../gateway/schemas/lap.json')
  race: loadJsonContent('../gateway/schemas/race.json')
  'race-patch': loadJsonContent('../gateway/schemas/race-patch.json')
  retraction: loadJsonContent('../gateway/schemas/retraction.json')
  'rider-telemetry': loadJsonContent('../gateway/schemas/rider-telemetry.json')
  run: loadJsonContent('../gateway/schemas/run.json')
  'run-event': loadJsonContent('../gateway/schemas/run-event.json')
  'screen-link': loadJsonContent('../gateway/schemas/screen-link.json')
  'seat-request': loadJsonContent('../gateway/schemas/seat-request.json')
  series: loadJsonContent('../gateway/schemas/series.json')
}

var backends = map(topology.routes, route => route.backend)
var values = union(
  toObject(
    filter(items(siteNames), app => contains(backends, app.key)),
    app => '${app.key}-url',
    app => 'https://${app.value}.azurewebsites.net'
  ),
  {
    'page-origin': pagesUrl
    'event-hubs-url': 'https://${eventHubsHost}'
    hub: topology.eventHubs.hub
    'seat-openid-config': 'https://${siteNames.rider}.azurewebsites.net/.well-known/openid-configuration'
    'entra-openid-config': '${entraIssuer}/.well-known/openid-configuration'
    'api-audience': apiAudience
    'gateway-client-id': identity.clientId
    'front-door-id': frontDoorId
  }
)

// The least tier that limits rates by key. The v2 tiers have no ciphers to choose, hence no customProperties.
resource gateway 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'BasicV2', capacity: units }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    publisherName: 'Grandstand'
    publisherEmail: publisherEmail
    developerPortalStatus: 'Disabled'
  }
}

resource namedValues 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [
  for value in items(values): {
    parent: gateway
    name: value.key
    properties: { displayName: value.key, value: value.value, secret: false }
  }
]

resource policyFragments 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = [
  for fragment in items(fragments): {
    parent: gateway
    name: fragment.key
    // The files are strict XML: with rawxml the expressions' &quot; and &gt; would stay as they are written.
    properties: { format: 'xml', value: fragment.value }
    dependsOn: [namedValues]
  }
]

resource globalSchemas 'Microsoft.ApiManagement/service/schemas@2024-05-01' = [
  for schema in items(schemas): {
    parent: gateway
    name: schema.key
    properties: { schemaType: 'json', document: schema.value }
  }
]

resource globalPolicy 'Microsoft.ApiManagement/service/policies@2024-05-01' = {
  parent: gateway
  name: 'policy'
  properties: { format: 'xml', value: loadTextContent('../gateway/policies/global.xml') }
  dependsOn: [namedValues, policyFragments, globalSchemas]
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: gateway
  name: 'grandstand'
  properties: {
    format: 'openapi'
    value: loadTextContent('../gateway/openapi.yaml')
    path: ''
    protocols: ['https']
    subscriptionRequired: false
  }
}

resource operations 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' existing = [
  for route in topology.routes: {
    parent: api
    name: route.operationId
  }
]

// An operation has no backend before it has its policy, so nothing is open in between.
resource operationPolicies 'Microsoft.ApiManagement/service/apis/operations/policies@2024-05-01' = [
  for (route, i) in topology.routes: {
    parent: operations[i]
    name: 'policy'
    properties: { format: 'xml', value: policies[route.policy] }
    dependsOn: [globalPolicy]
  }
]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource telemetryRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.principalId, telemetryRoleId)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', telemetryRoleId)
    principalId: identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: gateway
  name: 'insights'
  properties: {
    loggerType: 'applicationInsights'
    resourceId: insights.id
    credentials: {
      // An address, no key: Application Insights takes nothing without a token.
      connectionString: insights.properties.ConnectionString
      identityClientId: identity.clientId
    }
  }
  dependsOn: [telemetryRight]
}

// Tokens travel in headers, and clients may put anything into query strings: neither is kept, and no body.
var unseen = {
  headers: []
  body: { bytes: 0 }
  dataMasking: { queryParams: [{ value: '*', mode: 'Hide' }] }
}

resource apiDiagnostics 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
  parent: api
  name: 'applicationinsights'
  properties: {
    loggerId: logger.id
    // One request of a hundred, for phones send thousands a second; every failed one.
    sampling: { samplingType: 'fixed', percentage: 1 }
    alwaysLog: 'allErrors'
    verbosity: 'error'
    logClientIp: false
    httpCorrelationProtocol: 'W3C'
    frontend: { request: unseen, response: unseen }
    backend: { request: unseen, response: unseen }
  }
}

// Metrics alone: GatewayLogs would keep every single request, with its address and query string.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: gateway
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output serviceId string = gateway.id
