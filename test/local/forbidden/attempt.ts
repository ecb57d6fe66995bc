import type { TokenCredential } from '@azure/identity'

/** One call by which an identity uses a right, or would use what nobody may. */
export type Attempt = {
  service: string
  /** A container, a storage account, or the name of what the service has only one of. */
  where: string
  /** In the topology's words, and some that it gives to nobody. */
  right: string
  /** What a grant of it is called on Azure. */
  actions: readonly string[]
  /** Rejects as the service's client does. */
  call(by: TokenCredential): Promise<unknown>
}

/** Refused for want of a right: the token was good. */
class Refused extends Error {}
/** A call that Azure serves to those who may, and the laptop to nobody. */
class NotServed extends Error {}

/** What became of an attempt and what the caller was told; rejects where it failed for any other reason. */
export async function outcomeOf(attempt: Attempt, by: TokenCredential) {
  try {
    await attempt.call(by)
    return { outcome: 'done', told: '' }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const told = error.message
    if (error instanceof NotServed) return { outcome: 'not served', told }
    if (error instanceof Refused || isRefusal(error)) return { outcome: 'refused', told }
    throw new Error(`${attempt.service} ${attempt.where} ${attempt.right}: ${told}`, {
      cause: error
    })
  }
}

/** How the clients of Cosmos DB, Event Hubs, Storage and Web PubSub say that the right is missing. */
function isRefusal(error: Error & { code?: unknown; statusCode?: unknown }): boolean {
  const { code, statusCode, message } = error
  return (
    (code === 403 && message.includes('does not give the right')) ||
    (code === 'UnauthorizedError' && message.includes('claim is required')) ||
    (statusCode === 403 && code === 'AuthorizationPermissionMismatch') ||
    (statusCode === 403 && message.includes('may not'))
  )
}

/** Calls a REST API as the apps do whose service has no client among the dependencies. */
export async function ask(
  by: TokenCredential,
  resource: string,
  url: string,
  init: RequestInit = {}
): Promise<string> {
  const token = await by.getToken(`${resource}/.default`)
  const headers = { authorization: `Bearer ${token?.token}`, 'content-type': 'application/json' }
  const answer = await fetch(url, { headers, ...init })
  const text = await answer.text()
  const told = `${answer.status} ${text}`
  if (answer.status === 501) throw new NotServed(told)
  if (answer.status === 403 || (answer.status === 401 && text.includes('claim is required')))
    throw new Refused(told)
  if (!answer.ok) throw new Error(`${url} answered ${told}`)
  return text
}
