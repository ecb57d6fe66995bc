import { decodeJwt } from 'jose'
import { type Context, run, type Step } from './context.ts'
import { compileCors } from './cors.ts'
import { PolicyError, PolicyRefused } from './errors.ts'
import { compileValue } from './expressions.ts'
import { type Agents, compileForward } from './forward.ts'
import { attribute, type Element, type Sections } from './policies.ts'
import { compileValidateContent } from './validateContent.ts'
import { compileValidateJwt } from './validateJwt.ts'

/** What steps need of the world. */
export type Services = {
  /** Ms since 1970. */
  now: () => number
  /** A token of the gateway's identity `clientId` for a resource. */
  identity: (resource: string, clientId: string) => Promise<string>
  agents: Agents
  /** Calls by key, of all policies together: one key has one counter. `endsAt` in ms since 1970. */
  counters: Map<string, { endsAt: number; count: number }>
  /** The folder of the JSON Schemas. */
  schemas: URL
}

type Compile = (element: Element, services: Services) => Step

/** A managed identity's token is asked for again this long before it expires, in s. */
const TOKEN_MARGIN_S = 300

const choose: Compile = (element, services) => {
  const branches = element.children.map(branch => ({
    applies: compileValue(attribute(branch, 'condition'), branch.where),
    otherwise: branch.name === 'otherwise',
    steps: branch.children.map(child => compileStep(child, services))
  }))
  return context => {
    const branch = branches.find(({ applies, otherwise }) => otherwise || applies(context))
    return branch && run(branch.steps, context)
  }
}

/** Sets or deletes a field of the request, or of the response inside `return-response`. */
const compileField = (element: Element) => {
  const name = attribute(element, 'name')
  const [child] = element.children
  const value = child && compileValue(child.text, child.where)
  if (attribute(element, 'exists-action') !== (value ? 'override' : 'delete'))
    throw new PolicyRefused(element.where, 'either deletes, or overrides with a <value>')
  return (fields: Context['fields'], context: Context) => {
    delete fields[name.toLowerCase()]
    if (value) fields[name] = String(value(context))
  }
}

const setHeader: Compile = element => {
  const set = compileField(element)
  return context => set(context.fields, context)
}

const statusOf = (element: Element) => ({
  status: Number(attribute(element, 'code')),
  reason: attribute(element, 'reason')
})

const setStatus: Compile = element => {
  const status = statusOf(element)
  return context => {
    if (context.response) Object.assign(context.response, status)
  }
}

const returnResponse: Compile = element => {
  const [first, ...rest] = element.children as [Element, Element]
  const last = rest.pop() as Element
  const status = statusOf(first)
  const setFields = rest.map(compileField)
  const body = compileValue(last.text, last.where)
  return context => {
    // The backend's own answer goes unread.
    if (typeof context.response?.body === 'object') context.response.body.resume()
    const fields = {}
    for (const set of setFields) set(fields, context)
    context.response = { ...status, fields, body: String(body(context)) }
    context.returned = true
  }
}

const rateLimitByKey: Compile = (element, { now, counters }) => {
  const calls = Number(attribute(element, 'calls'))
  const periodMs = Number(attribute(element, 'renewal-period')) * 1000
  const keyOf = compileValue(attribute(element, 'counter-key'), element.where)
  const condition = element.attributes['increment-condition']
  const counts = condition === undefined ? undefined : compileValue(condition, element.where)
  let sweepAt = 0
  const windowOf = (key: string, at: number) => {
    if (at >= sweepAt) {
      for (const [old, { endsAt }] of counters) if (endsAt <= at) counters.delete(old)
      sweepAt = at + periodMs
    }
    let window = counters.get(key)
    if (!window || window.endsAt <= at) {
      window = { endsAt: at + periodMs, count: 0 }
      counters.set(key, window)
    }
    return window
  }
  return context => {
    const key = String(keyOf(context))
    const at = now()
    const window = windowOf(key, at)
    const isWithin = window.count < calls
    // What a condition decides is counted when the answer is known.
    if (counts) context.atEnd.push(() => counts(context) && windowOf(key, now()).count++)
    else window.count++
    if (isWithin) return
    const retryAfterS = Math.ceil((window.endsAt - at) / 1000)
    context.variables.set(attribute(element, 'retry-after-variable-name'), retryAfterS)
    throw new PolicyError('rate-limit-by-key', 'RateLimitExceeded', 'Rate limit is exceeded')
  }
}

const managedIdentity: Compile = (element, { identity, now }) => {
  const variable = attribute(element, 'output-token-variable-name')
  let token = ''
  let freshUntilS = 0
  return async context => {
    if (freshUntilS <= now() / 1000) {
      token = await identity(attribute(element, 'resource'), attribute(element, 'client-id'))
      freshUntilS = (decodeJwt(token).exp ?? 0) - TOKEN_MARGIN_S
    }
    if (variable) context.variables.set(variable, token)
    else context.fields.authorization = `Bearer ${token}`
  }
}

const setVariable: Compile = element => {
  const value = compileValue(attribute(element, 'value'), element.where)
  return context => void context.variables.set(attribute(element, 'name'), value(context))
}

const setBackendService: Compile = element => {
  const backend = new URL(attribute(element, 'base-url'))
  return context => {
    context.backend = backend
  }
}

const rewriteUri: Compile = element => {
  const target = attribute(element, 'template')
  return context => {
    context.target = target
  }
}

const STEPS: Record<string, Compile> = {
  choose,
  cors: compileCors,
  'validate-jwt': compileValidateJwt,
  'rate-limit-by-key': rateLimitByKey,
  'validate-content': compileValidateContent,
  'set-header': setHeader,
  'set-variable': setVariable,
  'authentication-managed-identity': managedIdentity,
  'set-backend-service': setBackendService,
  'rewrite-uri': rewriteUri,
  'forward-request': compileForward,
  'set-status': setStatus,
  'return-response': returnResponse
}

const compileStep: Compile = (element, services) => {
  const compile = STEPS[element.name]
  if (!compile) throw new PolicyRefused(element.where, 'is not served here')
  return compile(element, services)
}

export type Pipeline = Record<keyof Sections, Step[]>

/** Compiles a policy's sections; `<base />` stands for the steps of `base`. */
export function compilePipeline(sections: Sections, services: Services, base?: Pipeline): Pipeline {
  const compile = (name: keyof Sections) =>
    sections[name].flatMap(element =>
      element.name === 'base' && base ? base[name] : compileStep(element, services)
    )
  return {
    inbound: compile('inbound'),
    backend: compile('backend'),
    outbound: compile('outbound'),
    'on-error': compile('on-error')
  }
}
