import type { Deployment, Fault } from '../model.ts'
import { at, faultAt, ofType, plainOf } from './read.ts'

/** By resource type, by path: the one value that is right. */
type Settings = Record<string, Record<string, string | boolean>>

/** Keys that could be stolen are switched off, and nothing speaks an old TLS or plain HTTP. */
export const SECURITY: Settings = {
  'Microsoft.EventHub/namespaces': {
    'properties.disableLocalAuth': true,
    'properties.minimumTlsVersion': '1.2'
  },
  // Devices keep their certificates and keys; services come by Entra ID alone.
  'Microsoft.Devices/IotHubs': {
    'properties.disableLocalAuth': true,
    'properties.disableDeviceSAS': false,
    'properties.minTlsVersion': '1.2'
  },
  'Microsoft.DocumentDB/databaseAccounts': {
    'properties.disableLocalAuth': true,
    'properties.disableKeyBasedMetadataWriteAccess': true,
    'properties.minimalTlsVersion': 'Tls12'
  },
  'Microsoft.SignalRService/webPubSub': {
    'properties.disableLocalAuth': true,
    'properties.disableAadAuth': false,
    // It would show the messages themselves.
    'properties.liveTraceConfiguration.enabled': 'false'
  },
  'Microsoft.SignalRService/webPubSub/hubs': { 'properties.anonymousConnectPolicy': 'deny' },
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false,
    'properties.allowBlobPublicAccess': false,
    'properties.defaultToOAuthAuthentication': true,
    'properties.supportsHttpsTrafficOnly': true,
    'properties.minimumTlsVersion': 'TLS1_2'
  },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': true,
    'properties.enablePurgeProtection': true
  },
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': true },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': true },
  'Microsoft.Web/sites': {
    'properties.httpsOnly': true,
    'properties.siteConfig.minTlsVersion': '1.2'
  },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': false },
  'Microsoft.ApiManagement/service/namedValues': { 'properties.secret': false },
  'Microsoft.Cdn/profiles/afdEndpoints/routes': {
    'properties.httpsRedirect': 'Enabled',
    'properties.forwardingProtocol': 'HttpsOnly'
  },
  'Microsoft.Cdn/profiles/customDomains': { 'properties.tlsSettings.minimumTlsVersion': 'TLS12' },
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': {
    'properties.policySettings.enabledState': 'Enabled',
    'properties.policySettings.mode': 'Prevention'
  }
}

/** Settings that must be written down, even where the service's default is the same today. */
export function settings(deployment: Deployment, wanted: Settings = SECURITY): Fault[] {
  return Object.entries(wanted).flatMap(([type, paths]) =>
    ofType(deployment, type).flatMap(resource =>
      Object.entries(paths).flatMap(([path, right]) => {
        const given = at(resource.body, path)
        if (given && plainOf(given) === right) return []
        const message = `${type} ${resource.name}: ${path} must be ${JSON.stringify(right)}`
        return [faultAt(given ?? resource, 'security', message)]
      })
    )
  )
}
