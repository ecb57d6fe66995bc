import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import tls from 'node:tls'
import { PROBLEM_BASE, PROBLEM_MEDIA_TYPE } from '#contract'
import topology from '#topology' with { type: 'json' }
import { listen, stop } from '../jsonServer.ts'
import type { StandIn } from '../standIn.ts'
import { type Answer, type Context, run } from './context.ts'
import { PolicyError } from './errors.ts'
import { createAgents } from './forward.ts'
import { readPolicy } from './policies.ts'
import { compilePipeline } from './steps.ts'

export type GatewayOptions = {
  /** 0 for any free port. */
  port: number
  /** What the policies name in double braces. */
  namedValues: Record<string, string>
  /** A token of the gateway's identity `clientId` for a resource. */
  identity: (resource: string, clientId: string) => Promise<string>
  /** Certificate in PEM of the local authority; the whole process trusts it from now on. */
  ca?: string
  /** Ms since 1970; the machine's clock unless given. */
  now?: () => number
  /** The folder of `policies/` and `schemas/`; the product's own unless given. */
  folder?: URL
}

/** The product's routes with a pattern that finds them and their parameters. */
const ROUTES = topology.routes.map(route => ({
  ...route,
  pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
}))

/**
 * API Management on the laptop: runs the policy files that Azure gets. Rejects with a `PolicyRefused` that names
 * file and element where a file holds anything that this runner does not wholly understand.
 */
export async function startGateway(options: GatewayOptions): Promise<StandIn> {
  const { ca, namedValues, folder = new URL('../../gateway/', import.meta.url) } = options
  if (ca) tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca])
  const agents = createAgents()

  const compile = () => {
    const { identity, now = Date.now } = options
    const schemas = new URL('schemas/', folder)
    const services = { identity, now, agents, counters: new Map(), schemas }
    const read = (name: string) => readPolicy(new URL('policies/', folder), name, namedValues)
    const base = compilePipeline(read('global'), services)
    const names = new Set(ROUTES.map(route => route.policy))
    const byName = [...names].map(
      name => [name, compilePipeline(read(name), services, base)] as const
    )
    return { base, policies: new Map(byName) }
  }
  let compiled = compile()

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url: target = '', headers, socket } = incoming
    const path = target.split('?', 1)[0] ?? ''
    const here = ROUTES.filter(route => route.pattern.test(path))
    // A preflight is for the operation whose method it asks about.
    const asked = method === 'OPTIONS' ? headers['access-control-request-method'] : method
    const route = here.find(route => route.method === asked)
    if (here.length > 0 && !route)
      return send(outgoing, methodNotAllowed(here.map(({ method }) => method).join(', ')), {})
    const context: Context = {
      incoming,
      method,
      target,
      fields: { ...headers },
      matched: { ...route?.pattern.exec(path)?.groups },
      ip: socket.remoteAddress ?? '',
      variables: new Map(),
      atEnd: [],
      returned: false,
      cors: {}
    }
    const steps = (route && compiled.policies.get(route.policy)) ?? compiled.base
    try {
      if (!route) throw new PolicyError('configuration', 'OperationNotFound', 'No such operation')
      await run([...steps.inbound, ...steps.backend, ...steps.outbound], context)
      if (!context.returned) for (const act of context.atEnd) act()
    } catch (error) {
      // The caller went away halfway: nobody is left to answer.
      if (incoming.destroyed && !incoming.complete) return
      if (!(error instanceof PolicyError)) console.error(`gateway: ${method} ${path}:`, error)
      context.error =
        error instanceof PolicyError ? error : new PolicyError('gateway', 'Unexpected', '')
      await run(steps['on-error'], context)
    }
    if (!context.response) throw new Error('The policies made no response')
    send(outgoing, context.response, context.cors)
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(error => {
      console.error(`gateway: ${incoming.method} ${incoming.url}:`, error)
      outgoing.destroy()
    })
  })
  return {
    url: `http://127.0.0.1:${await listen(server, options.port)}`,
    async reset() {
      compiled = compile()
    },
    async close() {
      await stop(server)
      agents.http.destroy()
      agents.https.destroy()
    }
  }
}

const methodNotAllowed = (allow: string): Answer => ({
  status: 405,
  reason: 'Method Not Allowed',
  fields: { Allow: allow, 'Content-Type': PROBLEM_MEDIA_TYPE },
  body: JSON.stringify({
    type: `${PROBLEM_BASE}method-not-allowed`,
    title: 'Method not allowed',
    status: 405,
    detail: `This address is served for ${allow} only.`
  })
})

function send(outgoing: ServerResponse, answer: Answer, cors: Context['cors']): void {
  const { status, reason, body } = answer
  const fields = { ...answer.fields, ...cors }
  if (typeof body === 'string') {
    outgoing.writeHead(status, reason, { ...fields, 'Content-Length': Buffer.byteLength(body) })
    outgoing.end(body)
    return
  }
  outgoing.writeHead(status, reason, fields)
  // Where either goes away halfway, the other learns of it by its broken connection.
  pipeline(body, outgoing, error => error && outgoing.destroy())
}
