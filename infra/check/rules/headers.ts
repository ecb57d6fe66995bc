import { headersByFolder } from '../../deploy/headers.ts'
import type { Deployment, Fault, Resource } from '../model.ts'
import { at, faultAt, itemsOf, ofType, same, textOf } from './read.ts'
import { settingsOf } from './sites.ts'

const RULE = 'headers'

/** What a header that Front Door adds may say. Others are unknown here: say what they may be. */
const HEADERS: Record<string, RegExp> = {
  'Access-Control-Allow-Origin': /^\*$/,
  'Access-Control-Expose-Headers': /^etag, retry-after$/,
  'Cache-Control': /^(no-cache|no-store|public, max-age=\d+(, immutable)?)$/,
  'Content-Security-Policy': /./,
  'Referrer-Policy': /^no-referrer$/,
  'Strict-Transport-Security': /^max-age=\d{8,}$/,
  'X-Content-Type-Options': /^nosniff$/
}
/** Every set of rules adds these to every answer; pages have a policy besides. */
const EVERYWHERE = ['Strict-Transport-Security', 'X-Content-Type-Options']
const ON_PAGES = ['Content-Security-Policy', 'Referrer-Policy']

/** Where pages may load from and talk to. */
const SOURCES = [
  "'none'",
  "'self'",
  'https://[\\w-]+\\.azure-api\\.net',
  'https://login\\.microsoftonline\\.com',
  'https://[0-9a-f-]{36}\\.ciamlogin\\.com',
  // Web PubSub alone knows its host's name.
  'wss://«[^»]+»'
].join('|')

/** A directive of a content security policy: its name, then sources. */
const DIRECTIVE = new RegExp(
  [
    `^(default|script|style|img|font|connect|frame|manifest|worker|object)-src( (${SOURCES}))+$`,
    "^(base-uri|form-action|frame-ancestors) '(none|self)'$",
    "^require-trusted-types-for 'script'$"
  ].join('|')
)

/** Folders of the pages with a policy of their own, wherever pages are served; whom they call besides is named elsewhere. */
const ANY = 'https://host.example'
const ownPoliciesOf = (ridersIssuer: string) =>
  headersByFolder(
    { lookupsUrl: ANY, gatewayUrl: ANY, webPubSubEndpoint: ANY },
    'https://login.microsoftonline.com',
    ridersIssuer
  )
const POLICY = 'Content-Security-Policy'

/** Longest value that Front Door takes. */
const LONGEST = 640

/** Front Door adds headers that browsers know, and none of those that protect is missing. */
export function headers(deployment: Deployment): Fault[] {
  const rules = ofType(deployment, 'Microsoft.Cdn/profiles/ruleSets/rules')
  const issuer = ofType(deployment, 'Microsoft.Web/sites')
    .map(site => textOf(settingsOf(site).get('RIDERS_ISSUER')))
    .find(text => text !== undefined && URL.canParse(text))
  const policies = ownPoliciesOf(issuer ?? ANY)
  return [
    ...rules.flatMap(rule =>
      headersOf(rule).flatMap(([name, text, place]) => {
        const wrong = wrongIn(name, text)
        return wrong ? [{ place, rule: RULE, message: `${rule.name}: ${name} ${wrong}` }] : []
      })
    ),
    ...ofType(deployment, 'Microsoft.Cdn/profiles/ruleSets').flatMap(set => {
      const always = rules.filter(
        rule =>
          rule.id.startsWith(`${set.id}/`) &&
          itemsOf(at(rule.body, 'properties.conditions')).length === 0
      )
      const given = always.flatMap(headersOf).map(([name]) => name)
      const wanted = given.includes('Access-Control-Allow-Origin')
        ? EVERYWHERE
        : [...EVERYWHERE, ...ON_PAGES]
      return [
        ...wanted
          .filter(name => !given.includes(name))
          .map(name => faultAt(set, RULE, `${set.name} must add ${name} to every answer`)),
        ...(given.includes(POLICY) ? ownPolicies(set, rules, policies) : [])
      ]
    })
  ]
}

/** The folders with a policy of their own have it here too. */
function ownPolicies(
  set: Resource,
  rules: Resource[],
  policies: ReturnType<typeof ownPoliciesOf>
): Fault[] {
  return Object.entries(policies).flatMap(([folder, headers]) => {
    const found = rules.find(
      ({ id, body }) =>
        id.startsWith(`${set.id}/`) &&
        itemsOf(at(body, 'properties.conditions'))
          .flatMap(condition => itemsOf(at(condition, 'parameters.matchValues')))
          .some(value => textOf(value) === `${folder}/`)
    )
    const [, text = ''] = (found && headersOf(found).find(([name]) => name === POLICY)) ?? []
    if (same(confines(text), confines(headers[POLICY]))) return []
    const message = `${set.name} must give ${folder}/ the policy that infra/deploy/headers.ts has for it`
    return [faultAt(found ?? set, RULE, message)]
  })
}

/** What a policy says beside whom the page may call. */
const confines = (policy: string): string[] =>
  policy
    .split('; ')
    .filter(directive => !directive.startsWith('connect-src '))
    .sort()

const headersOf = (rule: Resource) =>
  itemsOf(at(rule.body, 'properties.actions')).flatMap(action => {
    const name = at(action, 'parameters.headerName')
    const value = at(action, 'parameters.value')
    return name ? [[textOf(name) ?? '', textOf(value) ?? '', (value ?? name).place] as const] : []
  })

function wrongIn(name: string, text: string): string | undefined {
  const pattern = HEADERS[name]
  if (!pattern) return 'is no header that is known here'
  if (!pattern.test(text)) return `must be like ${pattern.source}`
  if (text.length > LONGEST) return `is longer than ${LONGEST} letters`
  if (name !== 'Content-Security-Policy') return undefined
  const directives = text.split('; ')
  if (directives[0] !== "default-src 'none'") return "must begin with default-src 'none'"
  const wrong = directives.find(directive => !DIRECTIVE.test(directive))
  return wrong && `has a directive or source that is not known here: ${wrong}`
}
