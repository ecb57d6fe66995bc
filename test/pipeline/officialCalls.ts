import { decodeJwt } from 'jose'
import { expect } from 'vitest'
import { signInPerson } from '../local/personSignIn.ts'
import { documentedResponse } from '../openapiDocument.ts'
import type { Product } from './product.ts'

/** Who asks: two apps with a role each, and one person with both. */
export type Caller = 'admin' | 'timekeeper' | 'both'
/** What is sent, by an admin where nobody is named. */
export type Sent = { as?: Caller; body?: object; key?: string }

/** Officials' requests through the front door, every answer held against the API's description. */
export async function openCalls(product: Product) {
  const { issuer, apiAudience, people } = product.endpoints
  const { clientId, redirectUris } = product.cloud.plan.pages
  const account = people.find(({ roles }) => roles.length === 2) ?? expect.fail()
  const place = {
    authority: issuer.replace(/\/v2\.0$/, ''),
    clientId,
    redirectUri: redirectUris[0] ?? expect.fail(),
    scope: `${apiAudience}/access_as_user`
  }
  const tokens: Record<Caller, string> = {
    admin: await product.tokenOf('admin'),
    timekeeper: await product.tokenOf('timekeeper'),
    both: (await signInPerson(place, account)).access_token
  }

  const send = async <T>(method: string, path: string, sent: Sent = {}) => {
    const { as = 'admin', body, key } = sent
    const answer = await fetch(`${product.cloud.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[as]}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key })
      },
      ...(body && { body: JSON.stringify(body) })
    })
    const { status } = answer
    const said = (await answer.json()) as T
    const faults = documentedResponse(method, path, status)?.check(said)
    expect({ status, faults, said }).toEqual({ status, faults: [], said })
    return { status, said }
  }
  return {
    tokens,
    /** How the ledger names a caller. */
    actorOf(caller: Caller) {
      const { tid, oid } = decodeJwt(tokens[caller])
      return { kind: 'person', tenant: tid, object: oid }
    },
    send,
    /** The body of an answer that has this status. */
    async ask<T>(method: string, path: string, status: number, sent: Sent = {}): Promise<T> {
      const answer = await send<T>(method, path, sent)
      expect(answer).toEqual({ status, said: answer.said })
      return answer.said
    }
  }
}
