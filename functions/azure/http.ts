import { createHash } from 'node:crypto'
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions'
import * as v from 'valibot'
import { IdempotencyKey, PROBLEM_MEDIA_TYPE, type Problem, RaceId } from '#contract'
import { Refused } from '../stages/problem.ts'
import { checkGateway } from './gatewayCheck.ts'

/** An answer before it is written: a JSON body, with an entity tag where it may be cached, or a table to be saved. */
export type Answer = {
  status?: number
  body?: object
  /** A table as CSV, and the name of its file. */
  csv?: { name: string; text: string }
  etag?: string
  /** How long caches may give it out, in s; not at all when left out. */
  maxAge?: number
}

type Handler = (request: HttpRequest) => Promise<Answer>

/** Turns a handler into the platform's, for requests that come through the gateway alone. */
export const answering = (handler: Handler) =>
  answeringAnyone(async request => {
    await checkGateway(request.headers.get('x-gateway-token') ?? '')
    return handler(request)
  })

/** Turns a handler into the platform's: JSON, ETag and 304, problems instead of stacks. */
export function answeringAnyone(handler: Handler) {
  return async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    try {
      return written(request, await handler(request))
    } catch (error) {
      if (error instanceof Refused) return problem(error.problem)
      context.error(error)
      return problem(new Refused('internal', 'Try again; if it stays, tell the organiser.').problem)
    }
  }
}

/** One parameter of the path or query, checked by its schema; throws `Refused` naming it. `undefined` text is the schema's affair. */
export function parameter<const S extends v.GenericSchema>(
  name: string,
  schema: S,
  text: string | null | undefined
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, text ?? undefined)
  if (parsed.success) return parsed.output
  const detail = parsed.issues[0].message
  throw new Refused('bad-parameter', `${name}: ${detail}`, [{ pointer: name, detail }])
}

/** The race of the path. */
export const raceOf = ({ params }: Pick<HttpRequest, 'params'>) =>
  parameter('raceId', RaceId, params.raceId)

/** The key under which a request may be repeated. */
export const keyOf = ({ headers }: HttpRequest) =>
  parameter('Idempotency-Key', IdempotencyKey, headers.get('idempotency-key'))

/** The JSON body, checked by its schema; throws `Refused` naming what is wrong. */
export async function jsonBody<const S extends v.GenericSchema>(
  request: HttpRequest,
  schema: S
): Promise<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, await readJson(request))
  if (parsed.success) return parsed.output
  const errors = parsed.issues.map(issue => ({
    pointer: `/${(v.getDotPath(issue) ?? '').replaceAll('.', '/')}`,
    detail: issue.message
  }))
  throw new Refused('bad-body', errors[0]!.detail, errors)
}

async function readJson(request: HttpRequest): Promise<unknown> {
  const text = await request.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused('bad-body', 'The body is not JSON.')
  }
}

/** The token of the Authorization header; throws `Refused` when there is none. */
export function bearerToken(request: HttpRequest): string {
  const [scheme, token] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() === 'bearer' && token) return token
  throw new Refused('unauthorized', 'Send the token as Authorization: Bearer.')
}

function written(
  request: HttpRequest,
  { status, body, csv, maxAge, ...answer }: Answer
): HttpResponseInit {
  const isCacheable = maxAge !== undefined
  const etag = answer.etag ?? (isCacheable && body ? digestOf(body) : undefined)
  const headers: Record<string, string> = {
    // No stale-while-revalidate: it would give every poll the answer of the one before.
    'cache-control': isCacheable ? `public, max-age=${maxAge}` : 'no-store'
  }
  if (csv) {
    headers['content-type'] = 'text/csv; charset=utf-8'
    headers['content-disposition'] = `attachment; filename="${csv.name}"`
    return { status: status ?? 200, headers, body: csv.text }
  }
  if (etag) headers.etag = etag
  if (etag && tagsHeld(request).includes(etag)) return { status: 304, headers }
  return { status: status ?? 200, headers, ...(body ? { jsonBody: body } : {}) }
}

/** The tag of an answer that counts no versions. */
const digestOf = (body: object): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`

/** What the caller has already. A cache that compresses answers makes their tags weak. */
const tagsHeld = (request: HttpRequest): string[] =>
  (request.headers.get('if-none-match') ?? '').split(/,\s*/).map(tag => tag.replace(/^W\//, ''))

const problem = (body: Problem): HttpResponseInit => ({
  status: body.status,
  headers: { 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store' },
  body: JSON.stringify(body)
})
