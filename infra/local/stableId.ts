import { createHash } from 'node:crypto'

/** The same UUID for the same name for ever, as object ids of the directory are (version 8 of RFC 9562). */
export function stableId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The client and object id of the identity of an app of ours, or of the gateway's. */
export const clientIdOf = (app: string): string => stableId(`app:${app}`)
