import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostConfig, pagesConfig, writeConfig } from '../../../infra/deploy/config.ts'
import { securityHeaders } from '../../../infra/deploy/headers.ts'
import { outputsOf } from '../../../infra/deploy/outputs.ts'
import { settingsOf } from '../../../web/settings.ts'

/** As the template puts them out for Front Door. */
const ENV = {
  LOOKUPS_URL: 'https://race.example.org/api',
  GATEWAY_URL: 'https://apim-x.azure-api.net',
  WEB_PUBSUB_ENDPOINT: 'https://wps-x.webpubsub.azure.com'
}
const outputs = outputsOf(ENV)

test('pages are told where the lookups are, and nothing else', () => {
  expect(pagesConfig(outputs)).toEqual({ apiBase: 'https://race.example.org/api' })
  expect(settingsOf('', pagesConfig(outputs).apiBase, 'en').apiBase).toBe(ENV.LOOKUPS_URL)
})

test('a final slash of an address is not kept', () => {
  const { lookupsUrl } = outputsOf({ ...ENV, LOOKUPS_URL: 'https://race.example.org/api/' })
  expect(lookupsUrl).toBe('https://race.example.org/api')
})

test.each(Object.keys(ENV))(
  '%s is refused by name where it is missing or no https address',
  name => {
    for (const wrong of [undefined, '', 'apim-x.azure-api.net', 'http://apim-x.azure-api.net'])
      expect(() => outputsOf({ ...ENV, [name]: wrong })).toThrow(name)
  }
)

test('pages may talk to their own host, the API and Web PubSub alone', () => {
  const policy = securityHeaders(outputs)['Content-Security-Policy']?.split('; ')
  const origins = 'https://race.example.org https://apim-x.azure-api.net'
  expect(policy).toContain("default-src 'none'")
  expect(policy?.filter(directive => directive.startsWith('connect-src'))).toEqual([
    `connect-src 'self' ${origins} wss://wps-x.webpubsub.azure.com`
  ])
})

test('Static Web Apps sends the headers with everything, and lets caches keep only what never changes', () => {
  const { globalHeaders, routes } = hostConfig(outputs)
  expect(globalHeaders).toEqual({ ...securityHeaders(outputs), 'Cache-Control': 'no-cache' })
  expect(routes.filter(route => route.headers)).toEqual([
    { route: '/assets/*', headers: { 'Cache-Control': 'public, max-age=31536000, immutable' } }
  ])
})

test('both files are written beside the pages', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-pages-'))
  await writeConfig(dir, outputs)
  const read = async (name: string) => JSON.parse(await readFile(join(dir, name), 'utf8'))
  expect(await read('config.json')).toEqual(pagesConfig(outputs))
  expect(await read('staticwebapp.config.json')).toEqual(hostConfig(outputs))
  await rm(dir, { recursive: true })
})
