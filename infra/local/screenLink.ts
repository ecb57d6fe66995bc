import { createHash } from 'node:crypto'
import { SCREEN_AUDIENCE } from '#contract'
import topology from '#topology' with { type: 'json' }
import { identitySettings } from './appSettings.ts'
import type { CloudPlan } from './plan.ts'

/** Life of a screen's link, in s. */
const LINK_LIFE_S = 30 * 86_400

/** The token of a venue screen's link, signed as seat tokens are: with it a page may open a socket. */
export async function screenLink(plan: CloudPlan, screen: string): Promise<string> {
  const { ports } = plan
  const identity = (await identitySettings(plan))('rider')
  const resource = 'https://vault.azure.net'
  const asked = `${identity.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${resource}`
  const { access_token } = await json(asked, {
    headers: { 'x-identity-header': identity.IDENTITY_HEADER ?? '' }
  })
  const vault = `http://127.0.0.1:${ports.keyVault}/keys/${topology.keyVault.seatKey}`
  const authorization = {
    authorization: `Bearer ${access_token}`,
    'content-type': 'application/json'
  }
  const { key } = await json(`${vault}?api-version=7.4`, { headers: authorization })
  const now = Math.floor(Date.now() / 1_000)
  const signed = [
    { alg: 'RS256', typ: 'JWT', kid: key.kid },
    {
      iss: `http://127.0.0.1:${ports.rider}`,
      sub: screen,
      aud: SCREEN_AUDIENCE,
      iat: now,
      exp: now + LINK_LIFE_S
    }
  ]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const digest = createHash('sha256').update(signed).digest('base64url')
  const { value } = await json(`${key.kid}/sign?api-version=7.4`, {
    method: 'POST',
    headers: authorization,
    body: JSON.stringify({ alg: 'RS256', value: digest })
  })
  return `${signed}.${value}`
}

type VaultAnswer = { access_token: string; key: { kid: string }; value: string }

async function json(url: string, init: RequestInit): Promise<VaultAnswer> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}`)
  return (await answer.json()) as VaultAnswer
}
