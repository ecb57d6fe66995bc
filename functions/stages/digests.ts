// biome-ignore lint/style/noRestrictedImports: a digest is a pure function and reaches no service.
import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 of some texts in order, in hexadecimal digits; no two texts can pass for one. */
export const digestOf = (...texts: string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex')

/** Whether two digests of the same length are the same, in a time that does not tell where they differ. */
export const isSameDigest = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one), Buffer.from(other))

/** What is stored of a race's access code: SHA-256 of race and code in hexadecimal digits; case and blanks around it do not matter. */
export const codeHash = (raceId: string, code: string): string =>
  createHash('sha256').update(`${raceId}:${code.trim().toLowerCase()}`).digest('hex')

/** Who signed in: the same person is the same competitor in every race. */
export const competitorOfPerson = ({ tenant, object }: { tenant: string; object: string }) =>
  idOf('person', tenant, object)

/** Who repeats a request under its key is the competitor of the first one. */
export const competitorOfKey = (raceId: string, key: string): string => idOf('key', raceId, key)

/** The first half of a digest, written as a UUID. */
const idOf = (...texts: string[]): string =>
  digestOf(...texts).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
