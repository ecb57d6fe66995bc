import * as v from 'valibot'
import { ScreenLink } from '#contract'
import { endpointsOf } from './endpoints.ts'
import type { CloudPlan } from './plan.ts'

const TokenAnswer = v.object({ access_token: v.string() })

/** The key of a venue screen's link, asked for as an administrator's program does: with it a page may open a socket. */
export async function screenLink(plan: CloudPlan, name: string): Promise<string> {
  const { gateway, tokenEndpoint, apiAudience, accounts } = endpointsOf(plan, {})
  const { clientId = '', secret = '' } = accounts.find(({ role }) => role === 'admin') ?? {}
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: `${apiAudience}/.default`
  })
  const { access_token } = v.parse(TokenAnswer, await post(tokenEndpoint, { body }))
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
  const link = await post(`${gateway}/screens`, { headers, body: JSON.stringify({ name }) })
  return v.parse(ScreenLink, link).token
}

async function post(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, method: 'POST' })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
