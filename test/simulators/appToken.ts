import * as v from 'valibot'

/** A token is renewed so long before it expires, ms. */
const RENEW_MS = 60_000

/** An app's registration with Entra ID. */
export type AppRegistration = {
  tokenEndpoint: string
  /** The API that the token is for; its scope is `{apiAudience}/.default`. */
  apiAudience: string
  clientId: string
  secret: string
}

const TokenAnswer = v.object({ access_token: v.string(), expires_in: v.number() })

/** The app's own token by client credentials, kept until shortly before it expires. Rejects where it is refused. */
export function createAppToken(app: AppRegistration, now: () => number): () => Promise<string> {
  let token = ''
  let renewAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (now() < renewAt) return token
    const response = await fetch(app.tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: app.clientId,
        client_secret: app.secret,
        scope: `${app.apiAudience}/.default`
      })
    })
    if (!response.ok) {
      throw new Error(`no token: ${response.status} ${(await response.text()).slice(0, 500)}`)
    }
    const answer = v.parse(TokenAnswer, await response.json())
    token = answer.access_token
    renewAt = now() + answer.expires_in * 1_000 - RENEW_MS
    return token
  }
}
