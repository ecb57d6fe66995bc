import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Ajv, type ErrorObject } from 'ajv'
import type { Step } from './context.ts'
import { PolicyError } from './errors.ts'
import { attribute, childOf, type Element } from './policies.ts'
import type { Services } from './steps.ts'

const refuse = (reason: string, message: string) =>
  new PolicyError('validate-content', reason, message)

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes)
      throw refuse('SizeLimit', `Request's body exceeds the limit of ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What is wrong, by the alternative that the body comes nearest to: of the right type, with the fewest errors. */
function explain(errors: ErrorObject[]): string {
  const byBranch = Object.groupBy(
    errors.filter(({ keyword }) => keyword !== 'anyOf'),
    ({ schemaPath }) => /^#\/anyOf\/\d+/.exec(schemaPath)?.[0] ?? ''
  )
  const distance = (branch: ErrorObject[] = []) =>
    branch.some(error => error.schemaPath.endsWith('/type') && !error.instancePath)
      ? Number.POSITIVE_INFINITY
      : branch.length
  const [nearest = []] = Object.values(byBranch).sort((a, b) => distance(a) - distance(b))
  return nearest
    .map(({ instancePath, message, params }) =>
      [instancePath || 'the body', message, params.additionalProperty].join(' ').trim()
    )
    .join('; ')
}

/** `validate-content`: a JSON body by the schema `schema-id`, whatever its content type says. */
export function compileValidateContent(element: Element, { schemas }: Services): Step {
  const maxBytes = Number(attribute(element, 'max-size'))
  const content = childOf(element, 'content')
  const file = new URL(`${content && attribute(content, 'schema-id')}.json`, schemas)
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')))
  return async context => {
    context.body = await readBody(context.incoming, maxBytes)
    let value: unknown
    try {
      value = JSON.parse(context.body.toString())
    } catch {
      throw refuse('Json', 'Body of the request is not JSON.')
    }
    if (!validate(value))
      throw refuse(
        'Schema',
        `Body of the request does not conform to the definition: ${explain(validate.errors ?? [])}.`
      )
  }
}
