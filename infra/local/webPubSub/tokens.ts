import type { IncomingMessage } from 'node:http'
import { decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { bearerOf, Refusal } from '../jsonServer.ts'
import { isPermitted } from '../permissions.ts'
import type { CheckToken } from '../tokens.ts'

const AUDIENCE = 'https://webpubsub.azure.com'

/** What a client's token says about its connection. */
export type ClientClaims = { userId: string | undefined; roles: string[]; groups: string[] }
/** What a client's token is asked for. */
export type Grant = ClientClaims & { minutes: number }

/** Tokens of the service: signed with the access key, except those that apps get from Entra ID. */
export function createTokens(options: {
  /** `https://localhost:port`, which every audience starts with. */
  endpoint: string
  hub: string
  accessKey: string
  checkToken: CheckToken
}) {
  const key = new TextEncoder().encode(options.accessKey)
  const clientAudience = `${options.endpoint}/client/hubs/${options.hub}`

  const unauthorized = (error: unknown) => {
    throw new Refusal(401, 'Unauthorized', String(error))
  }
  const verify = (token: string, audience: string[]): Promise<JWTPayload> =>
    jwtVerify(token, key, { audience, algorithms: ['HS256'], requiredClaims: ['exp'] }).then(
      ({ payload }) => payload
    )

  return {
    issue({ userId, roles, groups, minutes }: Grant): Promise<string> {
      const token = new SignJWT({ role: roles, 'webpubsub.group': groups })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setAudience(clientAudience)
        .setIssuedAt()
        .setExpirationTime(`${minutes} minutes`)
      return (userId === undefined ? token : token.setSubject(userId)).sign(key)
    },

    /** Rejects with 401 unless the token is this service's, for this hub, and has not expired. */
    async checkClient(token: string): Promise<ClientClaims> {
      const claims = await verify(token, [clientAudience]).catch(unauthorized)
      return {
        userId: claims.sub,
        roles: listOf(claims.role),
        groups: listOf(claims['webpubsub.group'])
      }
    },

    /** Rejects unless the request holds a token of the access key for its URL, or one of an app with this right. */
    async checkRequest(request: IncomingMessage, right: 'send' | 'negotiate'): Promise<void> {
      const token = bearerOf(request)
      const check = async () => {
        if (decodeProtectedHeader(token).alg !== 'HS256')
          return isPermitted(await options.checkToken(token, AUDIENCE), 'webPubSub', right)
        // The audience is the URL; the official client leaves the query in, the reference leaves it out.
        const target = `${options.endpoint}${request.url}`
        await verify(token, [target, target.replace(/\?.*/, '')])
        return true
      }
      if (!(await check().catch(unauthorized)))
        throw new Refusal(403, 'Forbidden', `This identity may not ${right}`)
    }
  }
}

/** A claim of one value comes bare or as an array. */
const listOf = (claim: unknown): string[] =>
  claim === undefined ? [] : [claim].flat().filter(value => typeof value === 'string')
