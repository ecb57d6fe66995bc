param location string
param tags object
param token string

@description('Redundancy of the pages, such as Standard_ZRS.')
param storageSku string

@description('Host name of the pages, or empty. Its certificate comes once DNS has the TXT and CNAME records.')
param customDomain string

@description('Host name of API Management.')
param gatewayHost string
param webPubSubHost string

@description('Object id of whoever uploads the pages.')
param uploaderId string

@description('User or ServicePrincipal.')
param uploaderType string

@description('Issuer of riders\' tokens.')
param ridersIssuer string

@description('Log Analytics workspace.')
param workspaceId string

module pages 'pagesStorage.bicep' = {
  params: {
    location: location
    tags: tags
    token: token
    sku: storageSku
    uploaderId: uploaderId
    uploaderType: uploaderType
  }
}

module firewall 'firewall.bicep' = {
  params: { tags: tags, token: token }
}

module rules 'frontDoorRules.bicep' = {
  params: {
    profileName: profile.name
    gatewayHost: gatewayHost
    webPubSubHost: webPubSubHost
    ridersIssuer: ridersIssuer
  }
}

resource profile 'Microsoft.Cdn/profiles@2025-12-01' = {
  name: 'afd-${token}'
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  properties: {
    // As long as the gateway waits for an app, and a little.
    originResponseTimeoutSeconds: 16
    // A screen's key is in its page's query string: it is not for logs.
    logScrubbing: {
      state: 'Enabled'
      scrubbingRules: [
        { matchVariable: 'QueryStringArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
      ]
    }
  }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2025-12-01' = {
  parent: profile
  name: 'grandstand-${token}'
  location: 'global'
  tags: tags
  properties: { enabledState: 'Enabled' }
}

resource domain 'Microsoft.Cdn/profiles/customDomains@2025-12-01' = if (!empty(customDomain)) {
  parent: profile
  name: empty(customDomain) ? 'none' : replace(customDomain, '.', '-')
  properties: {
    hostName: customDomain
    tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' }
  }
}
var domains = empty(customDomain) ? [] : [{ id: domain.id }]

// Each group has one origin, so probes decide nothing; they show in OriginHealthPercentage whose fault an outage is.
var probe = { probeProtocol: 'Https', probeIntervalInSeconds: 240 }
var balancing = { sampleSize: 4, successfulSamplesRequired: 3, additionalLatencyInMilliseconds: 50 }

resource pagesGroup 'Microsoft.Cdn/profiles/originGroups@2025-12-01' = {
  parent: profile
  name: 'pages'
  properties: {
    loadBalancingSettings: balancing
    healthProbeSettings: union(probe, { probePath: '/', probeRequestType: 'HEAD' })
  }

  resource origin 'origins' = {
    name: 'storage'
    properties: {
      hostName: pages.outputs.websiteHost
      originHostHeader: pages.outputs.websiteHost
      enforceCertificateNameCheck: true
    }
  }
}

resource lookupsGroup 'Microsoft.Cdn/profiles/originGroups@2025-12-01' = {
  parent: profile
  name: 'lookups'
  properties: {
    loadBalancingSettings: balancing
    // Answered by API Management itself, before any policy.
    healthProbeSettings: union(probe, { probePath: '/status-0123456789abcdef', probeRequestType: 'GET' })
  }

  resource origin 'origins' = {
    name: 'gateway'
    properties: {
      hostName: gatewayHost
      originHostHeader: gatewayHost
      enforceCertificateNameCheck: true
    }
  }
}

// Rules lengthen or shorten what the cache keeps: see there.
resource pagesRoute 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-12-01' = {
  parent: endpoint
  name: 'pages'
  properties: {
    enabledState: 'Enabled'
    patternsToMatch: ['/*']
    originGroup: { id: pagesGroup.id }
    ruleSets: [{ id: rules.outputs.pagesId }]
    customDomains: domains
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
    cacheConfiguration: {
      // Files are the same whatever a screen's link says.
      queryStringCachingBehavior: 'IgnoreQueryString'
      compressionSettings: {
        isCompressionEnabled: true
        contentTypesToCompress: ['application/json', 'image/svg+xml', 'text/css', 'text/html', 'text/javascript']
      }
    }
  }
  // A route to a group without origin is refused.
  dependsOn: [pagesGroup::origin]
}

// What the gateway answers is kept as long as its Cache-Control says: a second, or not at all.
resource lookupsRoute 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-12-01' = {
  parent: endpoint
  name: 'lookups'
  properties: {
    enabledState: 'Enabled'
    patternsToMatch: ['/api/*']
    // In place of what stands before the asterisk: /api/races is asked for as /races.
    originPath: '/'
    originGroup: { id: lookupsGroup.id }
    ruleSets: [{ id: rules.outputs.lookupsId }]
    customDomains: domains
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
    cacheConfiguration: {
      queryStringCachingBehavior: 'UseQueryString'
      compressionSettings: { isCompressionEnabled: true, contentTypesToCompress: ['application/json'] }
    }
  }
  dependsOn: [lookupsGroup::origin]
}

resource protection 'Microsoft.Cdn/profiles/securityPolicies@2025-12-01' = {
  parent: profile
  name: 'firewall'
  properties: {
    parameters: {
      type: 'WebApplicationFirewall'
      wafPolicy: { id: firewall.outputs.id }
      associations: [{ domains: concat([{ id: endpoint.id }], domains), patternsToMatch: ['/*'] }]
    }
  }
}

// Not FrontDoorAccessLog: at a race it would be tens of gigabytes an hour.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: profile
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'FrontDoorWebApplicationFirewallLog', enabled: true }
      { category: 'FrontDoorHealthProbeLog', enabled: true }
    ]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output host string = endpoint.properties.hostName

@description('What Front Door writes into X-Azure-FDID.')
output id string = profile.properties.frontDoorId

output storageEndpoint string = pages.outputs.blobEndpoint
