import * as v from 'valibot'
import topology from '#topology' with { type: 'json' }
import rights from '../../../infra/rights.json' with { type: 'json' }
import { type Attempt, ask } from './attempt.ts'
import type { Cloud } from './cloud.ts'

const RESOURCE = 'https://vault.azure.net'
const VAULT = 'Microsoft.KeyVault/vaults'
/** What is signed: a digest of SHA-256. */
const DIGEST = Buffer.alloc(32).toString('base64url')
const VaultKey = v.pipe(v.string(), v.parseJson(), v.object({ key: v.object({ kid: v.string() }) }))

/** Reading and signing, and what nobody may do to the key. */
export function keyVaultAttempts({ plan: { ports }, credentialOf }: Cloud): Attempt[] {
  const where = topology.keyVault.seatKey
  const { read, sign } = rights.dataActions.keyVault
  const at = (path: string) => `http://127.0.0.1:${ports.keyVault}${path}?api-version=7.4`
  const attempt = (
    right: string,
    actions: string[],
    path: string,
    init?: RequestInit
  ): Attempt => ({
    service: 'keyVault',
    where,
    right,
    actions,
    call: by => ask(by, RESOURCE, at(path), init)
  })
  const key = `/keys/${where}`
  const post = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })
  return [
    attempt('read', read, key),
    {
      service: 'keyVault',
      where,
      right: 'sign',
      actions: sign,
      async call(by) {
        // Whoever may sign need not be who may read the version that a signature names.
        const known = v.parse(VaultKey, await ask(credentialOf('rider'), RESOURCE, at(key)))
        const { pathname } = new URL(known.key.kid)
        await ask(by, RESOURCE, at(`${pathname}/sign`), post({ alg: 'RS256', value: DIGEST }))
      }
    },
    attempt('delete', [`${VAULT}/keys/delete`], key, { method: 'DELETE' }),
    attempt('create', [`${VAULT}/keys/create/action`], `${key}/create`, post({ kty: 'RSA' })),
    attempt('getSecret', [`${VAULT}/secrets/getSecret/action`], '/secrets/any')
  ]
}
