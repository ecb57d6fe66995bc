import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import topology from '#topology' with { type: 'json' }
import type { Resource } from '../arm.ts'
import type { Check } from '../check.ts'
import type { Environment } from '../environment.ts'
import { deployed, onLaptop } from '../target.ts'
import type { Venue } from '../venue.ts'

const key = () => randomBytes(64).toString('base64')
const hmac = (secret: string, text: string) =>
  createHmac('sha256', Buffer.from(secret, 'base64')).update(text).digest('base64')
const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600

/** A service, what says that its keys are off, and a request by a key; the last two for as long as it has such a door. */
type Service = {
  name: string
  type: string
  apiVersion: string
  isOff: (properties: Resource['properties']) => boolean
  knock?: (environment: Environment, resource: Resource) => Promise<Response>
}

const SERVICES: Service[] = [
  {
    name: 'Event Hubs',
    type: 'Microsoft.EventHub/namespaces',
    apiVersion: '2024-01-01',
    isOff: ({ disableLocalAuth }) => disableLocalAuth === true,
    knock({ EVENT_HUBS_NAMESPACE, EVENT_HUB }) {
      const uri = `https://${EVENT_HUBS_NAMESPACE}/${EVENT_HUB}`
      const se = inAnHour()
      const sr = encodeURIComponent(uri.toLowerCase())
      const sig = encodeURIComponent(hmac(key(), `${sr}\n${se}`))
      const skn = 'RootManageSharedAccessKey'
      const authorization = `SharedAccessSignature sr=${sr}&sig=${sig}&se=${se}&skn=${skn}`
      return fetch(`${uri}/messages`, { method: 'POST', headers: { authorization }, body: '{}' })
    }
  },
  {
    name: 'Cosmos DB',
    type: 'Microsoft.DocumentDB/databaseAccounts',
    apiVersion: '2025-10-15',
    isOff: ({ disableLocalAuth }) => disableLocalAuth === true,
    knock({ COSMOS_ENDPOINT }) {
      const date = new Date().toUTCString()
      const signature = hmac(key(), `get\ndbs\n\n${date.toLowerCase()}\n\n`)
      const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`)
      const headers = { authorization, 'x-ms-date': date, 'x-ms-version': '2018-12-31' }
      return fetch(new URL('/dbs', COSMOS_ENDPOINT), { headers })
    }
  },
  {
    name: 'Web PubSub',
    type: 'Microsoft.SignalRService/webPubSub',
    apiVersion: '2024-03-01',
    isOff: ({ disableLocalAuth }) => disableLocalAuth === true,
    async knock({ WEB_PUBSUB_ENDPOINT }) {
      const url = `${WEB_PUBSUB_ENDPOINT}/api/hubs/${topology.webPubSub.hub}/:send?api-version=2024-12-01`
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setAudience(url)
        .setExpirationTime(inAnHour())
        .sign(randomBytes(64))
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      return fetch(url, { method: 'POST', headers, body: '{}' })
    }
  },
  {
    name: 'Storage',
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2025-08-01',
    isOff: ({ allowSharedKeyAccess, allowBlobPublicAccess }) =>
      allowSharedKeyAccess === false && allowBlobPublicAccess === false,
    knock(_, { name }) {
      const headers = {
        authorization: `SharedKey ${name}:${key()}`,
        'x-ms-date': new Date().toUTCString(),
        'x-ms-version': '2023-11-03'
      }
      return fetch(`https://${name}.blob.core.windows.net/?comp=list`, { headers })
    }
  },
  {
    name: 'IoT Hub',
    type: 'Microsoft.Devices/IotHubs',
    apiVersion: '2023-06-30',
    isOff: ({ disableLocalAuth }) => disableLocalAuth === true,
    knock({ IOT_HUB_HOST }) {
      const se = inAnHour()
      const sr = encodeURIComponent(IOT_HUB_HOST)
      const sig = encodeURIComponent(hmac(key(), `${sr}\n${se}`))
      const authorization = `SharedAccessSignature sr=${sr}&sig=${sig}&se=${se}&skn=iothubowner`
      const headers = { authorization }
      return fetch(`https://${IOT_HUB_HOST}/devices?top=1&api-version=2021-04-12`, { headers })
    }
  },
  {
    name: 'Application Insights',
    type: 'Microsoft.Insights/components',
    apiVersion: '2020-02-02',
    isOff: ({ DisableLocalAuth }) => DisableLocalAuth === true
  }
]

/**
 * Keys open nothing. A key that nobody has is refused by an open service too, so what Resource Manager says of the
 * service decides, and the refusal shows that its door is where it says.
 */
export const KEYS: Check[] = SERVICES.map(({ name, type, apiVersion, isOff, knock }) => ({
  name: `${name} takes no keys`,
  proves: 'local authentication is off as deployed, and a request by key is refused',
  inapplicable: ({ target }: Venue) =>
    onLaptop(target, 'outside clients of the laptop have no identity and use keys'),
  async run({ target }) {
    const { arm, environment } = deployed(target)
    const resources = await arm.ofType(type, apiVersion)
    assert.ok(resources.length > 0, `the group has no ${type}`)
    for (const resource of resources) {
      assert.ok(isOff(resource.properties), `${resource.name} takes keys`)
      const answer = await knock?.(environment, resource)
      if (!answer) continue
      const said = `${resource.name}: ${answer.status}`
      assert.ok(answer.status === 401 || answer.status === 403, said)
    }
    return resources.map(resource => resource.name).join(', ')
  }
}))
