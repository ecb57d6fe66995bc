import topology from '#topology' with { type: 'json' }
import type { Deployment, Resource, Value } from '../model.ts'
import { isAnswer, ofType, ownName, textOf } from './read.ts'

const NAMES = [...Object.keys(topology.apps), ...Object.keys(topology.principals)]

/** The topology's name of an identity: one of the parts of `id-aggregate-abc`. */
export const identityName = (identity: Resource): string | undefined =>
  NAMES.find(name => ownName(identity).toLowerCase().split('-').includes(name.toLowerCase()))

export const IDENTITIES = 'Microsoft.ManagedIdentity/userAssignedIdentities'

export const identitiesOf = (deployment: Deployment): Resource[] => ofType(deployment, IDENTITIES)

/** The identity that the topology calls `name`. */
export const identityOf = (deployment: Deployment, name: string): Resource | undefined =>
  identitiesOf(deployment).find(one => identityName(one) === name)

/** Whom an object id belongs to: a name of the topology where an identity answers it, else the id itself. */
export function principalOf(deployment: Deployment, principalId: Value | undefined): string {
  const identity = identitiesOf(deployment).find(one =>
    isAnswer(principalId, one, 'properties.principalId')
  )
  return (identity && identityName(identity)) ?? textOf(principalId) ?? ''
}
