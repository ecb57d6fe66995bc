import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import topology from '#topology' with { type: 'json' }
import { DIST } from '../build.ts'
import { cacheControlOf, headersByFolder, securityHeaders } from './headers.ts'
import { runHook } from './hook.ts'
import { type Outputs, outputsOf } from './outputs.ts'

/** Read by Static Web Apps itself and given to nobody. */
export const HOST_CONFIG = 'staticwebapp.config.json'

/** Where people of the public cloud sign in. */
const ENTRA = 'https://login.microsoftonline.com'
const authorityOf = ({ tenantId }: Pick<Outputs, 'tenantId'>) => `${ENTRA}/${tenantId}`
/** An issuer is an authority and the version of its tokens. */
const ridersAuthorityOf = ({ riders }: Outputs) => riders?.issuer.replace(/\/v2\.0$/, '')

/** What the pages are told of this environment: the whole of `/config.json`. */
export const pagesConfig = (outputs: Outputs) => ({
  apiBase: outputs.lookupsUrl,
  // What only officials may read never goes through a cache.
  gatewayUrl: outputs.gatewayUrl,
  signIn: {
    authority: authorityOf(outputs),
    clientId: outputs.pagesClientId,
    scope: `${outputs.apiClientId}/${topology.entra.scope}`
  },
  ...(outputs.riders && {
    ridersSignIn: {
      authority: ridersAuthorityOf(outputs),
      clientId: outputs.riders.clientId,
      scope: `${outputs.riders.audience}/${topology.entra.scope}`
    }
  })
})

/** How Static Web Apps serves the pages. */
export const hostConfig = (outputs: Outputs) => ({
  routes: [
    { route: '/', redirect: '/screen/', statusCode: 302 },
    { route: '/assets/*', headers: { 'Cache-Control': cacheControlOf('assets/') } },
    ...Object.entries(
      headersByFolder(outputs, authorityOf(outputs), ridersAuthorityOf(outputs))
    ).map(([folder, headers]) => ({ route: `/${folder}/*`, headers }))
  ],
  responseOverrides: { '404': { rewrite: '/404.html' } },
  globalHeaders: { ...securityHeaders(outputs), 'Cache-Control': cacheControlOf('') }
})

/** Writes what depends on the environment beside the built pages in `dir`. */
export async function writeConfig(dir: string, outputs: Outputs): Promise<void> {
  const write = (name: string, content: object) =>
    writeFile(join(dir, name), `${JSON.stringify(content, null, 2)}\n`)
  await write('config.json', pagesConfig(outputs))
  await write(HOST_CONFIG, hostConfig(outputs))
}

if (import.meta.main) await runHook(env => writeConfig(join(DIST, 'web'), outputsOf(env)))
