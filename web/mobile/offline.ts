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

/** Lets the worker keep the pages on the phone, where the browser can; a new version takes over while nobody looks. */
export async function keepPages(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const workers = navigator.serviceWorker
  const replaced = workers.controller !== null
  const registration = await workers.register(workerAddress(), { updateViaCache: 'none' })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') registration.waiting?.postMessage('take over')
  })
  // The old version's files are gone with its worker: the page goes on with those of the new one.
  workers.addEventListener('controllerchange', () => {
    if (replaced) location.reload()
  })
}
