import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** What the smoke test reads from an azd environment: outputs of main.bicep, and what azd itself keeps there. */
export const NAMES = [
  'AZURE_SUBSCRIPTION_ID',
  'AZURE_RESOURCE_GROUP',
  'GATEWAY_URL',
  'LOOKUPS_URL',
  'PAGES_URL',
  'PAGES_ON_STATIC_WEB_APPS',
  'API_CLIENT_ID',
  'EVENT_HUBS_NAMESPACE',
  'EVENT_HUB',
  'COSMOS_ENDPOINT',
  'WEB_PUBSUB_ENDPOINT',
  'IOT_HUB_HOST'
] as const
export type Environment = Record<(typeof NAMES)[number], string>

/** The values of an environment; throws naming all that are missing. */
export function environmentOf(text: string): Environment {
  const values = parseEnv(text)
  const missing = NAMES.filter(name => !values[name])
  if (missing.length) {
    throw new Error(`The environment lacks ${missing.join(', ')}: run azd provision, then again.`)
  }
  return values as Environment
}

/** Reads `.azure/NAME/.env`; throws one sentence where there is none. */
export function readEnvironment(name: string, folder = '.azure'): Environment {
  const file = `${folder}/${name}/.env`
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Error(
      `There is no ${file}: azd env list shows the environments, azd env new makes one.`
    )
  }
  return environmentOf(text)
}
