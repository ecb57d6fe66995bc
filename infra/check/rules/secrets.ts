import type { Deployment, Fault, Resource, Value } from '../model.ts'
import { faultAt, itemsOf, ofType, own, propertiesOf, textOf } from './read.ts'

/** A key inside a text: of a connection string, of a signed address, or asked of a service. */
const KEY_INSIDE =
  /\b(AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey|Password|pwd|sig)=|\blist\w*\(|\b(primary|secondary)(Master|Connection|Shared|Readonly)?\w*(Key|String)\b|\bgetSecret\(/i

/** Names of properties, settings and outputs that hold keys. */
const NAMES_KEY =
  /(password|secret|connectionString|connection_string|(account|access|shared|api|master)_?key|instrumentationKey)$/i

/**
 * Named like keys and none: Application Insights refuses everyone without an identity (`DisableLocalAuth`), so its
 * connection string is an address, and the scheduler's names an identity instead of a key.
 */
const ADDRESSES = new Set([
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
])
const ADDRESS_OF_LOGGER = {
  type: 'Microsoft.ApiManagement/service/loggers',
  key: 'connectionString'
}

/** No secret anywhere: in no property, setting, named value or output. */
export function secrets(deployment: Deployment): Fault[] {
  const bodies = deployment.resources.filter(resource => !resource.existing)
  return [
    ...bodies.flatMap(resource => inside(resource.body, '', resource)),
    ...[...deployment.outputs].flatMap(([name, value]) => inside(value, name)),
    ...ofType(deployment, 'Microsoft.KeyVault/vaults/secrets').map(resource =>
      faultAt(resource, 'secret', 'Key Vault keeps no secret here: reach the service by identity')
    )
  ]
}

function inside(value: Value, key: string, resource?: Resource): Fault[] {
  if (value.kind === 'array') return value.items.flatMap(item => inside(item, key, resource))
  if (value.kind === 'object') {
    const setting = textOf(own(value, 'name'))
    return [...value.properties].flatMap(([name, property]) =>
      inside(property.value, name === 'value' && setting ? setting : name, resource)
    )
  }
  const text = textOf(value)
  if (!text) return []
  if (KEY_INSIDE.test(text)) {
    return [faultAt(value, 'secret', `${key} holds a key: reach the service by identity`)]
  }
  const isAddress =
    ADDRESSES.has(key) ||
    (resource?.type === ADDRESS_OF_LOGGER.type && key === ADDRESS_OF_LOGGER.key)
  return NAMES_KEY.test(key) && !isAddress
    ? [faultAt(value, 'secret', `${key} is named like a key: reach the service by identity`)]
    : []
}

/** No parameter that hides its value: there is nothing to hide. */
export function secureParameters(files: Map<string, string>): Fault[] {
  return [...files].flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const column = line.search(/(?<=^\s*)@(sys\.)?secure\(/)
      const place = { file, line: index + 1, column: column + 1 }
      return column < 0
        ? []
        : [{ place, rule: 'secret', message: 'a template without secrets has no @secure' }]
    })
  )
}

/** No origin is any origin, on whatever resource it is written. */
export function origins(deployment: Deployment): Fault[] {
  return deployment.resources.flatMap(({ body }) => wildcards(body))
}

function wildcards(value: Value): Fault[] {
  return [...propertiesOf(value)]
    .flatMap(([key, { value: inner }]) => {
      const isOrigins = /^allowed_?origins$/i.test(key)
      const all = isOrigins ? [inner, ...itemsOf(inner)].filter(v => textOf(v)?.includes('*')) : []
      return [
        ...all.map(v => faultAt(v, 'cors', `${key} must name the pages' own origin, not *`)),
        ...wildcards(inner)
      ]
    })
    .concat(itemsOf(value).flatMap(wildcards))
}
