import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { FORBIDDEN, type Forbidden } from '../forbidden.ts'
import { type Attempt, outcomeOf } from './forbidden/attempt.ts'
import { type Cloud, openCloud } from './forbidden/cloud.ts'
import { cosmosAttempts } from './forbidden/cosmos.ts'
import { eventHubsAttempts } from './forbidden/eventHubs.ts'
import { iotHubAttempts } from './forbidden/iotHub.ts'
import { keyVaultAttempts } from './forbidden/keyVault.ts'
import { ownStorage, storageAttempts } from './forbidden/storage.ts'
import { webPubSubAttempts } from './forbidden/webPubSub.ts'

type Tried = Omit<Attempt, 'call'> & { who: string; outcome: string; told: string }
type Holder = Record<string, unknown>

const APPS = Object.keys(topology.apps)
/** Every right of an item that some app has by `all`. */
const ALL_ITEM_RIGHTS = ['read', 'feed', 'create', 'upsert', 'replace', 'patch', 'delete']
/** The services whose rights the topology lists bare. */
const LISTED = ['eventHubs', 'keyVault', 'webPubSub', 'iotHub']

let cloud: Cloud
/** What became of every attempt of every identity. */
const tried: Tried[] = []

beforeAll(async () => {
  cloud = await openCloud()
  const attempts = [
    cosmosAttempts,
    eventHubsAttempts,
    keyVaultAttempts,
    webPubSubAttempts,
    iotHubAttempts,
    storageAttempts
  ].flatMap(attemptsAt => attemptsAt(cloud))
  for (const who of cloud.plan.apps) {
    const by = cloud.credentialOf(who)
    for (const { call, ...attempt } of attempts)
      tried.push({ ...attempt, who, ...(await outcomeOf({ ...attempt, call }, by)) })
  }
})
afterAll(() => cloud.close())

/** Why nothing on the laptop can decide a line; undefined where something must. */
function onlyAzure([who, service, , action]: Forbidden): string | undefined {
  if (who === 'capture') return 'Capture has no identity on the laptop'
  if (service === '*' || service === 'everything') return 'only Azure has roles over all services'
  if (action === 'IoT Hub') return 'only Azure has built-in roles'
  if (action === 'cloudToDeviceMessages') return 'AMQP is not served by the laptop’s IoT Hub'
  // Each right under it has attempts of its own.
  return action.endsWith('*') ? 'only Azure grants by wildcard' : undefined
}

const fits = (pattern: string, name: string) => pattern === '*' || pattern === name
const brief = ({ who, service, where, right, outcome, told }: Tried) =>
  `${who} ${right} ${service} ${where}: ${outcome} ${told}`

/** An app's own storage is its own, as on Azure. */
const isOwn = ({ who, service, where }: Tried) =>
  service === 'storage' && APPS.includes(who) && where === ownStorage(who, cloud)

test.each(FORBIDDEN)('%s may not: %s %s %s — %s', (...line) => {
  const [who, service, where, action] = line
  const decided = tried
    .filter(each => fits(who, each.who) && fits(service, each.service) && fits(where, each.where))
    .filter(each => each.actions.some(name => name.includes(action)) && !isOwn(each))
  expect(decided.filter(({ outcome }) => outcome === 'done').map(brief)).toEqual([])

  const named = `${who} ${service} ${where} ${action}`
  if (decided.length === 0) {
    const reason = onlyAzure(line)
    expect(reason).toBeDefined()
    console.info(`Left to Azure: ${named} — ${reason}`)
  } else if (decided.every(({ outcome }) => outcome === 'not served'))
    console.info(`Served to nobody on the laptop: ${named}`)
})

/** Each right of the topology, and each app's own storage. */
function rightsOfAll(): string[] {
  const holders: [string, Holder][] = Object.entries({ ...topology.apps, ...topology.principals })
  return holders.flatMap(([who, holder]) => {
    const listed = LISTED.flatMap(service =>
      [holder[service] ?? []].flat().map(right => `${who} ${right} ${service}`)
    )
    const items = Object.entries(holder.cosmos ?? {}).flatMap(([container, rights]) =>
      [rights]
        .flat()
        .flatMap(right => (right === 'all' ? ALL_ITEM_RIGHTS : [right]))
        .map(right => `${who} ${right} cosmos ${container}`)
    )
    const storage = APPS.includes(who) ? [`${who} own storage ${ownStorage(who, cloud)}`] : []
    return [...listed, ...items, ...storage]
  })
}

test('every identity can do what the topology gives it, and nothing else', () => {
  const named = tried.map(each => {
    const where = LISTED.includes(each.service) ? '' : ` ${each.where}`
    return { ...each, name: `${each.who} ${each.right} ${each.service}${where}` }
  })
  const rights = new Set(rightsOfAll())
  const done = new Set(named.filter(({ outcome }) => outcome === 'done').map(({ name }) => name))
  expect([...done].sort()).toEqual([...rights].sort())
  const denied = named.filter(({ name, outcome }) => rights.has(name) && outcome !== 'done')
  expect(denied.map(brief)).toEqual([])
})

test('a token that others have signed opens no storage', async () => {
  const { privateKey } = await generateKeyPair('RS256')
  const token = await new SignJWT({ app_displayname: 'aggregate' })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer('https://sts.windows.net/any/')
    .setAudience('https://storage.azure.com')
    .setIssuedAt()
    .setNotBefore('0 s')
    .setExpirationTime('1 hour')
    .sign(privateKey)
  const forged = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
  for (const { call } of storageAttempts(cloud))
    await expect(call(forged)).rejects.toMatchObject({ code: 'AuthenticationFailed' })
})

test('whoever is refused is told what is missing', () => {
  const refused = tried.filter(({ outcome }) => outcome === 'refused')
  expect(refused.length).toBeGreaterThan(FORBIDDEN.length)
  for (const { told } of refused)
    expect(told).toMatch(/may not|claim is required|does not give the right|not authorized/)
})
