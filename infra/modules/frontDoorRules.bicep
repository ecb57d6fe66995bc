// What Front Door adds to answers, and how long it keeps them.

@description('The Front Door.')
param profileName string

@description('Host name of API Management, which the pages may call.')
param gatewayHost string

@description('Host name of Web PubSub, whose sockets they open.')
param webPubSubHost string

@description('Issuer of riders\' tokens.')
param ridersIssuer string

// The same file tells Static Web Apps and the laptop.
var pageHeaders = loadJsonContent('../pageHeaders.json')
var callees = 'connect-src \'self\' https://${gatewayHost} wss://${webPubSubHost}'
var confines = join(pageHeaders.contentSecurityPolicy, '; ')
var policy = '${confines}; ${callees}'
// Who signs officials in, and riders.
var authority = 'https://login.microsoftonline.com'
var ridersAuthority = 'https://${split(ridersIssuer, '/')[2]}'

// Where the origin says nothing Front Door keeps an answer for days, hence a duration for all. A rule has at most five
// actions, its cache among them.
var keptFile = {
  // The same file whatever a screen's link says.
  queryStringCachingBehavior: 'IgnoreQueryString'
  isCompressionEnabled: 'Enabled'
  cacheBehavior: 'OverrideAlways'
}
var pageRules = [
  {
    name: 'everything'
    headers: union({ 'Content-Security-Policy': policy }, pageHeaders.others)
  }
  {
    // Officials talk to who signs them in, and renew their tokens in a hidden frame.
    name: 'officials'
    path: 'officials/'
    headers: { 'Content-Security-Policy': '${policy} ${authority}; frame-src \'self\' ${authority}' }
  }
  {
    // So do riders and players, to theirs.
    name: 'ride'
    path: 'ride/'
    headers: { 'Content-Security-Policy': '${policy} ${ridersAuthority}; frame-src \'self\' ${ridersAuthority}' }
  }
  {
    name: 'arcade'
    path: 'arcade/'
    headers: { 'Content-Security-Policy': '${policy} ${ridersAuthority}; frame-src \'self\' ${ridersAuthority}' }
  }
  {
    // Such a frame ends here.
    name: 'redirect'
    path: 'redirect/'
    headers: {
      'Content-Security-Policy': '${replace(confines, 'frame-ancestors \'none\'', 'frame-ancestors \'self\'')}; ${callees}'
    }
  }
  {
    // Their names change with their content.
    name: 'assets'
    path: 'assets/'
    headers: { 'Cache-Control': 'public, max-age=31536000, immutable' }
    cache: union(keptFile, { cacheDuration: '365.00:00:00' })
  }
  {
    // Old for a minute at most after an upload; a request a minute from each edge is nothing.
    name: 'documents'
    path: 'assets/'
    outside: true
    headers: { 'Cache-Control': 'no-cache' }
    cache: union(keptFile, { cacheDuration: '00:01:00' })
  }
]
var lookupRules = [
  {
    name: 'everything'
    headers: {
      'Strict-Transport-Security': pageHeaders.others['Strict-Transport-Security']
      'X-Content-Type-Options': 'nosniff'
      // One kept answer goes to our pages and to foreign boards, so it must say to all that they may read it; the
      // gateway says so only where a request names its origin.
      'Access-Control-Allow-Origin': '*'
      'Access-Control-Expose-Headers': 'etag, retry-after'
    }
    cache: {
      queryStringCachingBehavior: 'UseQueryString'
      isCompressionEnabled: 'Enabled'
      cacheBehavior: 'OverrideIfOriginMissing'
      cacheDuration: '00:00:01'
    }
  }
]

module pages 'frontDoorRuleSet.bicep' = {
  name: 'rules-pages'
  params: { profileName: profileName, name: 'pages', rules: pageRules }
}

module lookups 'frontDoorRuleSet.bicep' = {
  name: 'rules-lookups'
  params: { profileName: profileName, name: 'lookups', rules: lookupRules }
}

output pagesId string = pages.outputs.id
output lookupsId string = lookups.outputs.id
