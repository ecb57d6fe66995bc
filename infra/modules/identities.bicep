param location string
param tags object
param token string

var topology = loadJsonContent('../topology.json')
var names = map(concat(items(topology.apps), items(topology.principals)), entry => entry.key)

// One for each app and each Azure service that acts on its own: what one may, no other may.
resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [
  for name in names: {
    name: 'id-${name}-${token}'
    location: location
    tags: tags
  }
]

@description('Of each identity its name in the topology and its three ids.')
output identities array = [
  for (name, i) in names: {
    name: name
    id: identities[i].id
    clientId: identities[i].properties.clientId
    principalId: identities[i].properties.principalId
  }
]
