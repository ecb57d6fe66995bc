/** What the template puts out, or azd was told, and the pages depend on; https addresses without a final slash. */
export type Outputs = {
  /** Base of the routes that pages call. */
  lookupsUrl: string
  /** The gateway, where it is not the pages' own host. */
  gatewayUrl: string
  webPubSubEndpoint: string
  /** The directory in which officials have their accounts. */
  tenantId: string
  /** Client ids of the two registrations: the API's and the pages'. */
  apiClientId: string
  pagesClientId: string
  /** Where riders have their accounts, if not there: the tenant's issuer, and the API and the pages as registered in it. */
  riders: { issuer: string; audience: string; clientId: string } | undefined
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Reads them from the environment that azd gives a hook; throws naming the one that is missing or wrong. */
export function outputsOf(env: Record<string, string | undefined>): Outputs {
  const read = (name: string): string => {
    const text = env[name] ?? ''
    if (!text) throw new Error(`${name} is not set: run azd provision, which puts it out.`)
    return text
  }
  const address = (name: string): string => {
    const text = read(name)
    if (!URL.canParse(text) || !text.startsWith('https://'))
      throw new Error(`${name} is ${text}, which is no https address.`)
    return text.replace(/\/$/, '')
  }
  const id = (name: string): string => {
    const text = read(name)
    if (!UUID.test(text)) throw new Error(`${name} is ${text}, which is no id of Entra ID.`)
    return text
  }
  const riders = () => ({
    issuer: address('RIDERS_ISSUER'),
    audience: id('RIDERS_AUDIENCE'),
    clientId: id('RIDERS_CLIENT_ID')
  })
  return {
    lookupsUrl: address('LOOKUPS_URL'),
    gatewayUrl: address('GATEWAY_URL'),
    webPubSubEndpoint: address('WEB_PUBSUB_ENDPOINT'),
    tenantId: id('AZURE_TENANT_ID'),
    apiClientId: id('API_CLIENT_ID'),
    pagesClientId: id('PAGES_CLIENT_ID'),
    riders: env.RIDERS_ISSUER ? riders() : undefined
  }
}
