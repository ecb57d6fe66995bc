// A module, so that its names are its own.
export {}

/** Set by the build: see `kept.ts`. */
declare const __BUILD__: { version: string; page: string; files: string[] }

/** The types of a worker exclude those of a page, so what is used of them is said here. */
type Lifetime = Event & { waitUntil(work: Promise<unknown>): void }
type Asked = Lifetime & { request: Request; respondWith(answer: Promise<Response>): void }
type Scope = {
  registration: { scope: string }
  skipWaiting(): Promise<void>
  addEventListener(name: 'install' | 'activate', listener: (event: Lifetime) => void): void
  addEventListener(name: 'fetch', listener: (event: Asked) => void): void
  addEventListener(name: 'message', listener: () => void): void
}

const { version, page, files } = __BUILD__
/** The settings may take this long, in ms, before the last ones are used. */
const SETTINGS_MS = 1_500

const worker = self as unknown as Scope
const { scope } = worker.registration
const PAGE = scope
/** Where this version's files are kept; other versions have other names, and none takes another's files. */
const PREFIX = `pages-${scope}`
const STORE = PREFIX + version
const SETTINGS = new URL('/config.json', scope).href
const kept = new Set(files.map(file => new URL(file, scope).href))

/** All of one version or nothing: a page of another one means that a deployment is under way, and is tried later. */
async function install(): Promise<void> {
  const store = await caches.open(STORE)
  const answer = await fetch(PAGE, { cache: 'no-cache' })
  if (!answer.ok || (await answer.clone().text()) !== page) {
    throw new Error('The page is of another version than its worker.')
  }
  await store.put(PAGE, answer)
  await store.addAll(files.map(file => new URL(file, scope).href))
  await settings()
}

async function removeOthers(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== STORE) await caches.delete(name)
  }
}

/** The file from the phone, else from the network and then from the phone. */
async function file(address: string): Promise<Response> {
  const store = await caches.open(STORE)
  const found = await store.match(address, { ignoreVary: true })
  if (found) return found
  const answer = await fetch(address)
  if (answer.ok) await store.put(address, answer.clone())
  return answer
}

/** The settings from the network if it answers in time, else the last ones. */
async function settings(): Promise<Response> {
  const store = await caches.open(STORE)
  try {
    const answer = await fetch(SETTINGS, { signal: AbortSignal.timeout(SETTINGS_MS) })
    if (!answer.ok) throw new Error(`the settings were answered by ${answer.status}`)
    await store.put(SETTINGS, answer.clone())
    return answer
  } catch (error) {
    const last = await store.match(SETTINGS, { ignoreVary: true })
    if (last) return last
    throw error
  }
}

worker.addEventListener('install', event => event.waitUntil(install()))
worker.addEventListener('activate', event => event.waitUntil(removeOthers()))
// The page has one thing to say: nobody looks now, take over.
worker.addEventListener('message', () => worker.skipWaiting())
worker.addEventListener('fetch', event => {
  const { request } = event
  const address = new URL(request.url)
  const bare = address.origin + address.pathname
  if (request.method !== 'GET') return
  if (request.mode === 'navigate' && bare === PAGE) event.respondWith(file(PAGE))
  else if (kept.has(bare) || request.destination === 'font') event.respondWith(file(bare))
  else if (bare === SETTINGS) event.respondWith(settings())
})
