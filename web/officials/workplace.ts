import type { Api } from '../api.ts'
import type { Call } from '../call.ts'
import type { Session } from './session.svelte.ts'

/** What every page of the officials works with. */
export type Workplace = {
  session: Session
  /** What everybody may read. */
  api: Api
  /** Any path of that, which takes no token. */
  read: Call
  /** The API in the name of whoever is signed in. */
  call: Call
}
