import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { DefaultAzureCredential } from '@azure/identity'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import type { Endpoints } from '../../infra/local/endpoints.ts'
import { createAppToken } from '../simulators/appToken.ts'
import { type Arm, openArm } from './arm.ts'
import { type Environment, readEnvironment } from './environment.ts'

const Claims = v.object({ roles: v.optional(v.array(v.string()), []) })

/** Officials' roles that the smoke test acts in. */
export type Role = 'admin' | 'timekeeper'

/** A running Grandstand, with all that differs between Azure and the laptop. Addresses end without a slash. */
export type Target = {
  /** Base of all routes. */
  gateway: string
  /** Base of the routes that anyone may read, by the cache where there is one. */
  lookups: string
  /** Origin of the pages. */
  pages: string
  /** A token of the API for somebody in the role; rejects where there is none. */
  token: (role: Role) => Promise<string>
  /** What is deployed; absent on the laptop. */
  azure?: { arm: Arm; environment: Environment }
}

/** What is deployed; throws on the laptop. */
export function deployed({ azure }: Target): NonNullable<Target['azure']> {
  if (!azure) throw new Error('nothing is deployed on the laptop')
  return azure
}

/** The reason of every check of what only Azure has. */
export const onLaptop = ({ azure }: Target, reason: string): string | undefined =>
  azure ? undefined : reason

/** Where pages and lookups are cached, and by what. */
export const onFrontDoor = ({ azure }: Target): boolean =>
  azure?.environment.PAGES_ON_STATIC_WEB_APPS.toLowerCase() === 'false'

export const openTarget = (args: { env: string | undefined; state: string }): Target =>
  args.env ? onAzure(readEnvironment(args.env)) : onThisMachine(args.state)

/** By the sign-in of whoever runs this, who needs both roles: see docs/deploy.md. */
function onAzure(environment: Environment): Target {
  const credential = new DefaultAzureCredential()
  return {
    gateway: environment.GATEWAY_URL,
    lookups: environment.LOOKUPS_URL,
    pages: environment.PAGES_URL,
    async token(role) {
      const { token } = await credential.getToken(`${environment.API_CLIENT_ID}/.default`)
      const { roles } = v.parse(Claims, decodeJwt(token))
      if (roles.includes(role)) return token
      throw new Error(`the signed-in account lacks the role ${role}: see docs/deploy.md, Roles`)
    },
    azure: { environment, arm: openArm(credential, environment) }
  }
}

/** Throws one sentence where `npm start` has not written its endpoints. */
function onThisMachine(state: string): Target {
  const { gateway, pages, tokenEndpoint, apiAudience, accounts, caFile } = readEndpoints(state)
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(caFile, 'utf8')])
  return {
    gateway,
    lookups: gateway,
    pages: new URL(pages.screen ?? gateway).origin,
    async token(role) {
      const account = accounts.find(each => each.role === role)
      if (!account) throw new Error(`no account with the role ${role} in endpoints.json`)
      const { clientId, secret } = account
      return createAppToken({ tokenEndpoint, apiAudience, clientId, secret }, Date.now)()
    }
  }
}

function readEndpoints(state: string): Endpoints {
  const file = join(state, 'endpoints.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Error(`There is no ${file}: run npm start, or name its --state.`)
  }
}
