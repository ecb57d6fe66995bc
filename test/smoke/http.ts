import assert from 'node:assert/strict'
import { PROBLEM_BASE, PROBLEM_MEDIA_TYPE, type Problem } from '#contract'
import { documentedResponse } from '../openapiDocument.ts'

/** A request without an answer by then has failed, ms: an app may have to start first. */
const ANSWER_MS = 60_000

export type Call = {
  /** GET unless told. */
  method?: string
  path: string
  token?: string
  headers?: Record<string, string>
  /** Sent as JSON; a string goes as it is. */
  body?: unknown
}
export type Answer = {
  call: Call
  status: number
  headers: Headers
  text: string
  /** The body as JSON; throws where it is none. */
  json: () => unknown
}

/** Asks and reads the whole answer, whatever its status. */
export async function ask(base: string, call: Call): Promise<Answer> {
  const { method = 'GET', path, token, body } = call
  const headers: Record<string, string> = { ...call.headers }
  if (token) headers.authorization = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] ??= 'application/json'
  const answer = await fetch(base + path, {
    method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })
  const text = await answer.text()
  return {
    call,
    status: answer.status,
    headers: answer.headers,
    text,
    json: () => JSON.parse(text)
  }
}

const named = ({ call: { method = 'GET', path } }: Answer): string => `${method} ${path}`

/** Asserts the status, and that the answer is what the API's document says of it; returns the body. */
export function expectDocumented(answer: Answer, status: number): unknown {
  const { call, text, headers } = answer
  assert.equal(answer.status, status, `${named(answer)}: ${answer.status}, not ${status}: ${text}`)
  const documented = documentedResponse(call.method ?? 'GET', call.path, status)
  assert.ok(documented, `${named(answer)}: the API's document has no ${status}`)
  if (!documented.mediaType) {
    assert.equal(text, '', `${named(answer)}: ${status} has a body`)
    return undefined
  }
  const type = headers.get('content-type') ?? ''
  assert.ok(type.includes(documented.mediaType), `${named(answer)}: content type ${type}`)
  const body = answer.json()
  const wrong = documented.check(body)
  assert.deepEqual(wrong, [], `${named(answer)}: ${wrong.join('; ')}`)
  return body
}

/** Asserts a refusal: its status, and the kind of its problem where one is named. */
export function expectProblem(answer: Answer, status: number, kind?: string): void {
  const { text, headers } = answer
  assert.equal(answer.status, status, `${named(answer)}: ${answer.status}, not ${status}: ${text}`)
  const type = headers.get('content-type') ?? ''
  assert.ok(type.includes(PROBLEM_MEDIA_TYPE), `${named(answer)}: ${status} is ${type}, no problem`)
  const problem = answer.json() as Problem
  assert.equal(problem.status, status, `${named(answer)}: the problem says ${problem.status}`)
  const of = `${named(answer)}: problem ${problem.type}`
  assert.ok(problem.type.startsWith(PROBLEM_BASE), of)
  if (kind) assert.ok(problem.type === PROBLEM_BASE + kind, `${of}, not ${kind}`)
}
