import { Refused } from '../stages/problem.ts'
import { type VerifyEntraToken, verifyEntraToken } from './entraTokens.ts'
import { setting } from './settings.ts'

/** Verified tokens that are remembered: each unit of the gateway has one a day. */
const HELD_MAX = 100

/** Throws `Refused` for a token that is not the gateway's own, so that nobody calls past its limits and checks. */
type GatewayCheck = (token: string) => Promise<void>

/** Takes tokens of the principal whose object id is given; each is verified once. */
export function createGatewayCheck(
  verify: VerifyEntraToken,
  principalId: () => string
): GatewayCheck {
  /** When each token ends, in ms since 1970. */
  const held = new Map<string, number>()
  return async token => {
    if (!token) throw pastTheGateway()
    if ((held.get(token) ?? 0) > Date.now()) return
    const { oid, exp } = await verify(token).catch((error: unknown) => {
      throw error instanceof Refused && error.problem.status === 401 ? pastTheGateway() : error
    })
    if (oid !== principalId()) throw pastTheGateway()
    if (held.size >= HELD_MAX) held.clear()
    held.set(token, exp * 1_000)
  }
}

const pastTheGateway = () =>
  new Refused('forbidden', "Send it to the API's own address: this one answers the gateway alone.")

/** Judges by this deployment's settings. */
export const checkGateway = createGatewayCheck(verifyEntraToken, () =>
  setting('GATEWAY_PRINCIPAL_ID')
)
