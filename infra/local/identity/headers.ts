import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keepSecret } from '../secretFile.ts'

/** The secret header of each app, derived from one secret kept in `dir`: the same at every start. */
export async function openIdentityHeaders(dir: string): Promise<(app: string) => string> {
  const secret = await keepSecret(join(dir, 'identity.secret'), async () =>
    randomBytes(32).toString('hex')
  )
  return app => createHmac('sha256', secret).update(app).digest('hex')
}
