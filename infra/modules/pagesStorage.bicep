// The pages' files, served to anyone by the account's own website and written by the uploader alone.

param location string
param tags object
param token string

@description('Redundancy, such as Standard_ZRS.')
param sku string

@description('Object id of whoever uploads the pages.')
param uploaderId string

@description('User or ServicePrincipal.')
param uploaderType string

var roleId = loadJsonContent('../rights.json').builtIn.pages.write.id

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: 'stpages${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    // The website is served all the same: it shows $web, and no container is public.
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      staticWebsite: { enabled: true, indexDocument: 'index.html', errorDocument404Path: '404.html' }
      // A week to bring back what a wrong upload took away.
      deleteRetentionPolicy: { enabled: true, days: 7 }
    }
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, uploaderId, roleId)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    principalId: uploaderId
    principalType: uploaderType
  }
}

@description('Host name of the website.')
output websiteHost string = split(account.properties.primaryEndpoints.web, '/')[2]

@description('Where the pages are uploaded to, into the container $web.')
output blobEndpoint string = account.properties.primaryEndpoints.blob
