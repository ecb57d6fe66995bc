extension microsoftGraphV1

param environmentName string
param token string

@description('Address of the pages, without a final slash.')
param pagesUrl string

@description('Object id of the gateway\'s identity, which shows the apps that it is the gateway.')
param gatewayPrincipalId string

var topology = loadJsonContent('../topology.json').entra
// Names that the directory keeps these applications under: a second deployment changes them instead of adding others.
var apiName = 'grandstand-api-${token}'
var pagesName = 'grandstand-pages-${token}'
// The same at every deployment: a scope may only be taken away after it was disabled.
var scopeId = guid(apiName, topology.scope)

resource pages 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: pagesName
  displayName: 'Grandstand ${environmentName}'
  signInAudience: 'AzureADMyOrg'
  spa: {
    // Where officials, riders and players come back to, and the page that renewals in a hidden frame come back to.
    redirectUris: ['${pagesUrl}/officials/', '${pagesUrl}/ride/', '${pagesUrl}/arcade/', '${pagesUrl}/redirect/']
  }
}

resource pagesPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: pages.appId
}

resource api 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: apiName
  displayName: 'Grandstand ${environmentName} API'
  signInAudience: 'AzureADMyOrg'
  // Not the usual api://{appId}, which is known only once the application is there; this form is as unique.
  identifierUris: ['api://${tenant().tenantId}/${apiName}']
  appRoles: [
    for role in items(topology.roles): {
      id: role.value.id
      value: role.key
      displayName: role.key
      description: 'Grandstand: ${role.value.does}.'
      allowedMemberTypes: role.value.members
      isEnabled: true
    }
  ]
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: scopeId
        value: topology.scope
        // Other clients need an administrator's consent; the pages have it.
        type: 'Admin'
        adminConsentDisplayName: 'Use Grandstand as the signed-in official'
        adminConsentDescription: 'Lets the pages call the API for whoever signed in, as far as their roles allow.'
        userConsentDisplayName: 'Use Grandstand as you'
        userConsentDescription: 'Lets the pages call the API in your name, as far as your roles allow.'
        isEnabled: true
      }
    ]
    // The pages alone, so nobody is asked for consent. They cannot list the scope in requiredResourceAccess as well:
    // each application would need the other's id first. Command line tools are not here: a program, the smoke test
    // among them, signs in as itself and has one of the roles.
    preAuthorizedApplications: [{ appId: pages.appId, delegatedPermissionIds: [scopeId] }]
  }
}

// Tokens for those alone who were given a role.
resource apiPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: api.appId
  appRoleAssignmentRequired: true
}

resource gatewayRole 'Microsoft.Graph/appRoleAssignedTo@v1.0' = {
  resourceId: apiPrincipal.id
  principalId: gatewayPrincipalId
  appRoleId: topology.roles.gateway.id
}

output apiClientId string = api.appId
output pagesClientId string = pages.appId
