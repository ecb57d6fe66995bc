import type { Value } from '../model.ts'
import type { Call, Functions } from './call.ts'
import { idWithin, SUBSCRIPTION, subscriptionScope, TENANT } from './scope.ts'
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
const NOW = '2030-06-15'
const LONGEST_TEXT = 131_072
const LONGEST_JSON = 1_048_576

/** What environment() says in the public cloud, as far as templates here ask. */
const PUBLIC_CLOUD = {
  name: 'AzureCloud',
  resourceManager: 'https://management.azure.com/',
  authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
  suffixes: { keyvaultDns: '.vault.azure.net', storage: 'core.windows.net' }
}

/** .NET's custom format of a date, as far as it consists of years, months and days; undefined beyond. */
function formatted(format: string): string | undefined {
  const [yyyy = '', MM = '', dd = ''] = NOW.slice(0, 10).split('-')
  const text = format.replace('yyyy', yyyy).replace('MM', MM).replace('dd', dd)
  return /[A-Za-z]/.test(text) ? undefined : text
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

function loadJson(call: Call): Value {
  const text = load(call, LONGEST_JSON)
  try {
    return fromJson(JSON.parse(text) as Json, call.place)
  } catch (error) {
    throw call.refuse(`${call.plain(0)} cannot be read: ${String(error)}`)
  }
}

/** An id of the type that the first argument says and of as many names as it has segments. */
function idOf(call: Call, scopeId: string): Value {
  const [type = '', ...names] = call.values.map(asText)
  const wanted = type.split('/').length - 1
  if (wanted < 1 || names.length !== wanted)
    throw call.refuse(`${type} needs ${wanted} names, not ${names.length}`)
  return textValue(call.place, idWithin(scopeId, type, names), call.values.every(isSure))
}

/** Functions of the deployment, of resource ids and of files. */
export const AZURE_FUNCTIONS: Functions = {
  subscription: {
    takes: '',
    gives: 'object',
    run: call =>
      fromJson(
        { id: subscriptionScope.id, subscriptionId: SUBSCRIPTION, tenantId: TENANT },
        call.place
      )
  },
  tenant: { takes: '', gives: 'object', run: call => fromJson({ tenantId: TENANT }, call.place) },
  resourceGroup: {
    takes: '',
    gives: 'object',
    run(call) {
      const { kind, id, name } = call.around.scope
      if (kind !== 'resourceGroup')
        throw call.refuse('resourceGroup() is known in files of the scope resourceGroup alone')
      return objectValue(call.place, [
        ['id', textValue(call.place, id)],
        ['name', textValue(call.place, name)],
        ['location', laterValue(call.place, 'string', 'resourceGroup().location')]
      ])
    }
  },
  environment: { takes: '', gives: 'object', run: call => fromJson(PUBLIC_CLOUD, call.place) },
  utcNow: {
    takes: 'string',
    gives: 'string',
    run(call) {
      const text = formatted(call.plain(0))
      if (text === undefined) throw call.refuse(`only yyyy, MM and dd are handled in ${call.text}`)
      return text
    }
  },
  resourceId: {
    takes: 'string, string, string*',
    gives: 'string',
    takesLater: true,
    run: call => idOf(call, call.around.scope.id)
  },
  subscriptionResourceId: {
    takes: 'string, string, string*',
    gives: 'string',
    takesLater: true,
    run: call => idOf(call, subscriptionScope.id)
  },
  loadTextContent: { takes: 'string', gives: 'string', run: call => load(call, LONGEST_TEXT) },
  loadJsonContent: { takes: 'string', gives: 'any', run: loadJson }
}
