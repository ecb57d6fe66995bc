import * as v from 'valibot'

const Url = v.pipe(v.string(), v.url())

/** The settings of all apps; each app has those of its own services. None is a secret. */
const Settings = v.object({
  COSMOS__accountEndpoint: v.optional(Url),
  EVENT_HUBS__fullyQualifiedNamespace: v.optional(v.string()),
  AzureWebJobsStorage__blobServiceUri: v.optional(Url),
  WEB_PUBSUB_ENDPOINT: v.optional(Url),
  /** Where browsers reach Web PubSub, when that is not the endpoint itself: a custom domain. */
  WEB_PUBSUB_CLIENT_ENDPOINT: v.optional(Url),
  KEY_VAULT_URI: v.optional(Url),
  /** The IoT Hub's host, with a port where it is not 443. */
  IOT_HUB_HOST: v.optional(v.string()),
  /** The issuer of seat tokens: the rider app's own address, as API Management and the other apps reach it. */
  SEAT_ISSUER: v.optional(Url),
  /** Who issues people's and devices' tokens: the tenant's address at Entra ID, version 2.0. */
  ENTRA_ISSUER: v.optional(Url),
  /** The API's application id: the audience of those tokens. */
  API_AUDIENCE: v.optional(v.string()),
  /** Who issues riders' tokens for races that ask for an account, and the audience of those tokens. */
  RIDERS_ISSUER: v.optional(Url),
  RIDERS_AUDIENCE: v.optional(v.string()),
  /** The object id of the gateway's identity, which alone may call. */
  GATEWAY_PRINCIPAL_ID: v.optional(v.string()),
  /** Where riders reach the API: the gateway's address. */
  PUBLIC_API: v.optional(Url),
  /** The client id of a user-assigned identity. */
  AZURE_CLIENT_ID: v.optional(v.string())
})
type Settings = v.InferOutput<typeof Settings>

const settings = v.parse(Settings, process.env)

/** A setting that this app cannot do without; throws naming it when it is missing. */
export function setting(name: keyof Settings): string {
  const value = settings[name]
  if (!value) throw new Error(`the setting ${name} is missing`)
  return value
}

/** A setting that may be left out. */
export const optionalSetting = (name: keyof Settings): string | undefined => settings[name]
