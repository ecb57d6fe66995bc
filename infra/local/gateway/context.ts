import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { JWTPayload } from 'jose'
import type { PolicyError } from './errors.ts'

export type Answer = {
  status: number
  reason: string
  fields: OutgoingHttpHeaders
  body: string | IncomingMessage
}

/** What policies see and change of one request: the service's `context`. */
export type Context = {
  incoming: IncomingMessage
  method: string
  /** The path and query that the backend is asked for. */
  target: string
  /** Received fields have lower-case names; fields that policies set keep the case of the policy. */
  fields: OutgoingHttpHeaders
  /** The path's parameters as they were sent. */
  matched: Record<string, string>
  ip: string
  /** Read only if a policy needs it; else the caller's bytes stream through. */
  body?: Buffer
  variables: Map<string, string | number | boolean | JWTPayload>
  backend?: URL
  response?: Answer
  /** What waits for the end of the outbound section; nothing of it is done where that is not reached. */
  atEnd: (() => void)[]
  /** The response is made: the other policies are skipped. */
  returned: boolean
  /** Fields for whatever answer is given in the end, a refusal included. */
  cors: Record<string, string>
  error?: PolicyError
}

export type Step = (context: Context) => Promise<void> | void

/** Runs steps in order until one makes the response. */
export async function run(steps: Step[], context: Context): Promise<void> {
  for (const step of steps) {
    const done = step(context)
    if (done) await done
    if (context.returned) return
  }
}
