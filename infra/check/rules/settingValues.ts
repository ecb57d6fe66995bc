import type { Deployment, Fault, Resource, Value } from '../model.ts'
import { lastSegment } from '../types/unsure.ts'
import { identityOf } from './principals.ts'
import { storageOf } from './privileges.ts'
import { answerOf, faultAt, isAnswer, ofType, ownName, textOf } from './read.ts'
import { appOf, settingsOf } from './sites.ts'

/** Issuer of an external tenant of Entra ID, as its tokens name it. */
const EXTERNAL_TENANT = /^https:\/\/([0-9a-f-]{36})\.ciamlogin\.com\/\1\/v2\.0$/

type IsRight = (value: Value, text: string) => boolean

/** Each site is told of its own identity and storage, and of the services of this deployment. */
export function settingValues(deployment: Deployment): Fault[] {
  return ofType(deployment, 'Microsoft.Web/sites').flatMap(site => {
    const right = rightValues(site, deployment)
    return [...settingsOf(site)].flatMap(([name, value]) => {
      const isRight = right[name] ?? right[name.replace(/^.*__/, '__')]
      if (!isRight)
        return [faultAt(value, 'settings', `say in settingValues.ts what ${name} must be`)]
      return isRight(value, textOf(value) ?? '')
        ? []
        : [faultAt(value, 'settings', `${site.name}: ${name} is not what this deployment has`)]
    })
  })
}

function rightValues(site: Resource, deployment: Deployment): Record<string, IsRight> {
  const only = (type: string) => ofType(deployment, type)[0]
  const answers =
    (resource: Resource | undefined, property: string): IsRight =>
    value =>
      isAnswer(value, resource, property)
  const exactly =
    (wanted: string): IsRight =>
    (_, text) =>
      text === wanted
  const storage = (service: string) =>
    exactly(
      `https://${lastSegment(storageOf(deployment, appOf(site)))}.${service}.core.windows.net/`
    )
  const clientId = textOf(settingsOf(site).get('AZURE_CLIENT_ID'))
  const matches =
    (pattern: RegExp): IsRight =>
    (_, text) =>
      pattern.test(text)
  const ownClient = answers(identityOf(deployment, appOf(site)), 'properties.clientId')
  const rider = ofType(deployment, 'Microsoft.Web/sites').find(one => appOf(one) === 'rider')
  const [taskHub] = ofType(deployment, 'Microsoft.DurableTask/schedulers/taskHubs').map(ownName)
  const namespace = only('Microsoft.EventHub/namespaces')
  const audience = textOf(deployment.outputs.get('API_CLIENT_ID')) ?? ''
  const issuer = textOf(settingsOf(site).get('ENTRA_ISSUER'))
  const isOwn = textOf(settingsOf(site).get('RIDERS_ISSUER')) === issuer
  return {
    __credential: exactly('managedidentity'),
    __clientId: ownClient,
    AZURE_CLIENT_ID: ownClient,
    API_AUDIENCE: exactly(audience),
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: exactly(`ClientId=${clientId};Authorization=AAD`),
    APPLICATIONINSIGHTS_CONNECTION_STRING: value =>
      answerOf(value)?.property === 'properties.ConnectionString',
    AzureWebJobsStorage__blobServiceUri: storage('blob'),
    AzureWebJobsStorage__queueServiceUri: storage('queue'),
    AzureWebJobsStorage__tableServiceUri: storage('table'),
    COSMOS__accountEndpoint: answers(
      only('Microsoft.DocumentDB/databaseAccounts'),
      'properties.documentEndpoint'
    ),
    ENTRA_ISSUER: matches(/^https:\/\/login\.microsoftonline\.com\/[0-9a-f-]{36}\/v2\.0$/),
    EVENT_HUBS__fullyQualifiedNamespace: exactly(`${namespace?.name}.servicebus.windows.net`),
    GATEWAY_PRINCIPAL_ID: answers(identityOf(deployment, 'gateway'), 'properties.principalId'),
    IOT_HUB_HOST: answers(only('Microsoft.Devices/IotHubs'), 'properties.hostName'),
    KEY_VAULT_URI: answers(only('Microsoft.KeyVault/vaults'), 'properties.vaultUri'),
    PUBLIC_API: exactly(textOf(deployment.outputs.get('GATEWAY_URL')) ?? ''),
    RIDERS_AUDIENCE: isOwn ? exactly(audience) : matches(/^[0-9a-f-]{36}$/),
    RIDERS_ISSUER: (_, text) => isOwn || EXTERNAL_TENANT.test(text),
    SEAT_ISSUER: exactly(`https://${rider?.name}.azurewebsites.net`),
    WEB_PUBSUB_ENDPOINT: matches(/^https:\/\/«[^»]*properties\.hostName»$/),
    DURABLE_TASK_SCHEDULER_CONNECTION_STRING: exactly(
      `Endpoint=«scheduler.properties.endpoint»;Authentication=ManagedIdentity;ClientID=${clientId};TaskHub=${taskHub}`
    ),
    __connectionStringName: exactly('DURABLE_TASK_SCHEDULER_CONNECTION_STRING'),
    __type: exactly('azureManaged')
  }
}
