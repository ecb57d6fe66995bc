import http from 'node:http'
import https from 'node:https'
import type { Step } from './context.ts'
import { PolicyError } from './errors.ts'
import { attribute, type Element } from './policies.ts'
import type { Services } from './steps.ts'

const SOCKETS_MAX = 256

export type Agents = { http: http.Agent; https: https.Agent }

export function createAgents(): Agents {
  const options = { keepAlive: true, maxSockets: SOCKETS_MAX }
  return { http: new http.Agent(options), https: new https.Agent(options) }
}

/** Fields of one connection (RFC 9110, 7.6.1). Not `transfer-encoding`: Node frames the next message by it. */
const HOP = new Set(
  'connection keep-alive proxy-connection te trailer upgrade host expect'.split(' ')
)
const endToEnd = (fields: http.OutgoingHttpHeaders): http.OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !HOP.has(name)))

/** `forward-request`: `timeout` is in seconds until the answer begins. */
export function compileForward(element: Element, { agents }: Services): Step {
  const timeoutMs = Number(attribute(element, 'timeout')) * 1000
  const failed = (reason: string, message: string) =>
    new PolicyError('forward-request', reason, message)
  return context =>
    new Promise((resolve, reject) => {
      const { backend, incoming, body, method } = context
      if (!backend) throw new Error('The policy sets no backend')
      const secure = backend.protocol === 'https:'
      const outgoing = (secure ? https : http).request({
        agent: secure ? agents.https : agents.http,
        hostname: backend.hostname,
        port: backend.port,
        path: backend.pathname.replace(/\/$/, '') + context.target,
        method,
        headers: endToEnd(context.fields)
      })
      const timer = setTimeout(
        () => outgoing.destroy(failed('Timeout', `No answer in ${timeoutMs} ms`)),
        timeoutMs
      )
      outgoing.on('close', () => clearTimeout(timer))
      outgoing.on('error', error =>
        reject(
          error instanceof PolicyError ? error : failed('BackendConnectionFailure', error.message)
        )
      )
      outgoing.on('response', answer => {
        clearTimeout(timer)
        context.response = {
          status: answer.statusCode ?? 502,
          reason: answer.statusMessage ?? '',
          fields: endToEnd(answer.headers),
          body: answer
        }
        resolve()
      })
      if (body) outgoing.end(body)
      else incoming.pipe(outgoing)
    })
}
