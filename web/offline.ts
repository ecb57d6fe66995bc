/** Trusted types, which the browser's own declarations do not have yet. */
type Policy = { createScriptURL(url: string): string }
type Factory = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy
}

/** The worker's address, vouched for where the page's policy asks for that. */
function workerAddress(): string {
  const address = new URL('worker.js', document.baseURI).href
  const { trustedTypes } = globalThis as unknown as { trustedTypes?: Factory }
  const policy = trustedTypes?.createPolicy('grandstand-worker', {
    createScriptURL: () => address
  })
  return policy?.createScriptURL(address) ?? address
}

/** Whether nobody looks at the page. */
export const isHidden = (): boolean => document.visibilityState === 'hidden'

/**
 * Lets the worker of this folder keep the page on the device, where the browser can. A new version takes over when the
 * page goes out of sight and `isFree` says that it may be opened anew.
 */
export async function keepPages(isFree = isHidden): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const workers = navigator.serviceWorker
  const known = workers.controller !== null
  let isReplaced = false
  const registration = await workers.register(workerAddress(), { updateViaCache: 'none' })
  // Out of sight pages ask for nothing: a worker that is asked all the time is not replaced for minutes.
  const renew = (): void => {
    if (!isFree()) return
    if (isReplaced) location.reload()
    else registration.waiting?.postMessage('take over')
  }
  document.addEventListener('visibilitychange', renew)
  // The old version's files are gone with its worker: the page goes on with those of the new one.
  workers.addEventListener('controllerchange', () => {
    isReplaced = known
    renew()
  })
}
