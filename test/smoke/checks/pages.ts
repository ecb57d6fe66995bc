import assert from 'node:assert/strict'
import type { Check } from '../check.ts'
import { doorRace } from '../doorRace.ts'
import { ask, expectDocumented } from '../http.ts'
import { onFrontDoor, onLaptop } from '../target.ts'

const SECURITY = [
  'content-security-policy',
  'strict-transport-security',
  'x-content-type-options',
  'referrer-policy'
]

/** Pages and the cache before the lookups. */
export const PAGES: Check[] = [
  {
    name: 'the venue screen is served',
    proves: 'the pages are uploaded',
    async run({ target }) {
      const { status, headers, text } = await ask(target.pages, { path: '/screen/' })
      assert.equal(status, 200, `/screen/: ${status}`)
      assert.match(headers.get('content-type') ?? '', /^text\/html/)
      assert.ok(text.includes('<script'), '/screen/ is no page of ours')
      return undefined
    }
  },
  {
    name: 'the pages know their API',
    proves: '/config.json was written for this environment and is never cached',
    async run({ target }) {
      const answer = await ask(target.pages, { path: '/config.json' })
      assert.equal(answer.status, 200, `/config.json: ${answer.status}`)
      const { apiBase } = answer.json() as { apiBase?: string }
      assert.ok(apiBase === target.lookups, `/config.json names ${apiBase}`)
      assert.match(answer.headers.get('cache-control') ?? '', /no-store|no-cache/)
      return undefined
    }
  },
  {
    name: 'pages carry their safeguards',
    proves: 'security headers are set by whatever serves the pages',
    inapplicable: ({ target }) => onLaptop(target, 'the laptop serves the bare files'),
    async run({ target }) {
      const { headers } = await ask(target.pages, { path: '/screen/' })
      const missing = SECURITY.filter(name => !headers.get(name))
      assert.deepEqual(missing, [], `missing: ${missing.join(', ')}`)
      return undefined
    }
  },
  {
    name: 'assets are kept for ever',
    proves: 'files with a hash in their name are immutable to caches',
    inapplicable: ({ target }) => onLaptop(target, 'the laptop serves the bare files'),
    async run({ target }) {
      const { text } = await ask(target.pages, { path: '/screen/' })
      const asset = /(?:src|href)="(\/[^"]+\.js)"/.exec(text)?.[1]
      assert.ok(asset, '/screen/ names no script')
      const { status, headers } = await ask(target.pages, { path: asset })
      assert.equal(status, 200, `${asset}: ${status}`)
      assert.match(headers.get('cache-control') ?? '', /immutable/)
      return undefined
    }
  },
  {
    name: 'lookups are cached',
    proves: 'a thousand phones are one request a second to the gateway',
    inapplicable({ target }) {
      const laptop = onLaptop(target, 'there is no cache before the local gateway')
      return laptop ?? (onFrontDoor(target) ? undefined : 'this environment has no Front Door')
    },
    async run(venue) {
      const { raceId } = await doorRace(venue)
      const asked = { path: `/races/${raceId}` }
      // The edge may need a first request at each of its caches.
      const caches: string[] = []
      for (let turn = 0; turn < 5; turn++) {
        const answer = await ask(venue.target.lookups, asked)
        expectDocumented(answer, 200)
        caches.push(answer.headers.get('x-cache') ?? 'none')
        if (caches.at(-1)?.includes('HIT')) return caches.join(', ')
      }
      throw new Error(`no request was a hit: ${caches.join(', ')}`)
    }
  }
]
