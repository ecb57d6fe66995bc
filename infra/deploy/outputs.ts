/** What the template puts out and the pages depend on; https addresses without a final slash. */
export type Outputs = {
  /** Base of the routes that pages call. */
  lookupsUrl: string
  /** The gateway, where it is not the pages' own host. */
  gatewayUrl: string
  webPubSubEndpoint: string
}

/** Reads them from the environment that azd gives a hook; throws naming the one that is missing or wrong. */
export function outputsOf(env: Record<string, string | undefined>): Outputs {
  const address = (name: string): string => {
    const text = env[name] ?? ''
    if (!text) throw new Error(`${name} is not set: run azd provision, which puts it out.`)
    if (!URL.canParse(text) || !text.startsWith('https://'))
      throw new Error(`${name} is ${text}, which is no https address.`)
    return text.replace(/\/$/, '')
  }
  return {
    lookupsUrl: address('LOOKUPS_URL'),
    gatewayUrl: address('GATEWAY_URL'),
    webPubSubEndpoint: address('WEB_PUBSUB_ENDPOINT')
  }
}
