import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { IdempotencyKey, PROBLEM_BASE } from '#contract'
import topology from '#topology' with { type: 'json' }
import { ANSWERED, IN_PATH, IN_QUERY, SENT } from './components.ts'
import { ALWAYS, KEY_PARAMETER, OPERATIONS, PARAMETERS, REFUSALS } from './descriptions.ts'
import { EXAMPLES } from './examples.ts'
import type { OperationWords } from './operationWords.ts'
import { commonOnce } from './variants.ts'

type Json = Record<string, unknown>

/**
 * What JSON Schema cannot say is left to the apps, which check everything again: trimming, what two parts
 * say together, and patterns with Unicode classes, as .NET matches them by UTF-16 halves and would refuse an emoji.
 */
export const CONVERSION: ConversionConfig = {
  ignoreActions: ['trim', 'finite', 'check'],
  // `const` is younger than the drafts that all readers know.
  overrideSchema: ({ jsonSchema }) =>
    jsonSchema.const === undefined ? undefined : { enum: [jsonSchema.const] },
  overrideAction({ valibotAction, jsonSchema }) {
    const { requirement } = valibotAction as Partial<v.RegexAction<string, undefined>>
    if (!(requirement instanceof RegExp && requirement.unicode)) return undefined
    const { pattern: _, ...rest } = jsonSchema
    return rest
  }
}

const convert = (schema: v.GenericSchema, typeMode: 'input' | 'output' = 'input') =>
  toJsonSchema(schema, { ...CONVERSION, target: 'openapi-3.0', typeMode })

const components = (definitions: Record<string, v.GenericSchema>, typeMode: 'input' | 'output') =>
  toJsonSchemaDefs(definitions, {
    ...CONVERSION,
    target: 'openapi-3.0',
    typeMode,
    // Beside a reference OpenAPI 3.0 ignores `nullable`: what may be null is spelt out.
    overrideSchema: context =>
      context.jsonSchema.$ref && context.valibotSchema.type === 'nullable'
        ? convert(context.valibotSchema, typeMode)
        : CONVERSION.overrideSchema?.(context),
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`
  })

const ref = (kind: 'schemas' | 'responses' | 'parameters', name: string) => ({
  $ref: `#/components/${kind}/${name}`
})

const header = (description: string) => ({ description, schema: { type: 'string' } })

/** A body by its schema's name. */
const content = (schema: string): Json =>
  schema === 'csv'
    ? { 'text/csv': { schema: { type: 'string' } } }
    : { 'application/json': { schema: ref('schemas', schema) } }

function responses({ done, again, refusals }: OperationWords): Json {
  const answer = {
    description: done.description,
    ...(done.etag ? { headers: { ETag: header('Send it back as If-None-Match.') } } : {}),
    ...(done.schema
      ? { content: { ...content(done.schema), ...(done.orTable ? content('csv') : {}) } }
      : {})
  }
  const refused = [...refusals, ...ALWAYS].map(status => [
    status,
    ref('responses', REFUSALS[status]?.name ?? '')
  ])
  return {
    [done.status]: answer,
    ...(again ? { 200: { ...answer, description: again } } : {}),
    ...(done.etag ? { 304: { description: 'You have this version.' } } : {}),
    ...Object.fromEntries(refused)
  }
}

/** Parameters that several operations have, by their names among the components. */
const SHARED_PARAMETERS: Record<string, Json> = {
  ...Object.fromEntries(
    Object.entries(IN_PATH).map(([name, schema]) => [
      name,
      { name, in: 'path', required: true, ...PARAMETERS[name], schema: convert(schema) }
    ])
  ),
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    ...KEY_PARAMETER,
    schema: convert(IdempotencyKey)
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'An ETag.',
    schema: { type: 'string' }
  }
}

function parameters(path: string, { query = {}, done, repeatable }: OperationWords): Json[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? '')
  const key = ref('parameters', 'IdempotencyKey')
  const optionalKey = { ...SHARED_PARAMETERS.IdempotencyKey, required: false }
  return [
    ...names.map(name => ref('parameters', name)),
    ...Object.entries(query).map(([name, { description, schema, required }]) => ({
      name,
      in: 'query',
      ...(required ? { required } : {}),
      description,
      schema: convert(IN_QUERY[schema])
    })),
    ...(repeatable === true ? [key] : []),
    ...(repeatable && repeatable !== true
      ? [{ ...optionalKey, description: repeatable.optional }]
      : []),
    ...(done.etag ? [ref('parameters', 'IfNoneMatch')] : [])
  ]
}

function operation({ operationId, path }: { operationId: string; path: string }): Json {
  const words = OPERATIONS[operationId]
  if (!words) throw new Error(`infra/gateway/descriptions.ts says nothing of ${operationId}`)
  const { summary, description, token, body } = words
  return {
    operationId,
    summary,
    description,
    ...(token ? { security: token.map(name => (name === 'nobody' ? {} : { [name]: [] })) } : {}),
    parameters: parameters(path, words),
    ...(body ? { requestBody: { required: true, content: content(body) } } : {}),
    responses: responses(words)
  }
}

const bearer = (description: string) => ({
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description
})

const refusal = (
  { kind, description, ...rest }: (typeof REFUSALS)[number],
  status: number
): Json => ({
  description,
  ...([429, 503].includes(status)
    ? { headers: { 'Retry-After': header('Seconds to wait.') } }
    : {}),
  content: {
    'application/problem+json': {
      schema: ref('schemas', 'Problem'),
      example: { type: PROBLEM_BASE + kind, title: rest.name, status, detail: description }
    }
  }
})

/** The whole description, OpenAPI 3.0.3: every route of the topology, every schema from the contract. */
export function describeApi(): Json {
  const paths: Record<string, Json> = {}
  for (const route of topology.routes) {
    const methods = paths[route.path] ?? {}
    paths[route.path] = methods
    methods[route.method.toLowerCase()] = operation(route)
  }
  const converted = { ...components(ANSWERED, 'output'), ...components(SENT, 'input') }
  const schemas: Record<string, Json> = Object.fromEntries(
    Object.entries(converted).map(([name, schema]) => [name, commonOnce({ ...schema })])
  )
  for (const [name, example] of Object.entries(EXAMPLES))
    schemas[name] = { ...schemas[name], example }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Grandstand',
      version: '1',
      description:
        'Live race leaderboards. Times are whole milliseconds; errors are problems by RFC 9457.'
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      parameters: SHARED_PARAMETERS,
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, words]) => [
          words.name,
          refusal(words, Number(status))
        ])
      ),
      securitySchemes: {
        account: bearer("A token of the riders' issuer for this API, of a person."),
        seat: bearer('The token that came with a seat.'),
        screen: bearer("A screen link's token."),
        car: bearer('An Entra app token with the role `car`.'),
        official: bearer(
          'An Entra token for this API, of a person or an app, with the role that the operation names.'
        )
      }
    }
  }
}
