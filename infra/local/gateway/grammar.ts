import { PolicyRefused } from './errors.ts'
import type { Element } from './policies.ts'

/** An element's attributes, required but for those with `?`, with the one value that is served or any; its children as a pattern of names. */
type Rule = { attributes?: string; children?: string; text?: true }

const listOf = (name: string): Rule => ({ children: `${name}( ${name})*` })
const oneOf = (names: string): Rule => ({ children: `((${names.replaceAll(' ', '|')})( |$))*` })
const text: Rule = { text: true }

/** Everything that this runner serves of API Management's policy language. */
const GRAMMAR: Record<string, Rule> = {
  policies: { children: 'inbound backend outbound on-error' },
  inbound: oneOf(
    'base choose cors validate-jwt rate-limit-by-key validate-content set-header set-variable authentication-managed-identity set-backend-service rewrite-uri'
  ),
  backend: oneOf('base forward-request'),
  outbound: oneOf('base choose'),
  'on-error': oneOf('base choose'),
  base: {},
  choose: { children: 'when( when)*( otherwise)?' },
  when: { ...oneOf('return-response set-status set-variable'), attributes: 'condition' },
  otherwise: oneOf('return-response set-status set-variable'),
  'return-response': { children: 'set-status( set-header)* set-body' },
  'set-status': { attributes: 'code reason' },
  'set-header': { children: '(value)?', attributes: 'name exists-action' },
  value: text,
  'set-variable': { attributes: 'name value' },
  'set-body': text,
  cors: {
    children: 'allowed-origins allowed-methods allowed-headers expose-headers',
    attributes: 'allow-credentials=false'
  },
  'allowed-origins': listOf('origin'),
  origin: text,
  'allowed-methods': { ...listOf('method'), attributes: 'preflight-result-max-age' },
  method: text,
  'allowed-headers': listOf('header'),
  'expose-headers': listOf('header'),
  header: text,
  'validate-jwt': {
    children: 'openid-config audiences( required-claims)?',
    attributes:
      'header-name=Authorization failed-validation-httpcode=401 require-scheme=Bearer require-expiration-time=true require-signed-tokens=true clock-skew output-token-variable-name'
  },
  'openid-config': { attributes: 'url' },
  audiences: listOf('audience'),
  audience: text,
  'required-claims': listOf('claim'),
  claim: { ...listOf('value'), attributes: 'name match=any' },
  'rate-limit-by-key': {
    attributes: 'calls renewal-period increment-condition? counter-key retry-after-variable-name'
  },
  'validate-content': {
    children: 'content-type-map content',
    attributes: 'unspecified-content-type-action=prevent max-size size-exceeded-action=prevent'
  },
  'content-type-map': { attributes: 'any-content-type-value=application/json' },
  content: { attributes: 'type=application/json validate-as=json action=prevent schema-id' },
  'authentication-managed-identity': {
    attributes: 'resource client-id output-token-variable-name?'
  },
  'set-backend-service': { attributes: 'base-url' },
  'rewrite-uri': { attributes: 'template copy-unmatched-params=false' },
  'forward-request': { attributes: 'timeout' }
}

/** Throws a `PolicyRefused` at the first thing that is not in the grammar. */
export function checkElement(element: Element): void {
  const { name, where } = element
  const rule = GRAMMAR[name]
  if (!rule) throw new PolicyRefused(where, 'this element is not known here')
  const served = rule.attributes?.split(' ') ?? []
  const known = new Map(served.map(it => it.split(/[=?]/) as [string, string | undefined]))
  for (const given of Object.keys(element.attributes))
    if (!known.has(given))
      throw new PolicyRefused(where, `the attribute ${given} is not known here`)
  for (const [attribute, value] of known) {
    const given = element.attributes[attribute]
    if (given === undefined && served.includes(`${attribute}?`)) continue
    if (given === undefined) throw new PolicyRefused(where, `lacks the attribute ${attribute}`)
    if (value && given !== value)
      throw new PolicyRefused(where, `${attribute} is served as ${value} only`)
  }
  if (element.text && !rule.text) throw new PolicyRefused(where, 'holds text')
  element.children.forEach(checkElement)
  const children = element.children.map(child => child.name).join(' ')
  if (!new RegExp(`^${rule.children ?? ''}$`).test(children))
    throw new PolicyRefused(where, `is not served with the content "${children}"`)
}
