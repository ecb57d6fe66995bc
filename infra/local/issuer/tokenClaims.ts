import type { JWTPayload } from 'jose'
import { stableId } from '../stableId.ts'
import { objectIdOf, type Person } from './people.ts'

/** What oidc-provider puts into every access token by itself. */
type Issued = Pick<JWTPayload, 'iss' | 'aud' | 'iat' | 'exp' | 'jti'>

const common = ({ iss, aud, iat, exp, jti }: Issued, tenantId: string) => {
  return { iss, aud, iat, nbf: iat, exp, uti: jti, ver: '2.0', tid: tenantId }
}

/** An access token of version 2.0 for an app that acts for itself. */
export function appClaims(issued: Issued, tenantId: string, clientId: string, role?: string) {
  const id = stableId(`principal:${clientId}`)
  return {
    ...common(issued, tenantId),
    ...{ sub: id, oid: id, azp: clientId, azpacr: '1' },
    roles: [role]
  }
}

/** An access token of version 2.0 for a person: without a role there is no claim `roles`. */
export function personClaims(
  issued: Issued,
  tenantId: string,
  clientId: string,
  person: Person,
  scope: string
) {
  const oid = objectIdOf(person)
  return {
    ...common(issued, tenantId),
    // The subject is another one at each application, as in Entra ID: `oid` tells who it is.
    ...{ sub: stableId(`subject:${clientId}:${oid}`), oid, azp: clientId, azpacr: '0' },
    ...{ scp: scope, name: person.name, preferred_username: person.userName },
    ...(person.roles.length > 0 ? { roles: person.roles } : {})
  }
}
