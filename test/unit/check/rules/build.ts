import type { LaterValue } from '../../../../infra/check/bicep/values.ts'
import type { Deployment, Resource, Value } from '../../../../infra/check/model.ts'

const place = { file: 'small.bicep', line: 1, column: 1 }

type Part = { answerOf: Resource; property: string }

/** What stands for a part of a resource's answer. */
export const answer = (answerOf: Resource, property: string): Part => ({ answerOf, property })

const isPart = (json: object): json is Part => 'answerOf' in json

/** A value of plain JSON and answers of resources. */
export function value(json: unknown): Value {
  if (json === null || json === undefined) return { place, kind: 'null' }
  if (typeof json === 'string') return { place, kind: 'string', value: json, sure: true }
  if (typeof json === 'number') return { place, kind: 'int', value: json }
  if (typeof json === 'boolean') return { place, kind: 'bool', value: json }
  if (Array.isArray(json)) return { place, kind: 'array', items: json.map(value) }
  if (typeof json === 'object' && isPart(json)) {
    const { answerOf: of, property } = json
    const later = { place, kind: 'later', type: 'string', what: `${of.symbol}.${property}` }
    return { ...later, origin: { of, path: property.split('.') } } as unknown as LaterValue
  }
  return body(json as object)
}

const body = (json: object): Resource['body'] => ({
  place,
  kind: 'object',
  properties: new Map(
    Object.entries(json).map(([key, part]) => [key, { key: place, value: value(part) }])
  )
})

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
  const about = { apiVersion: '2024-01-01', declared: place, symbol, existing: false }
  return { ...about, type, name, id, scope, body: body(content) }
}

/** A deployment of these resources. */
export const deployment = (resources: Resource[], outputs: object = {}): Deployment => ({
  resources,
  outputs: new Map(Object.entries(outputs).map(([key, part]) => [key, value(part)])),
  modules: [],
  faults: []
})
