import type { IN_QUERY } from './components.ts'

/** A query parameter: its schema's name among those of components.ts. */
export type QueryWords = {
  description: string
  schema: keyof typeof IN_QUERY
  required?: true
}

/** What the API's description says of an operation beyond its route and the contract: words and statuses. */
export type OperationWords = {
  summary: string
  description: string
  /** Which bearer token it takes; none: anyone may call. `nobody` beside others: some may call without. */
  token?: readonly ('nobody' | 'account' | 'seat' | 'screen' | 'car' | 'official')[]
  /** Whether its header Idempotency-Key makes one request of repeated ones, and what it means where it may be left out. */
  repeatable?: true | { optional: string }
  query?: Record<string, QueryWords>
  /** The body's schema among the components; `csv` for a table. */
  body?: string
  /** The status that means done, and the schema of its body; `csv` for a table, which may also be in its place. */
  done: { status: number; description: string; schema?: string; orTable?: true; etag?: true }
  /** What a repeated request gets where that is another status: 200 with the same body. */
  again?: string
  /** Statuses of refusals beyond those that every operation has. */
  refusals: readonly number[]
}
