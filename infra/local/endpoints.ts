import topology from '#topology' with { type: 'json' }
import { archiveConnection } from './archive.ts'
import { type CloudPlan, entraIssuer } from './plan.ts'

/** Azurite's only account has one key, which is public knowledge. */
const STORAGE_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/** What anyone's client needs to join the local cloud: the content of `.grandstand/endpoints.json`. */
export function endpointsOf(plan: CloudPlan, pages: Record<string, string>) {
  const { ports, tenantId, cosmosKey, eventHubsKey, webPubSubKey, apiAudience, clients } = plan
  return {
    gateway: `http://127.0.0.1:${ports.gateway}`,
    eventHubs: {
      connectionString:
        `Endpoint=sb://127.0.0.1:${ports.amqp};SharedAccessKeyName=${eventHubsKey.name};` +
        `SharedAccessKey=${eventHubsKey.value};UseDevelopmentEmulator=true`,
      hub: topology.eventHubs.hub
    },
    cosmos: {
      endpoint: `https://localhost:${ports.cosmos}/`,
      key: cosmosKey,
      database: topology.cosmos.database
    },
    webPubSub: {
      connectionString: `Endpoint=https://localhost:${ports.webPubSubRest};AccessKey=${webPubSubKey};Version=1.0;`,
      hub: topology.webPubSub.hub
    },
    iotHub: iotHubOf(plan),
    storage: {
      connectionString:
        `DefaultEndpointsProtocol=https;AccountName=devstoreaccount1;AccountKey=${STORAGE_KEY};` +
        `BlobEndpoint=https://localhost:${ports.storage}/devstoreaccount1;`
    },
    archive: { connectionString: archiveConnection(plan), container: topology.eventHubs.hub },
    issuer: entraIssuer(plan),
    tokenEndpoint: `http://127.0.0.1:${ports.issuer}/${tenantId}/oauth2/v2.0/token`,
    tenantId,
    apiAudience,
    caFile: plan.caFile,
    accounts: clients,
    people: plan.people,
    pages
  }
}

/** How devices connect. Those that come by certificate bring theirs, in PEM; their client knows no gateway. */
function iotHubOf({ ports, iotHub: { hostName, devices, certificates } }: CloudPlan) {
  const gatewayHostName = `localhost:${ports.mqtts}`
  return {
    hostName,
    gatewayHostName,
    devices: devices.map(({ deviceId, key }) => ({
      deviceId,
      connectionString:
        key === undefined
          ? `HostName=${gatewayHostName};DeviceId=${deviceId};x509=true`
          : `HostName=${hostName};DeviceId=${deviceId};SharedAccessKey=${key};GatewayHostName=${gatewayHostName}`,
      ...certificates.devices[deviceId]
    }))
  }
}

export type Endpoints = ReturnType<typeof endpointsOf>
