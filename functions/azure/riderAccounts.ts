import { Refused } from '../stages/problem.ts'
import { createVerifyEntraToken, type VerifyEntraToken } from './entraTokens.ts'
import { setting } from './settings.ts'

let verify: VerifyEntraToken | undefined

/** Who signed in at the riders' issuer; no role is needed. Throws `Refused` for a token that does not hold or is an app's. */
export async function riderOf(token: string): Promise<{ tenant: string; object: string }> {
  verify ??= createVerifyEntraToken(setting('RIDERS_ISSUER'), setting('RIDERS_AUDIENCE'))
  const { tid, oid, scp } = await verify(token)
  if (scp === undefined) throw new Refused('unauthorized', 'Sign in: this token is no person’s.')
  return { tenant: tid, object: oid }
}
