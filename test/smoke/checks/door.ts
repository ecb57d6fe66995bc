import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { Check } from '../check.ts'
import { doorRace } from '../doorRace.ts'
import { expectDocumented, expectProblem } from '../http.ts'
import { readingAt } from '../reading.ts'
import { onLaptop } from '../target.ts'

/** Readings at once: more than a rider's allowance of 40 in 10 s. */
const BURST = 90
/** A page of somebody else's. */
const FOREIGN = 'https://elsewhere.example'
const ALLOWED = 'access-control-allow-origin'

/** The public face of the gateway: what it answers, and to whom. */
export const DOOR: Check[] = [
  {
    name: 'races are listed',
    proves: 'the gateway has its operations, reaches an app, and answers as its document says',
    async run({ call }) {
      expectDocumented(await call({ path: '/races' }), 200)
      return undefined
    }
  },
  {
    name: 'nothing is sent twice',
    proves: 'ETag and If-None-Match pass the gateway, and what is unchanged answers 304',
    async run(venue) {
      const { raceId } = await doorRace(venue)
      const path = `/races/${raceId}/standings`
      // A board that moves on between the two questions has another tag: then the pair is asked again.
      for (let turn = 0; turn < 5; turn++) {
        const first = await venue.call({ path })
        expectDocumented(first, 200)
        const etag = first.headers.get('etag')
        assert.ok(etag, `GET ${path} has no ETag`)
        const again = await venue.call({ path, headers: { 'if-none-match': etag } })
        if (again.status === 200 && again.headers.get('etag') !== etag) continue
        expectDocumented(again, 304)
        return undefined
      }
      throw new Error('the board never stood still for two questions')
    }
  },
  {
    name: 'nothing else is served',
    proves: 'unknown addresses and methods are problems, also by the gateway itself',
    async run({ call }) {
      expectProblem(await call({ path: '/nowhere' }), 404, 'not-found')
      // API Management knows no 405: what has no operation is not found.
      const put = await call({ method: 'PUT', path: '/races', body: {} })
      expectProblem(put, put.status === 405 ? 405 : 404)
      const { status } = await call({ method: 'HEAD', path: '/races' })
      assert.ok(status === 404 || status === 405, `HEAD /races: ${status}`)
      return `PUT ${put.status}, HEAD ${status}`
    }
  },
  {
    name: 'the pages may call',
    proves: 'preflights of our own pages are answered, and any site may read',
    async run({ call, target }) {
      const headers = {
        origin: target.pages,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type'
      }
      const asked = await call({ method: 'OPTIONS', path: '/races/any/telemetry', headers })
      assert.ok(asked.status === 200 || asked.status === 204, `preflight: ${asked.status}`)
      const origin = asked.headers.get(ALLOWED)
      assert.ok(origin === target.pages || origin === '*', `preflight allows ${origin}`)
      const allowed = asked.headers.get('access-control-allow-headers')?.toLowerCase() ?? ''
      assert.ok(allowed.includes('authorization'), `preflight allows headers ${allowed}`)
      const read = await call({ path: '/races', headers: { origin: FOREIGN } })
      assert.equal(read.headers.get(ALLOWED), '*', 'GET /races is not for every site')
      return undefined
    }
  },
  {
    name: 'other sites may not call',
    proves: 'no foreign page acts for a visitor',
    inapplicable: ({ target }) =>
      onLaptop(target, 'pages have any port there, so the local gateway lets every origin call'),
    async run({ call }) {
      const headers = { origin: FOREIGN, 'access-control-request-method': 'POST' }
      const asked = await call({ method: 'OPTIONS', path: '/races/any/telemetry', headers })
      assert.equal(asked.headers.get(ALLOWED), null, 'a foreign origin is allowed')
      return undefined
    }
  },
  {
    name: 'a reading is stored',
    proves: 'the gateway knows the seat issuer, signs in at Event Hubs and is taken at its word',
    async run(venue) {
      const { raceId, seat } = await doorRace(venue)
      const path = `/races/${raceId}/telemetry`
      const body = readingAt((await venue.clock())(), 0)
      const answer = await venue.call({ method: 'POST', path, token: seat.token, body })
      expectDocumented(answer, 202)
      return undefined
    }
  },
  {
    name: 'a flood is slowed',
    proves: 'the rate limit counts by seat and says how long to wait',
    async run(venue) {
      const { raceId, other } = await doorRace(venue)
      const path = `/races/${raceId}/telemetry`
      const t = (await venue.clock())()
      const answers = await Promise.all(
        Array.from({ length: BURST }, (_, seq) =>
          venue.call({ method: 'POST', path, token: other.token, body: readingAt(t, seq) })
        )
      )
      const slowed = answers.filter(({ status }) => status === 429)
      const [first] = slowed
      assert.ok(first, `all ${BURST} readings at once were taken`)
      expectProblem(first, 429, 'too-many-requests')
      const seconds = Number(first.headers.get('retry-after'))
      assert.ok(seconds > 0 && seconds <= 10, `Retry-After: ${first.headers.get('retry-after')}`)
      await pause(seconds * 1_000)
      return `${slowed.length} of ${BURST} refused`
    }
  }
]
