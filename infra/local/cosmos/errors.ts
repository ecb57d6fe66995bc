import { Refusal } from '../jsonServer.ts'

/** A refusal with Cosmos DB's finer code, 0 where there is none. */
export class CosmosRefusal extends Refusal {
  readonly substatus: number

  constructor(status: number, code: string, message: string, substatus: number) {
    super(status, code, message)
    this.substatus = substatus
  }
}

const refusal =
  (status: number, code: string) =>
  (message: string, substatus = 0) =>
    new CosmosRefusal(status, code, message, substatus)

export const badRequest = refusal(400, 'BadRequest')
export const unauthorized = refusal(401, 'Unauthorized')
export const forbidden = refusal(403, 'Forbidden')
export const notFound = refusal(404, 'NotFound')
export const conflict = refusal(409, 'Conflict')
export const preconditionFailed = refusal(412, 'PreconditionFailed')
export const tooLarge = refusal(413, 'RequestEntityTooLarge')

/** For what Azure serves and Grandstand does not use. 400, because the client never retries it. */
export const notServed = (what: string) => badRequest(`${what}: not served on the laptop`)
