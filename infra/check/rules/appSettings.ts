import topology from '#topology' with { type: 'json' }
import type { Deployment, Fault } from '../model.ts'
import type { CodeSettings } from './codeSettings.ts'
import { faultAt, ofType } from './read.ts'
import { appOf, settingsOf } from './sites.ts'

const RULE = 'settings'

/** What the laptop sets and Azure must not, each with its reason. */
const LAPTOP_ONLY = {
  NODE_EXTRA_CA_CERTS: 'Azure has certificates that everyone knows',
  FUNCTIONS_WORKER_RUNTIME: 'functionAppConfig says it',
  WEB_PUBSUB_CLIENT_ENDPOINT: 'on Azure browsers reach the endpoint itself'
}

/** What the platform reads on Azure and no code of ours, each with its reason. */
const PLATFORM = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'where the host sends its telemetry',
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'as which identity it does'
}

/** How Durable Functions finds the scheduler, over host.json, which names no backend. */
const SCHEDULER = [
  'DURABLE_TASK_SCHEDULER_CONNECTION_STRING',
  'AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName',
  'AzureFunctionsJobHost__extensions__durableTask__storageProvider__type'
]

/** The connection that the host itself reads. */
const HOST_STORAGE = 'AzureWebJobsStorage'

/** Settings of the app's identity that every connection by identity has. */
const BY_IDENTITY = ['credential', 'clientId']

type App = { durable?: boolean; entra?: string[] }
const APPS = topology.apps as Record<string, App>

/**
 * Each site has the settings that the laptop's app has and that its code reads, apart from the platform's own.
 * `laptop` gives the names that an app has there.
 */
export function appSettings(
  deployment: Deployment,
  code: CodeSettings,
  laptop: (app: string) => string[]
): Fault[] {
  const onScheduler = ofType(deployment, 'Microsoft.DurableTask/schedulers').length > 0
  return ofType(deployment, 'Microsoft.Web/sites').flatMap(site => {
    const given = settingsOf(site)
    const expected = expectedNames(appOf(site), laptop, onScheduler)
    return [
      ...[...given]
        .filter(([name]) => !expected.has(name))
        .map(([name, value]) =>
          faultAt(value, RULE, `${site.name}: nothing of ${appOf(site)} reads the setting ${name}`)
        ),
      ...[...expected]
        .filter(name => !given.has(name))
        .map(name => faultAt(site, RULE, `${site.name} lacks the setting ${name}`)),
      ...[...(code.connections.get(appOf(site)) ?? [])]
        .filter(connection => ![...given.keys()].some(name => name.startsWith(`${connection}__`)))
        .map(connection =>
          faultAt(
            site,
            RULE,
            `a trigger of ${appOf(site)} names ${connection}: no setting begins with it`
          )
        )
    ]
  })
}

function expectedNames(
  app: string,
  laptop: (app: string) => string[],
  onScheduler: boolean
): Set<string> {
  const shared = laptop(app).filter(name => !(name in LAPTOP_ONLY))
  const connections = new Set(
    shared.filter(name => name.includes('__')).map(name => name.split('__')[0])
  )
  const durable = APPS[app]?.durable === true
  return new Set([
    ...shared,
    ...[...connections].flatMap(name => BY_IDENTITY.map(part => `${name}__${part}`)),
    ...Object.keys(PLATFORM),
    'AZURE_CLIENT_ID',
    ...(durable && !onScheduler
      ? ['AzureWebJobsStorage__queueServiceUri', 'AzureWebJobsStorage__tableServiceUri']
      : []),
    ...(durable && onScheduler ? SCHEDULER : [])
  ])
}

/** What code and laptop must agree on before any template is looked at. */
export function unreadSettings(code: CodeSettings, laptop: (app: string) => string[]): string[] {
  const onLaptop = new Set(Object.keys(topology.apps).flatMap(laptop))
  const connections = [HOST_STORAGE, ...[...code.connections.values()].flatMap(names => [...names])]
  const isRead = (name: string) =>
    code.read.includes(name) || connections.includes(name.split('__')[0] ?? '')
  return [
    ...[...onLaptop]
      .filter(name => !isRead(name) && !(name in LAPTOP_ONLY))
      .map(name => `no code reads ${name}, which the laptop sets`),
    ...code.read
      .filter(name => !onLaptop.has(name) && name !== 'AZURE_CLIENT_ID')
      .map(name => `functions/azure/settings.ts reads ${name}, which the laptop never sets`)
  ]
}

/** Whether a name is of a setting that some app has on Azure. */
export const isSetting = (name: string): boolean =>
  name in PLATFORM || SCHEDULER.includes(name) || /__(credential|clientId)$/.test(name)
