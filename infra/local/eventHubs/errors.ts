const WIRES = {
  unauthorized: { condition: 'amqp:unauthorized-access', status: 401 },
  notFound: { condition: 'amqp:not-found', status: 404 },
  argument: { condition: 'com.microsoft:argument-error', status: 400 },
  outOfRange: { condition: 'com.microsoft:argument-out-of-range', status: 400 },
  tooLarge: { condition: 'amqp:link:message-size-exceeded', status: 413 },
  stolen: { condition: 'amqp:link:stolen', status: 409 },
  notServed: { condition: 'amqp:not-implemented', status: 501 },
  internal: { condition: 'amqp:internal-error', status: 500 }
}

/** A refusal as both wires say it: an AMQP condition, an HTTP status. */
export class Refusal extends Error {
  readonly condition: string
  readonly description: string
  readonly status: number

  constructor(kind: keyof typeof WIRES, message: string) {
    super(message)
    this.description = message
    this.condition = WIRES[kind].condition
    this.status = WIRES[kind].status
  }
}

/** Any error as a refusal: what is not one already is the stand-in's own fault. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return new Refusal('internal', error instanceof Error ? error.message : String(error))
}

/** The official clients know an entity that is not there by these words. */
export const notFound = (entity: string) =>
  new Refusal('notFound', `The messaging entity '${entity}' could not be found.`)
