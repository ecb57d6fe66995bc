// An account with one private container, opened by Entra ID alone.

param location string
param tags object

@minLength(3)
@maxLength(24)
param name string

@description('Redundancy, such as Standard_ZRS.')
param sku string

param container string

@description('Who may do what in the whole account: { principalId, roleId }.')
param accountGrants array = []

@description('Who may do what in the container alone: { principalId, roleId }.')
param containerGrants array = []

@description('Keeps the blobs for good: deleted ones for a month, old ones in cooler tiers.')
param archive bool = false

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-08-01' = {
  parent: account
  name: 'default'
  properties: {
    // Elsewhere off: the host rewrites its leases and checkpoints all the time, and each version would be kept.
    deleteRetentionPolicy: archive ? { enabled: true, days: 30 } : { enabled: false }
  }
}

resource inside 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-08-01' = {
  parent: blobs
  name: container
  properties: { publicAccess: 'None' }
}

// Cold, not Archive: that tier is not offered with zone redundancy, and a recount cannot wait hours for it.
resource aging 'Microsoft.Storage/storageAccounts/managementPolicies@2025-08-01' = if (archive) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'cooler-with-age'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'] }
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: 30 }
                tierToCold: { daysAfterModificationGreaterThan: 90 }
              }
            }
          }
        }
      ]
    }
  }
}

resource onAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in accountGrants: {
    name: guid(account.id, grant.principalId, grant.roleId)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.roleId)
      principalId: grant.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource onContainer 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in containerGrants: {
    name: guid(inside.id, grant.principalId, grant.roleId)
    scope: inside
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.roleId)
      principalId: grant.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

output id string = account.id
output container string = container
// Composed, not asked for: so the check sees that each app is given its own account.
output blobUri string = 'https://${account.name}.blob.${environment().suffixes.storage}/'
output queueUri string = 'https://${account.name}.queue.${environment().suffixes.storage}/'
output tableUri string = 'https://${account.name}.table.${environment().suffixes.storage}/'
