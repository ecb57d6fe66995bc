import { expect, test } from 'vitest'
import { origins, secrets, secureParameters } from '../../../../infra/check/rules/secrets.ts'
import { answer, deployment, resource } from '../build.ts'

const SITE = 'Microsoft.Web/sites/config'
const insights = resource('Microsoft.Insights/components', 'appi')
const found = (content: object, outputs: object = {}) =>
  secrets(deployment([resource(SITE, 'app/appsettings', content)], outputs)).length

test.each([
  'Endpoint=sb://one.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=abc',
  'DefaultEndpointsProtocol=https;AccountName=one;AccountKey=abc',
  'Endpoint=https://one.webpubsub.azure.com;AccessKey=abc;Version=1.0',
  'https://one.blob.core.windows.net/package?sv=2024&sig=abc',
  'Server=one;User=me;Password=abc'
])('a setting must not hold the key in %s', text => {
  expect(found({ properties: { ANYTHING: text } })).toBe(1)
  expect(found({}, { ANYTHING: text })).toBe(1)
})

test.each(['primaryKey', 'properties.primaryConnectionString', 'listKeys().key1'])(
  'nothing may ask a service for %s',
  property => {
    expect(found({ properties: { KEY: answer(insights, property) } })).toBe(1)
  }
)

test.each(['password', 'clientSecret', 'accountKey', 'COSMOS_KEY_CONNECTION_STRING'])(
  'nothing is called %s',
  name => {
    expect(found({ properties: { [name]: 'abc' } })).toBe(1)
    expect(found({ settings: [{ name, value: 'abc' }] })).toBe(1)
    expect(found({}, { [name]: 'abc' })).toBe(1)
  }
)

test('an address that is no key may be called a connection string', () => {
  const address = answer(insights, 'properties.ConnectionString')
  expect(found({ properties: { APPLICATIONINSIGHTS_CONNECTION_STRING: address } })).toBe(0)
  expect(
    found({ properties: { COSMOS__accountEndpoint: 'https://one.documents.azure.com' } })
  ).toBe(0)
  const logger = resource('Microsoft.ApiManagement/service/loggers', 'apim/insights', {
    properties: { credentials: { connectionString: address } }
  })
  expect(secrets(deployment([logger]))).toEqual([])
})

test('Key Vault keeps no secrets', () => {
  const secret = resource('Microsoft.KeyVault/vaults/secrets', 'kv/one')
  expect(secrets(deployment([secret]))).toHaveLength(1)
})

test('a parameter must not be secure', () => {
  const text =
    'param open string\n  @secure()\nparam hidden string\n@sys.secure()\nparam other object\n// @secure() no\n'
  const places = secureParameters(new Map([['main.bicep', text]])).map(({ place }) => place)
  expect(places).toEqual([
    { file: 'main.bicep', line: 2, column: 3 },
    { file: 'main.bicep', line: 4, column: 1 }
  ])
})

test('no resource lets any origin in', () => {
  const cors = (allowedOrigins: unknown) => ({
    properties: { cors: { corsRules: [{ allowedOrigins }] } }
  })
  const wrong = (content: object) => origins(deployment([resource('A/b', 'one', content)])).length
  expect(wrong(cors(['https://race.example.org']))).toBe(0)
  expect(wrong(cors(['https://race.example.org', '*']))).toBe(1)
  expect(wrong(cors('*'))).toBe(1)
  expect(
    wrong({ properties: { cors: [{ allowedOrigins: 'https://a.example,https://*.example' }] } })
  ).toBe(1)
})
