param location string
param tags object
param token string

@description('Identities by their names in the topology: { id, clientId, principalId }.')
param principals object

@description('Log Analytics workspace.')
param workspaceId string

var topology = loadJsonContent('../topology.json')
var actions = loadJsonContent('../rights.json').dataActions.keyVault
var grants = filter(
  map(items(topology.apps), app => { app: app.key, rights: app.value.?keyVault ?? [] }),
  grant => !empty(grant.rights)
)

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: 'kv-${token}'
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableSoftDelete: true
    // The least: tokens live for hours, and until it ends the environment cannot be made anew under this name.
    softDeleteRetentionInDays: 7
  }
}

// Without a rotation policy: the published key set holds the newest version alone, so a rotation at an unforeseen hour
// would refuse every seat token in use. Rotate by hand between races. A deployment keeps the key that is there.
resource seatKey 'Microsoft.KeyVault/vaults/keys@2025-05-01' = {
  parent: vault
  name: topology.keyVault.seatKey
  properties: {
    kty: 'RSA'
    keySize: 2048
    keyOps: ['sign', 'verify']
  }
}

// The built-in roles that may sign may also encrypt and decrypt.
resource roles 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for grant in grants: {
    name: guid(seatKey.id, grant.app)
    properties: {
      roleName: 'Grandstand ${grant.app}: seat key (${token})'
      description: 'What the app ${grant.app} does with the key of seat tokens.'
      type: 'CustomRole'
      permissions: [{ actions: [], dataActions: flatten(map(grant.rights, right => actions[right])) }]
      assignableScopes: [resourceGroup().id]
    }
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in grants: {
    name: guid(seatKey.id, principals[grant.app].principalId)
    scope: seatKey
    properties: {
      roleDefinitionId: roles[i].id
      principalId: principals[grant.app].principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output uri string = vault.properties.vaultUri
