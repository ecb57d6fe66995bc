import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parse } from 'yaml'

type Schema = Record<string, unknown>
type Media = { schema: Schema; example?: unknown }
type Response = { $ref?: string; description?: string; content?: Record<string, Media> }
type Parameter = { name: string; in: string; required?: boolean }
type Operation = {
  operationId: string
  parameters: (Parameter | { $ref: string })[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Response>
}

/** The API's description as it is committed. */
export const document = parse(
  readFileSync(new URL('../infra/gateway/openapi.yaml', import.meta.url), 'utf8')
) as {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, Schema>
    parameters: Record<string, Parameter>
    responses: Record<string, Response>
  }
}

/** The parameters of an operation, in their order. */
export const parametersOf = ({ parameters }: Operation): Parameter[] =>
  parameters.map(given =>
    '$ref' in given ? document.components.parameters[given.$ref.split('/').at(-1) ?? '']! : given
  )

// Unknown words (`example`) are OpenAPI's own.
const ajv = new Ajv({ strict: false, allErrors: true })
ajv.addSchema({ $id: 'document', components: document.components })

/** Checks a value by a schema of the document; returns what is wrong, nothing if it conforms. */
export function conforms(schema: Schema, value: unknown): string[] {
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'))
  const validate = ajv.compile(absolute)
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** An answer that the document allows. */
export type DocumentedResponse = {
  /** The media type of its body; absent if it has none. */
  mediaType?: string
  /** What is wrong with a parsed body, nothing if it conforms. */
  check(body: unknown): string[]
}

/**
 * What the document says of a status of an operation, by a concrete path such as `/races/a/standings`; undefined if
 * nothing. Of several bodies it is the one of `mediaType`, else the first.
 */
export function documentedResponse(
  method: string,
  path: string,
  status: number,
  mediaType?: string
): DocumentedResponse | undefined {
  const bare = path.split('?')[0] ?? ''
  const template = Object.keys(document.paths).find(known =>
    new RegExp(`^${known.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare)
  )
  const operation = document.paths[template ?? '']?.[method.toLowerCase()]
  const named = operation?.responses[status]
  if (!named) return undefined
  const response = named.$ref
    ? document.components.responses[named.$ref.split('/').at(-1) ?? '']
    : named
  const contents = Object.entries(response?.content ?? {})
  const content = contents.find(([type]) => type === mediaType) ?? contents[0]
  if (!content) return { check: body => (body === undefined ? [] : ['there is a body']) }
  const [type, { schema }] = content
  return { mediaType: type, check: body => conforms(schema, body) }
}
