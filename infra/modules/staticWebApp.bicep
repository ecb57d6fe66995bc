param location string
param tags object
param token string

@description('Host name of the pages, or empty; a CNAME record must lead to the site before it is given here.')
param customDomain string

// Static Web Apps lives in these regions alone, but the pages themselves are served from all over the world.
var regions = ['westeurope', 'centralus', 'eastasia', 'eastus2', 'westus2']

// Free: the pages need neither a service level nor any of what Standard adds (functions and sign-in of their own,
// private endpoints), and a development environment should cost nothing while it is not used.
resource site 'Microsoft.Web/staticSites@2025-03-01' = {
  name: 'stapp-${token}'
  location: contains(regions, location) ? location : first(regions)
  tags: union(tags, { 'azd-service-name': 'web' })
  sku: { name: 'Free', tier: 'Free' }
  properties: {
    allowConfigFileUpdates: true
    stagingEnvironmentPolicy: 'Disabled'
  }
}

resource domain 'Microsoft.Web/staticSites/customDomains@2025-03-01' = if (!empty(customDomain)) {
  parent: site
  name: empty(customDomain) ? 'none' : customDomain
  properties: { validationMethod: 'cname-delegation' }
}

output host string = site.properties.defaultHostname
