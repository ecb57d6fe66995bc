import * as v from 'valibot'
import { CompetitorId } from '#contract/ids'

const Claims = v.object({ sub: CompetitorId })

/** Who holds a pass; undefined where it cannot be read. Only the API can say whether it holds, and bests are public. */
export function holderOf(pass: string | undefined): string | undefined {
  try {
    const part = pass?.split('.')[1] ?? ''
    const text = atob(part.replace(/-/g, '+').replace(/_/g, '/'))
    return v.parse(Claims, JSON.parse(text)).sub
  } catch {
    return undefined
  }
}
