import { parse as parseYaml } from 'yaml'
import type { Value } from '../model.ts'
import type { Call, Functions } from './call.ts'
import { groupScope, idWithin, SUBSCRIPTION, subscriptionScope, TENANT } from './scope.ts'
import {
  asText,
  fromJson,
  isSure,
  type Json,
  laterValue,
  objectValue,
  textValue
} from './values.ts'

/** The time at which every deployment is pretended to start. */
const NOW = new Date('2030-06-15T12:00:00Z')
const LONGEST_TEXT = 131_072
const LONGEST_JSON = 1_048_576

const MANAGEMENT = 'https://management.core.windows.net/'
/** What environment() says in the public cloud. */
const PUBLIC_CLOUD = {
  name: 'AzureCloud',
  gallery: 'https://gallery.azure.com/',
  graph: 'https://graph.windows.net/',
  portal: 'https://portal.azure.com',
  graphAudience: 'https://graph.windows.net/',
  activeDirectoryDataLake: 'https://datalake.azure.net/',
  batch: 'https://batch.core.windows.net/',
  media: 'https://rest.media.azure.net',
  sqlManagement: 'https://management.core.windows.net:8443/',
  resourceManager: 'https://management.azure.com/',
  authentication: {
    loginEndpoint: 'https://login.microsoftonline.com/',
    audiences: [MANAGEMENT, 'https://management.azure.com/'],
    tenant: 'common',
    identityProvider: 'AAD'
  },
  suffixes: {
    acrLogin: '.azurecr.io',
    azureDatalakeAnalyticsCatalogAndJob: 'azuredatalakeanalytics.net',
    azureDatalakeStoreFileSystem: 'azuredatalakestore.net',
    keyvaultDns: '.vault.azure.net',
    sqlServerHostname: '.database.windows.net',
    storage: 'core.windows.net'
  }
}

/** .NET's custom format of a date, as far as it consists of numbers. */
const formatted = (format: string): string => {
  const iso = NOW.toISOString()
  const parts: Record<string, string> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19)
  }
  if (/[A-SU-Za-z]/.test(format.replace(/yyyy|MM|dd|HH|mm|ss|Z/g, ''))) return ''
  return format.replace(/yyyy|MM|dd|HH|mm|ss/g, part => parts[part] ?? part)
}

/** Text of the file that the first argument names, at most `longest` letters. */
function load(call: Call, longest: number): string {
  const path = call.plain(0)
  const text = call.around.readBeside(path)
  if (text === undefined) throw call.refuse(`there is no file ${path} beside this one`)
  if (text.length > longest)
    throw call.refuse(`${path} is longer than Bicep's limit of ${longest} letters`)
  return text
}

function loadData(call: Call, parse: (text: string) => unknown): Value {
  const text = load(call, LONGEST_JSON)
  try {
    return fromJson(parse(text) as Json, call.place)
  } catch (error) {
    throw call.refuse(`${call.plain(0)} cannot be read: ${String(error)}`)
  }
}

/** An id of a type and as many names as it has segments. */
function idOf(call: Call, scopeId: string, parts: Value[]): Value {
  const [type = '', ...names] = parts.map(asText)
  const wanted = type.split('/').length - 1
  if (wanted < 1 || names.length !== wanted)
    throw call.refuse(`${type} needs ${wanted} names, not ${names.length}`)
  return textValue(call.place, idWithin(scopeId, type, names), parts.every(isSure))
}

/** Parts from the type on: what stands before it names a subscription or group. */
function fromType(call: Call): { before: string[]; parts: Value[] } {
  const at = call.values.findIndex(value => asText(value).includes('/'))
  if (at < 0) throw call.refuse(`\`${call.text}\` names no resource type`)
  return { before: call.values.slice(0, at).map(asText), parts: call.values.slice(at) }
}

/** Functions of the deployment, of resource ids and of files. */
export const AZURE_FUNCTIONS: Functions = {
  subscription: {
    takes: '',
    gives: 'object',
    run: call =>
      fromJson(
        {
          id: subscriptionScope.id,
          subscriptionId: SUBSCRIPTION,
          tenantId: TENANT,
          displayName: 'subscription'
        },
        call.place
      )
  },
  tenant: {
    takes: '',
    gives: 'object',
    run: call =>
      fromJson({ tenantId: TENANT, displayName: 'tenant', countryCode: 'US' }, call.place)
  },
  resourceGroup: {
    takes: '',
    gives: 'object',
    run(call) {
      const { kind, id, name, location } = call.around.scope
      if (kind !== 'resourceGroup')
        throw call.refuse('resourceGroup() is known in files of the scope resourceGroup alone')
      return objectValue(call.place, [
        ['id', textValue(call.place, id)],
        ['name', textValue(call.place, name)],
        ['type', textValue(call.place, 'Microsoft.Resources/resourceGroups')],
        ['location', location ?? laterValue(call.place, 'string', 'resourceGroup().location')],
        ['tags', laterValue(call.place, 'object', 'resourceGroup().tags')]
      ])
    }
  },
  deployment: {
    takes: '',
    gives: 'object',
    run: call => fromJson({ name: 'deployment', properties: { mode: 'Incremental' } }, call.place)
  },
  deployer: {
    takes: '',
    gives: 'object',
    run: call =>
      fromJson({ objectId: SUBSCRIPTION, tenantId: TENANT, userPrincipalName: '' }, call.place)
  },
  environment: { takes: '', gives: 'object', run: call => fromJson(PUBLIC_CLOUD, call.place) },
  utcNow: {
    takes: 'string?',
    gives: 'string',
    run(call) {
      const text = formatted(call.has(0) ? call.plain(0) : 'yyyyMMddTHHmmssZ')
      if (text === '') throw call.refuse(`the format of \`${call.text}\` is not handled here`)
      return textValue(call.place, text)
    }
  },
  newGuid: {
    takes: '',
    gives: 'string',
    run: call => textValue(call.place, SUBSCRIPTION)
  },
  resourceId: {
    takes: 'string, string*',
    gives: 'string',
    takesLater: true,
    run(call) {
      const { before, parts } = fromType(call)
      const [group, subscription = SUBSCRIPTION] = before.toReversed()
      const id = group === undefined ? call.around.scope.id : groupScope(group, subscription).id
      return idOf(call, id, parts)
    }
  },
  subscriptionResourceId: {
    takes: 'string, string*',
    gives: 'string',
    takesLater: true,
    run(call) {
      const { before, parts } = fromType(call)
      return idOf(call, `/subscriptions/${before[0] ?? SUBSCRIPTION}`, parts)
    }
  },
  tenantResourceId: {
    takes: 'string, string*',
    gives: 'string',
    takesLater: true,
    run: call => idOf(call, '', fromType(call).parts)
  },
  extensionResourceId: {
    takes: 'string, string, string*',
    gives: 'string',
    takesLater: true,
    run(call) {
      const [base, ...parts] = call.values
      const id = idOf(call, base ? asText(base) : '', parts)
      return base && isSure(base) ? id : textValue(call.place, asText(id), false)
    }
  },
  loadTextContent: {
    takes: 'string, string?',
    gives: 'string',
    run: call => textValue(call.place, load(call, LONGEST_TEXT))
  },
  loadFileAsBase64: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, Buffer.from(load(call, LONGEST_TEXT)).toString('base64'))
  },
  loadJsonContent: {
    takes: 'string',
    gives: 'any',
    run: call => loadData(call, text => JSON.parse(text) as unknown)
  },
  loadYamlContent: {
    takes: 'string',
    gives: 'any',
    run: call => loadData(call, text => parseYaml(text) as unknown)
  }
}
