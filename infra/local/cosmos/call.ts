import type { JWTPayload } from 'jose'
import type { Json } from './document.ts'
import { badRequest, forbidden } from './errors.ts'

/** What a caller wants of a container, in the topology's words; a query reads. */
export type Right = 'read' | 'feed' | 'create' | 'upsert' | 'replace' | 'patch' | 'delete'

/** Whether an Entra token's claims give the right. The account's key has every right. */
export type IsAllowed = (claims: JWTPayload, right: Right, container: string) => boolean

/** One authenticated request; `claims` are those of an Entra token, undefined for the key's holder. */
export type Call = {
  method: string
  /** The path's decoded parts: `dbs`, the database, `colls`, the container, and so on. */
  segments: string[]
  header(name: string): string | undefined
  body: Json | undefined
  claims: JWTPayload | undefined
}

/** `text` is JSON; `charge` is in request units, 1 where absent. */
export type Answer = {
  status: number
  text?: string
  headers?: Record<string, string | number>
  charge?: number
}

/** Entra tokens carry data rights alone: databases and containers come from Bicep, or on the laptop from the key's holder. */
export function requireKey({ claims, method }: Call): void {
  const what = `${method} of a database or container`
  if (claims) throw forbidden(`${what} cannot be authorized by AAD token in data plane.`, 5300)
}

/** The partition key header, written as the container writes it; undefined where there is none. */
export function partitionOf({ header }: Call): string | undefined {
  const text = header('x-ms-documentdb-partitionkey')
  if (text === undefined) return undefined
  const values: unknown = JSON.parse(text)
  if (Array.isArray(values) && values.length === 1) return JSON.stringify(values)
  throw badRequest('The partition key header must be an array of one value.', 1001)
}
