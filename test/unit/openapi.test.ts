import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { generatedFiles, staleFiles } from '../../infra/schemas.ts'
import { conforms, document, documentedResponse, parametersOf } from '../openapiDocument.ts'

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation }))
)

/** Keywords that mean the same from draft-04 to draft-07. */
const COMMON = new Set(
  'type properties required additionalProperties items anyOf oneOf enum minimum maximum minLength maxLength minItems maxItems pattern default $schema'.split(
    ' '
  )
)
const keywordsOf = (schema: unknown): string[] =>
  schema === null || typeof schema !== 'object' || Array.isArray(schema)
    ? (Array.isArray(schema) ? schema : []).flatMap(keywordsOf)
    : Object.entries(schema).flatMap(([key, value]) => [key, ...keywordsWithin(key, value)])

/** Of what a keyword holds: names of properties are none, nor is anything of a default value. */
function keywordsWithin(key: string, value: unknown): string[] {
  if (key === 'default') return []
  return key === 'properties' ? Object.values(Object(value)).flatMap(keywordsOf) : keywordsOf(value)
}

describe('The description of the API', () => {
  it('is OpenAPI 3.0.3 and what contract and topology give today', () => {
    expect(document.openapi).toBe('3.0.3')
    expect(staleFiles()).toEqual([])
  })

  it('has exactly the routes of the topology', () => {
    const described = operations.map(({ operationId, method, path }) =>
      [operationId, method.toUpperCase(), path].join(' ')
    )
    const routed = topology.routes.map(({ operationId, method, path }) =>
      [operationId, method, path].join(' ')
    )
    expect(described.sort()).toEqual(routed.sort())
  })

  it('names every parameter of every path', () => {
    for (const operation of operations)
      expect(
        parametersOf(operation)
          .filter(it => it.in === 'path')
          .map(it => `{${it.name}}`)
      ).toEqual(operation.path.match(/\{\w+\}/g) ?? [])
  })

  it('tells apart what may be left out', () => {
    const optional = (operationId: string) =>
      operations
        .filter(operation => operation.operationId === operationId)
        .flatMap(parametersOf)
        .filter(({ required }) => !required)
        .map(({ name }) => name)
    expect(optional('takeSeat')).toEqual(['Idempotency-Key'])
    expect(optional('recordLap')).toEqual([])
    expect(optional('getCourseBoard')).toEqual(['board', 'class', 'page', 'value', 'If-None-Match'])
    expect(optional('getPersonalBest')).toEqual(['If-None-Match'])
  })

  it('demands of every kind of fact what all facts have', () => {
    const { Fact = {} } = document.components.schemas
    const { actor: _, ...unsigned } = Object(Fact.example)
    expect(conforms(Fact, unsigned)).not.toEqual([])
    expect(conforms(Fact, { ...Object(Fact.example), kind: 'open', race: undefined })).not.toEqual(
      []
    )
  })

  it('resolves every reference', () => {
    const text = JSON.stringify(document)
    for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
      expect(document.components).toHaveProperty([kind, name])
    expect(text).not.toMatch(/"\$ref":"(?!#\/components\/)/)
  })

  it.each(Object.entries(document.components.schemas))(
    'has a valid schema %s that its example meets',
    (_name, schema) => {
      const wrong = conforms(schema, schema.example)
      if ('example' in schema) expect(wrong).toEqual([])
    }
  )

  it('shows each refusal as a problem', () => {
    for (const { content } of Object.values(document.components.responses)) {
      const media = content?.['application/problem+json']
      expect(conforms(media?.schema ?? {}, media?.example)).toEqual([])
    }
  })

  it.each(operations)('tells what $operationId refuses', ({ method, path, ...operation }) => {
    const statuses = Object.keys(operation.responses)
    expect(statuses).toEqual(expect.arrayContaining(['429', '500', '502', '504']))
    if ('security' in operation) expect(statuses).toEqual(expect.arrayContaining(['401', '403']))
    if (operation.requestBody)
      expect(statuses).toEqual(expect.arrayContaining(['400', '413', '415']))
    for (const status of statuses)
      expect(documentedResponse(method, path, Number(status))).toBeDefined()
  })

  it('finds the response of a concrete address and judges bodies by it', () => {
    const response = documentedResponse('POST', '/races/a/negotiate', 200)
    expect(response?.check({ url: 'wss://a', now: 1 })).toEqual([])
    expect(response?.check({ url: 'wss://a' })).not.toEqual([])
    expect(documentedResponse('GET', '/races/a/standings?x=1', 304)?.check(undefined)).toEqual([])
    expect(documentedResponse('GET', '/races/a/standings', 418)).toBeUndefined()
    expect(documentedResponse('GET', '/nowhere', 200)).toBeUndefined()
  })
})

describe('The schemas that the gateway checks bodies by', () => {
  const schemas = [...generatedFiles()].filter(([path]) => path.endsWith('.json'))

  it.each(schemas)('%s compiles and keeps to keywords that every draft knows', (_path, text) => {
    const schema = JSON.parse(text)
    expect(() => new Ajv().compile(schema)).not.toThrow()
    expect(keywordsOf(schema).filter(keyword => !COMMON.has(keyword))).toEqual([])
    // .NET matches patterns by UTF-16 halves.
    expect(text).not.toContain('\\\\p{')
  })
})
