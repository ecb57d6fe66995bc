import topology from '#topology' with { type: 'json' }
import { TOKEN_PATH } from './identity/server.ts'
import { type CloudPlan, entraIssuer } from './plan.ts'
import { openSecrets } from './secretFile.ts'
import { clientIdOf } from './stableId.ts'

type Service = 'cosmos' | 'eventHubs' | 'webPubSub' | 'keyVault' | 'iotHub'
type App = Partial<Record<Service, object>>

/** What settings are made of. */
export type Addresses = Pick<CloudPlan, 'ports' | 'caFile' | 'tenantId' | 'apiAudience'>

/** An app's settings as Bicep gives them on Azure: the services that the topology lets it use, and no secret. */
export function appSettings(name: string, plan: Addresses): Record<string, string> {
  const { ports, caFile } = plan
  const app = (topology.apps as Record<string, App>)[name] ?? {}
  const clientId = clientIdOf(name)
  const connection = (service: string, suffix: string, address: string) => ({
    [`${service}__${suffix}`]: address,
    [`${service}__credential`]: 'managedidentity',
    [`${service}__clientId`]: clientId
  })
  const at = (port: number) => `https://localhost:${port}`
  return {
    NODE_EXTRA_CA_CERTS: caFile,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AZURE_CLIENT_ID: clientId,
    ENTRA_ISSUER: entraIssuer(plan),
    API_AUDIENCE: plan.apiAudience,
    GATEWAY_PRINCIPAL_ID: clientIdOf('gateway'),
    SEAT_ISSUER: `http://127.0.0.1:${ports.rider}`,
    // On the laptop one issuer knows officials and riders.
    ...(name === 'rider' && {
      RIDERS_ISSUER: entraIssuer(plan),
      RIDERS_AUDIENCE: plan.apiAudience
    }),
    ...(name === 'admin' && { PUBLIC_API: `http://127.0.0.1:${ports.gateway}` }),
    ...connection('AzureWebJobsStorage', 'blobServiceUri', `${at(ports.storage)}/st${name}`),
    ...(app.cosmos && connection('COSMOS', 'accountEndpoint', `${at(ports.cosmos)}/`)),
    ...(app.eventHubs &&
      connection('EVENT_HUBS', 'fullyQualifiedNamespace', `localhost:${ports.amqps}`)),
    ...(app.webPubSub && {
      WEB_PUBSUB_ENDPOINT: at(ports.webPubSubRest),
      WEB_PUBSUB_CLIENT_ENDPOINT: `ws://127.0.0.1:${ports.webPubSubClient}`
    }),
    ...(app.keyVault && { KEY_VAULT_URI: `http://127.0.0.1:${ports.keyVault}` }),
    ...(app.iotHub && { IOT_HUB_HOST: `localhost:${ports.iotHubRest}` })
  }
}

/** The environment by which each app gets tokens of its own identity, as App Service sets it. */
export async function identitySettings({ dir, ports }: CloudPlan) {
  const headerOf = await openSecrets(dir)
  return (app: string): Record<string, string> => ({
    IDENTITY_ENDPOINT: `http://127.0.0.1:${ports.identity}${TOKEN_PATH}`,
    IDENTITY_HEADER: headerOf(app)
  })
}
