/** A policy that failed while a request was served: what `context.LastError` holds in the on-error section. */
export class PolicyError extends Error {
  readonly source: string
  readonly reason: string

  constructor(source: string, reason: string, message: string) {
    super(message)
    this.name = 'PolicyError'
    this.source = source
    this.reason = reason
  }
}

/** A policy file that this runner does not wholly understand; the gateway does not start. */
export class PolicyRefused extends Error {
  constructor(where: string, what: string) {
    super(`The gateway does not start: ${where}: ${what}.`)
    this.name = 'PolicyRefused'
  }
}
