import type { AppFunction } from './core.ts'
import { NotServedError } from './errors.ts'

/** An HTTP function and what its path matches. */
type Route = { fn: AppFunction; methods: string[]; pattern: RegExp; names: string[]; rank: string }

/** The function for a request with its route parameters, or the status to refuse with. */
export type Match = { fn: AppFunction; params: Record<string, string> } | 404 | 405

/** Routes requests to the HTTP functions among `functions`; literal segments win over parameters. */
export function createRouter(functions: AppFunction[], prefix: string) {
  const routes = functions
    .filter(fn => fn.trigger.type === 'httpTrigger')
    .map(fn => toRoute(fn, prefix))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))

  return function match(method: string, path: string): Match {
    let refusal: 404 | 405 = 404
    for (const { fn, methods, pattern, names } of routes) {
      const found = pattern.exec(path)
      if (!found) continue
      refusal = 405
      if (!methods.includes(method)) continue
      const values = names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')])
      return { fn, params: Object.fromEntries(values) }
    }
    return refusal
  }
}

function toRoute(fn: AppFunction, prefix: string): Route {
  const {
    route = fn.name,
    methods = [],
    authLevel = 'anonymous'
  } = fn.trigger as {
    route?: string
    methods?: string[]
    authLevel?: string
  }
  if (authLevel !== 'anonymous') throw new NotServedError(`authLevel ${authLevel}`, fn.name)
  const names: string[] = []
  const ranks: string[] = []
  const segments = [...prefix.split('/'), ...route.split('/')].filter(Boolean).map(segment => {
    const parameter = /^\{(\w+)(?::(\w+))?\}$/.exec(segment)
    if (!parameter && /[{}]/.test(segment))
      throw new NotServedError(`The route segment ${segment}`, fn.name)
    ranks.push(!parameter ? '0' : parameter[2] ? '1' : '2')
    if (!parameter?.[1]) return segment.replaceAll(/[^\w-]/g, '\\$&')
    if (parameter[2] && parameter[2] !== 'int')
      throw new NotServedError(`The route constraint ${parameter[2]}`, fn.name)
    names.push(parameter[1])
    return parameter[2] ? '(-?\\d+)' : '([^/]+)'
  })
  return {
    fn,
    methods: methods.map(method => method.toUpperCase()),
    pattern: new RegExp(`^/${segments.join('/')}/?$`, 'i'),
    names,
    rank: ranks.join('')
  }
}
