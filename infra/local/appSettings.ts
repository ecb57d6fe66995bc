import topology from '#topology' with { type: 'json' }
import { openIdentityHeaders } from './identity/headers.ts'
import { TOKEN_PATH } from './identity/server.ts'
import type { CloudPlan } from './plan.ts'

type App = { cosmos?: object; eventHubs?: string[]; webPubSub?: string[]; keyVault?: string[] }

/** An app's settings as Bicep gives them on Azure: the services that the topology lets it use, and no secret. */
export function appSettings(name: string, { ports, caFile }: CloudPlan): Record<string, string> {
  const app = (topology.apps as Record<string, App>)[name] ?? {}
  return {
    NODE_EXTRA_CA_CERTS: caFile,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    SEAT_ISSUER: `http://127.0.0.1:${ports.rider}`,
    AzureWebJobsStorage__blobServiceUri: `https://localhost:${ports.storage}/devstoreaccount1`,
    ...(app.cosmos ? { COSMOS__accountEndpoint: `https://localhost:${ports.cosmos}/` } : {}),
    ...(app.eventHubs ? { EVENT_HUBS__fullyQualifiedNamespace: `localhost:${ports.amqps}` } : {}),
    ...(app.webPubSub
      ? {
          WEB_PUBSUB_ENDPOINT: `https://localhost:${ports.webPubSubRest}`,
          WEB_PUBSUB_CLIENT_ENDPOINT: `ws://127.0.0.1:${ports.webPubSubClient}`
        }
      : {}),
    ...(app.keyVault ? { KEY_VAULT_URI: `http://127.0.0.1:${ports.keyVault}` } : {})
  }
}

/** The environment by which each app gets tokens of its own identity, as App Service sets it. */
export async function identitySettings({ dir, ports }: CloudPlan) {
  const headerOf = await openIdentityHeaders(dir)
  return (app: string): Record<string, string> => ({
    IDENTITY_ENDPOINT: `http://127.0.0.1:${ports.identity}${TOKEN_PATH}`,
    IDENTITY_HEADER: headerOf(app)
  })
}
