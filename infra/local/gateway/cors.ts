import type { Step } from './context.ts'
import { attribute, childOf, type Element, textsOf } from './policies.ts'

/** `cors`: answers a preflight itself; a foreign origin's GET gets an empty 200, as is the service's default. */
export function compileCors(element: Element): Step {
  const origins = textsOf(element, 'allowed-origins')
  const methods = childOf(element, 'allowed-methods')
  const preflight = {
    'Access-Control-Allow-Methods': textsOf(element, 'allowed-methods').join(','),
    'Access-Control-Allow-Headers': textsOf(element, 'allowed-headers').join(','),
    'Access-Control-Max-Age': methods ? attribute(methods, 'preflight-result-max-age') : '0'
  }
  const exposed = {
    'Access-Control-Expose-Headers': textsOf(element, 'expose-headers').join(',')
  }
  return context => {
    const { origin } = context.incoming.headers
    if (!origin) return
    const asked = context.method === 'OPTIONS'
    const allowed = origins.find(known => known === '*' || known === origin)
    if (allowed)
      context.cors = {
        'Access-Control-Allow-Origin': allowed,
        ...(allowed === '*' ? {} : { Vary: 'Origin' }),
        ...(asked ? preflight : exposed)
      }
    if (asked || (!allowed && context.method === 'GET')) {
      context.response = { status: 200, reason: 'OK', fields: {}, body: '' }
      context.returned = true
    }
  }
}
