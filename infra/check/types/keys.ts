import type { Words } from './allowed.ts'

const IDENTITY =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i

/** The keys that Azure takes in objects whose types let any key pass, by resource type and path. */
export const KEYS: Record<string, Record<string, Words>> = {
  'Microsoft.ApiManagement/service/loggers': {
    'properties.credentials': [
      'connectionString',
      'endpointAddress',
      'identityClientId',
      'instrumentationKey',
      'name'
    ]
  },
  'Microsoft.Devices/IotHubs': {
    'properties.eventHubEndpoints': ['events'],
    'properties.storageEndpoints': ['$default']
  }
}

/** The keys that may stand in an open object; undefined where any may. */
export function keysAt(type: string, path: string): Words | undefined {
  return path === 'identity.userAssignedIdentities' ? [IDENTITY] : KEYS[type]?.[path]
}
