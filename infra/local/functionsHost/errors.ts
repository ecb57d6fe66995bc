/** A feature of Azure Functions that the product does not use and this host does not serve. */
export class NotServedError extends Error {
  constructor(what: string, functionName?: string) {
    super(
      `${what} is not served by the local Functions host${functionName ? ` (function ${functionName})` : ''}`
    )
    this.name = 'NotServedError'
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
