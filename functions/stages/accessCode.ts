// biome-ignore lint/style/noRestrictedImports: a digest is a pure function and reaches no service.
import { createHash } from 'node:crypto'

/** What is stored of a race's access code: SHA-256 of race and code in hexadecimal digits; case and blanks around it do not matter. */
export const codeHash = (raceId: string, code: string): string =>
  createHash('sha256').update(`${raceId}:${code.trim().toLowerCase()}`).digest('hex')
