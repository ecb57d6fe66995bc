import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostConfig, pagesConfig, writeConfig } from '../../../infra/deploy/config.ts'
import { headersByFolder, securityHeaders } from '../../../infra/deploy/headers.ts'
import { outputsOf } from '../../../infra/deploy/outputs.ts'
import { settingsOf } from '../../../web/settings.ts'

/** As the template puts them out for Front Door. */
const ADDRESSES = {
  LOOKUPS_URL: 'https://race.example.org/api',
  GATEWAY_URL: 'https://apim-x.azure-api.net',
  WEB_PUBSUB_ENDPOINT: 'https://wps-x.webpubsub.azure.com'
}
const IDS = {
  AZURE_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  API_CLIENT_ID: '22222222-3333-4444-8555-666666666666',
  PAGES_CLIENT_ID: '44444444-5555-4666-8777-888888888888'
}
const ENV = { ...ADDRESSES, ...IDS }
const outputs = outputsOf(ENV)

test('pages are told where the lookups are, how officials sign in, and nothing else', () => {
  expect(pagesConfig(outputs)).toEqual({
    apiBase: 'https://race.example.org/api',
    gatewayUrl: 'https://apim-x.azure-api.net',
    signIn: {
      authority: `https://login.microsoftonline.com/${IDS.AZURE_TENANT_ID}`,
      clientId: IDS.PAGES_CLIENT_ID,
      scope: `${IDS.API_CLIENT_ID}/access_as_user`
    }
  })
  expect(settingsOf('', pagesConfig(outputs).apiBase, 'en').apiBase).toBe(ENV.LOOKUPS_URL)
})

test('a final slash of an address is not kept', () => {
  const { lookupsUrl } = outputsOf({ ...ENV, LOOKUPS_URL: 'https://race.example.org/api/' })
  expect(lookupsUrl).toBe('https://race.example.org/api')
})

test.each(Object.keys(ADDRESSES))(
  '%s is refused by name where it is missing or no https address',
  name => {
    for (const wrong of [undefined, '', 'apim-x.azure-api.net', 'http://apim-x.azure-api.net'])
      expect(() => outputsOf({ ...ENV, [name]: wrong })).toThrow(name)
  }
)

test.each(Object.keys(IDS))('%s is refused by name where it is missing or no id', name => {
  for (const wrong of [undefined, '', 'grandstand', `${IDS.API_CLIENT_ID}/x`])
    expect(() => outputsOf({ ...ENV, [name]: wrong })).toThrow(name)
})

test('pages may talk to their own host, the API and Web PubSub alone', () => {
  const policy = securityHeaders(outputs)['Content-Security-Policy']?.split('; ')
  const origins = 'https://race.example.org https://apim-x.azure-api.net'
  expect(policy).toContain("default-src 'none'")
  expect(policy?.filter(directive => directive.startsWith('connect-src'))).toEqual([
    `connect-src 'self' ${origins} wss://wps-x.webpubsub.azure.com`
  ])
})

test('officials alone may talk to Entra ID, and frame it and our own pages', () => {
  const everyone = securityHeaders(outputs)['Content-Security-Policy']?.split('; ') ?? []
  const { officials, redirect } = headersByFolder(outputs, pagesConfig(outputs).signIn.authority)
  const more = (headers: typeof officials) =>
    headers['Content-Security-Policy'].split('; ').filter(each => !everyone.includes(each))
  expect(everyone.join()).not.toContain('login.microsoftonline.com')
  expect(everyone).toContain("frame-ancestors 'none'")
  expect(more(officials)).toEqual([
    expect.stringMatching(/^connect-src 'self' .*https:\/\/login\.microsoftonline\.com$/),
    "frame-src 'self' https://login.microsoftonline.com"
  ])
  expect(officials['Content-Security-Policy']).toContain("frame-ancestors 'none'")
  expect(more(redirect)).toEqual(["frame-ancestors 'self'"])
  expect(redirect['Content-Security-Policy']).not.toMatch(/frame-src|frame-ancestors 'none'/)
})

test('Static Web Apps sends the headers with everything, and lets caches keep only what never changes', () => {
  const { globalHeaders, routes } = hostConfig(outputs)
  const own = headersByFolder(outputs, pagesConfig(outputs).signIn.authority)
  expect(globalHeaders).toEqual({ ...securityHeaders(outputs), 'Cache-Control': 'no-cache' })
  expect(routes.filter(route => route.headers)).toEqual([
    { route: '/assets/*', headers: { 'Cache-Control': 'public, max-age=31536000, immutable' } },
    { route: '/officials/*', headers: own.officials },
    { route: '/ride/*', headers: own.ride },
    { route: '/arcade/*', headers: own.arcade },
    { route: '/redirect/*', headers: own.redirect }
  ])
})

const RIDERS = {
  RIDERS_ISSUER: `https://${IDS.AZURE_TENANT_ID}.ciamlogin.com/${IDS.AZURE_TENANT_ID}/v2.0`,
  RIDERS_AUDIENCE: '55555555-6666-4777-8888-999999999999',
  RIDERS_CLIENT_ID: '66666666-7777-4888-8999-aaaaaaaaaaaa'
}

test('riders of another tenant sign in there, and officials as before', () => {
  const others = outputsOf({ ...ENV, ...RIDERS })
  const origin = `https://${IDS.AZURE_TENANT_ID}.ciamlogin.com`
  expect(pagesConfig(others)).toEqual({
    ...pagesConfig(outputs),
    ridersSignIn: {
      authority: `${origin}/${IDS.AZURE_TENANT_ID}`,
      clientId: RIDERS.RIDERS_CLIENT_ID,
      scope: `${RIDERS.RIDERS_AUDIENCE}/access_as_user`
    }
  })
  const policies = (of: typeof outputs) =>
    hostConfig(of).routes.map(({ route, headers }) => [
      route,
      new Map(Object.entries(headers ?? {})).get('Content-Security-Policy')
    ])
  const before = new Map(policies(outputs) as [string, string][])
  for (const [route, policy] of policies(others)) {
    const isTheirs = route === '/ride/*' || route === '/arcade/*'
    const same = before.get(route ?? '')
    expect(policy).toBe(
      isTheirs ? same?.replaceAll('https://login.microsoftonline.com', origin) : same
    )
  }
})

test.each(Object.keys(RIDERS).slice(1))('%s is refused by name where it is missing', name => {
  expect(() => outputsOf({ ...ENV, ...RIDERS, [name]: '' })).toThrow(name)
})

test('both files are written beside the pages', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-pages-'))
  await writeConfig(dir, outputs)
  const read = async (name: string) => JSON.parse(await readFile(join(dir, name), 'utf8'))
  expect(await read('config.json')).toEqual(pagesConfig(outputs))
  expect(await read('staticwebapp.config.json')).toEqual(hostConfig(outputs))
  await rm(dir, { recursive: true })
})
