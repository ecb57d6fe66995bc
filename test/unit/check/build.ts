import type {
  Deployment,
  LaterType,
  Place,
  Property,
  Resource,
  Value
} from '../../../infra/check/model.ts'

/** A part of a value as plain JSON cannot say it. */
class Later {
  readonly type: LaterType
  readonly of: Resource | undefined
  readonly property: string
  constructor(type: LaterType, of?: Resource, property = '') {
    this.type = type
    this.of = of
    this.property = property
  }
}

/** What only the deployment knows, in a body written as JSON. */
export const later = (type: LaterType): Later => new Later(type)

/** What stands for a part of a resource's answer. */
export const answer = (of: Resource, property: string): Later => new Later('string', of, property)

const START: Place = { file: 'x.bicep', line: 1, column: 1 }
const below = (place: Place, at: number) => ({ ...place, column: place.column * 10 + at })

/** An evaluated value from JSON; strings with `«…»` are unsure. Columns grow inwards, so a value stands behind what holds it. */
export function value(json: unknown, place = START): Value {
  if (json instanceof Later) return laterValue(json, place)
  if (typeof json === 'string')
    return { place, kind: 'string', value: json, sure: !json.includes('«') }
  if (typeof json === 'number') return { place, kind: 'int', value: json }
  if (typeof json === 'boolean') return { place, kind: 'bool', value: json }
  if (json === null || json === undefined) return { place, kind: 'null' }
  if (Array.isArray(json))
    return { place, kind: 'array', items: json.map((item, at) => value(item, below(place, at))) }
  return body(json, place)
}

function laterValue({ type, of, property }: Later, place: Place): Value {
  if (!of) return { place, kind: 'later', type, what: 'asked' }
  const what = `${of.symbol}.${property}`
  const origin = { of: { ...of, label: of.symbol }, path: property.split('.') }
  return { place, kind: 'later', type, what, origin }
}

/** An evaluated object from JSON. */
export function body(json: object, place = START): Resource['body'] {
  const entries = Object.entries(json).map(([key, part], at): [string, Property] => {
    const own = below(place, at)
    return [key, { key: own, value: value(part, own) }]
  })
  return { place, kind: 'object', properties: new Map(entries) }
}

/** A resource whose id is made of type and name. */
export function resource(
  type: string,
  name: string,
  content: object = {},
  scope = '/group'
): Resource {
  const [provider = '', ...types] = type.split('/')
  const names = name.split('/')
  const pairs = types.map((segment, index) => `/${segment}/${names[index]}`)
  const id = `/group/providers/${provider}${pairs.join('')}`
  const symbol = name.replaceAll(/\W/g, '_')
  const declared = { ...START, column: 10 }
  const about = { apiVersion: '2024-01-01', declared, symbol, existing: false }
  return { ...about, type, name, id, scope, body: body(content, declared) }
}

/** A deployment of these resources. */
export const deployment = (resources: Resource[], outputs: object = {}): Deployment => ({
  resources,
  outputs: new Map(Object.entries(outputs).map(([key, part]) => [key, value(part)])),
  modules: [],
  faults: []
})
