import { createHash, randomBytes } from 'node:crypto'

/** What a person's browser needs to know to sign in for the pages. */
export type SignInPlace = {
  /** Base of Entra's addresses: `http://host/{tenant}`. */
  authority: string
  clientId: string
  redirectUri: string
  scope: string
}

export type Tokens = { access_token: string; id_token: string; refresh_token: string }

/** A browser without a face: follows nothing by itself and keeps its cookies. */
export function createVisitor() {
  const cookies = new Map<string, { value: string; path: string }>()
  return async (address: string, form?: Record<string, string>): Promise<Response> => {
    const { pathname } = new URL(address)
    const sent = [...cookies].filter(([, { path }]) => pathname.startsWith(path))
    const answer = await fetch(address, {
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ')
      },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {})
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) cookies.set(name, { value, path: /path=([^;]+)/i.exec(line)?.[1] ?? '/' })
      else cookies.delete(name)
    }
    return answer
  }
}

/** The request with which the pages begin a sign-in, and the secret that ends it. */
export function authorizeUrl(place: SignInPlace, changes: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: place.clientId,
    response_type: 'code',
    redirect_uri: place.redirectUri,
    scope: `openid profile offline_access ${place.scope}`,
    state: 'lap-7',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes
  })
  for (const [name, value] of [...query]) if (!value) query.delete(name)
  return { url: `${place.authority}/oauth2/v2.0/authorize?${query}`, verifier }
}

/** Where an answer leads to. */
export const locationOf = (answer: Response): string =>
  new URL(answer.headers.get('location') ?? '', answer.url).href

/** Enters name and password; the answer leads back to the pages with a code, or is the form again. */
export async function enter(
  visit: ReturnType<typeof createVisitor>,
  url: string,
  account: { userName: string; password: string }
): Promise<Response> {
  const form = locationOf(await visit(url))
  const { userName, password } = account
  const answer = await visit(form, { userName, password })
  return answer.status === 303 ? visit(locationOf(answer)) : answer
}

/** Asks the token endpoint as the pages do. */
export const askToken = (place: SignInPlace, fields: Record<string, string>): Promise<Response> =>
  fetch(`${place.authority}/oauth2/v2.0/token?client-request-id=1`, {
    method: 'POST',
    headers: { origin: new URL(place.redirectUri).origin },
    body: new URLSearchParams({
      client_id: place.clientId,
      scope: `openid profile offline_access ${place.scope}`,
      ...fields
    })
  })

/** Signs a person in from the form to the tokens. */
export async function signInPerson(
  place: SignInPlace,
  account: { userName: string; password: string },
  visit = createVisitor()
): Promise<Tokens> {
  const { url, verifier } = authorizeUrl(place)
  const back = new URL(locationOf(await enter(visit, url, account)))
  const answer = await askToken(place, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: place.redirectUri,
    code_verifier: verifier
  })
  if (!answer.ok) throw new Error(`the token endpoint answers ${await answer.text()}`)
  return (await answer.json()) as Tokens
}
