import type { Actor, Me } from '#contract'
import topology from '#topology'
import { Refused } from '../stages/problem.ts'
import { type VerifyEntraToken, verifyEntraToken } from './entraTokens.ts'

type Role = keyof typeof topology.entra.roles

/**
 * Who holds a token for this API and has one of the roles: a person, or an app that acts for itself. No role implies
 * another. Throws `Refused`: 401 for a token that does not hold, 403 for one that does not suffice.
 */
type OfficialOf = (token: string, ...anyOf: [Role, ...Role[]]) => Promise<Actor>

/** Roles that people may have. */
const OF_PEOPLE = Object.entries(topology.entra.roles)
  .filter(([, { members }]) => members.includes('User'))
  .map(([role]) => role)

/** Judges what a token that holds allows. */
export const createOfficialOf =
  (verify: VerifyEntraToken): OfficialOf =>
  async (token, ...anyOf) => {
    const { tenant, object } = await callerOf(verify, token, anyOf)
    return { kind: 'person', tenant, object }
  }

/** Tells those who have a role of people which ones. */
export const createMeOf =
  (verify: VerifyEntraToken) =>
  (token: string): Promise<Me> =>
    callerOf(verify, token, OF_PEOPLE)

async function callerOf(verify: VerifyEntraToken, token: string, anyOf: string[]): Promise<Me> {
  const { tid, oid, scp, roles } = await verify(token)
  const { scope } = topology.entra
  if (scp !== undefined && !scp.split(' ').includes(scope)) {
    throw new Refused('forbidden', `Ask for a token with the scope ${scope}.`)
  }
  if (!anyOf.some(role => roles.includes(role))) {
    throw new Refused('forbidden', `Ask an administrator for the role ${anyOf.join(' or ')}.`)
  }
  return { tenant: tid, object: oid, roles }
}

/** The official of a token for this deployment's API. */
export const officialOf = createOfficialOf(verifyEntraToken)
/** Who the caller is to this deployment's API. */
export const meOf = createMeOf(verifyEntraToken)
