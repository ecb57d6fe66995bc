import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose'
import * as v from 'valibot'
import { SCREEN_AUDIENCE, Seat } from '#contract'
import topology from '#topology' with { type: 'json' }
import { identitySettings } from '../../infra/local/appSettings.ts'
import { entraIssuer } from '../../infra/local/plan.ts'
import { screenLink } from '../../infra/local/screenLink.ts'
import { keepSigningKey, type SigningKey } from '../../infra/local/secretFile.ts'
import { signInPerson } from '../local/personSignIn.ts'
import { forged, unsigned } from '../smoke/forgery.ts'
import type { Product } from './product.ts'
import { OTHER_RACE, RIDE } from './routeTable.ts'

const HOUR_S = 3_600
const now = () => Math.floor(Date.now() / 1_000)
/** Every role at once, so that a broken token is refused for what is broken alone; and every one that people have. */
const roles = Object.keys(topology.entra.roles)
const peoplesRoles = Object.entries(topology.entra.roles)
  .filter(([, { members }]) => members.includes('User'))
  .map(([role]) => role)

/** Everyone who may come to an address, by the name that the table has for them, with their token. */
export async function callersOf(product: Product): Promise<Record<string, string | undefined>> {
  return { nobody: undefined, ...(await entraCallers(product)), ...(await seatCallers(product)) }
}

/** Tokens of Entra ID: broken ones, which the issuer's own key signs but for two, then those of accounts. */
async function entraCallers(product: Product): Promise<Record<string, string>> {
  const { plan } = product.cloud
  const key = await keepSigningKey(join(plan.dir, 'issuer.key'))
  const person = await personToken(product, ['timekeeper', 'admin'])
  const good = { ...decodeJwt(person), roles }
  const signed = (claims: object) => resigned(key, key.kid, { ...good, ...claims })
  const other = '99999999-2222-4333-8444-555555555555'
  const tokens: Record<string, string> = {
    expired: await signed({ iat: now() - 3 * HOUR_S, exp: now() - HOUR_S }),
    'wrong audience': await signed({ aud: other }),
    'wrong tenant': await signed({
      tid: other,
      iss: entraIssuer(plan).replace(plan.tenantId, other)
    }),
    'wrong issuer': await signed({ iss: `https://login.example/${plan.tenantId}/v2.0` }),
    'version 1.0': await signed({
      ver: '1.0',
      iss: `https://sts.windows.net/${plan.tenantId}/`
    }),
    'forged signature': await forged(await signed({})),
    'alg none': unsigned(await signed({})),
    'person without scope': await signed({ scp: 'openid profile', roles: peoplesRoles }),
    'identity of another app': await identityToken(product, 'publish')
  }
  for (const { role } of plan.clients) tokens[`app: ${role}`] = await product.tokenOf(role)
  for (const { roles } of plan.people)
    tokens[`person: ${roles.join(' and ') || 'no role'}`] = await personToken(product, roles)
  return tokens
}

/** Tokens of riders and screens, and such as the rider app's key never signs. */
async function seatCallers(product: Product): Promise<Record<string, string>> {
  const seat = await takeSeat(product, RIDE)
  const key = await keepSigningKey(
    join(product.cloud.plan.dir, `key-vault-${topology.keyVault.seatKey}.key`)
  )
  const { kid = '' } = decodeProtectedHeader(seat)
  const signed = (claims: object) => resigned(key, kid, { ...decodeJwt(seat), ...claims })
  return {
    seat,
    'seat of another race': await takeSeat(product, OTHER_RACE),
    'screen link': await screenLink(product.cloud.plan, 'table'),
    'seat: expired': await signed({ exp: now() - HOUR_S }),
    'seat: wrong audience': await signed({ aud: `${SCREEN_AUDIENCE}s` }),
    'seat: wrong issuer': await signed({ iss: entraIssuer(product.cloud.plan) }),
    'seat: forged signature': await forged(seat),
    'seat: alg none': unsigned(seat)
  }
}

const resigned = (key: SigningKey, kid: string, claims: JWTPayload) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(key.privateKey)

async function personToken({ cloud }: Product, roles: string[]): Promise<string> {
  const { ports, tenantId, apiAudience, pages, people } = cloud.plan
  const account = people.find(person => person.roles.join() === roles.join())
  if (!account) throw new Error(`nobody has the roles ${roles}`)
  const place = {
    authority: `http://127.0.0.1:${ports.issuer}/${tenantId}`,
    clientId: pages.clientId,
    redirectUri: pages.redirectUris[0] ?? '',
    scope: `${apiAudience}/${topology.entra.scope}`
  }
  return (await signInPerson(place, account)).access_token
}

/** A token for our API of one of our own identities, such as the gateway's. */
export async function identityToken({ cloud }: Product, identity: string): Promise<string> {
  const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = (await identitySettings(cloud.plan))(
    identity
  )
  const query = new URLSearchParams({
    'api-version': '2019-08-01',
    resource: cloud.plan.apiAudience
  })
  const answer = await fetch(`${IDENTITY_ENDPOINT}?${query}`, {
    headers: { 'x-identity-header': IDENTITY_HEADER }
  })
  return v.parse(v.object({ access_token: v.string() }), await answer.json()).access_token
}

async function takeSeat({ cloud }: Product, raceId: string): Promise<string> {
  const answer = await fetch(`${cloud.url}/races/${raceId}/seats`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"nickname":"Ada"}'
  })
  return v.parse(Seat, await answer.json()).token
}
