import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { app, type HttpRequest } from '@azure/functions'
import * as v from 'valibot'
import { Bib, IdempotencyKey, type SeatClaims, SeatRequest } from '#contract'
import {
  answering,
  answeringAnyone,
  bearerToken,
  jsonBody,
  parameter,
  raceOf
} from '../azure/http.ts'
import { readRace, readRaces } from '../azure/records.ts'
import { riderOf } from '../azure/riderAccounts.ts'
import { seatBook as book, createCompetitor } from '../azure/seatStore.ts'
import { competitorOfPass, signingKey, signToken, verifySeat } from '../azure/seatTokens.ts'
import { setting } from '../azure/settings.ts'
import { readDirectory, readHead, readSummaries } from '../azure/standings.ts'
import { createFreeIdle, createFreeSeats } from '../stages/freeSeats.ts'
import { createFreshValue } from '../stages/freshValue.ts'
import { createNextRace } from '../stages/nextRace.ts'
import { Refused } from '../stages/problem.ts'
import { createSeatQueue } from '../stages/seatQueue.ts'
import { createSeats } from '../stages/seats.ts'

const { now } = Date
/** A field of riders asks at the same time: what all of them need is read once a second. */
const fresh = { freshMs: 1_000, kept: 64, now }
const races = createFreshValue(fresh, readRace)
const heads = createFreshValue(fresh, readHead)
const names = createFreshValue(fresh, async (raceId: string) => {
  const entries = (await readDirectory(raceId))?.entries ?? []
  return new Map(entries.map(({ bib, name }) => [bib, name]))
})

const freeIdle = createFreeIdle({ book, now })
const freeSeats = createFreeSeats({ readSummaries, freeIdle })
const seats = createSeats({
  readRace: races.get,
  readHead: heads.get,
  book,
  queue: createSeatQueue({ book, freeIdle, wait, random: Math.random, now }),
  nextRace: createNextRace({ readRaces, readSummaries, now }),
  createCompetitor,
  nameOf: async (raceId, bib) => (await names.get(raceId)).get(bib) ?? '',
  competitorOfPass,
  sign: signToken,
  newId: randomUUID,
  now
})

const BibParameter = v.pipe(v.string(), v.toNumber(), Bib)
const OptionalKey = v.optional(IdempotencyKey)
/** How long the published key may be kept, in s. */
const KEY_MAX_AGE = 300

app.http('takeSeat', {
  methods: ['POST'],
  route: 'races/{raceId}/seats',
  handler: answering(async request => {
    const raceId = raceOf(request)
    const key = parameter('Idempotency-Key', OptionalKey, request.headers.get('idempotency-key'))
    const person = () => riderOf(bearerToken(request))
    const asked = await jsonBody(request, SeatRequest)
    return { status: 201, body: await seats.take(raceId, asked, { key, person }) }
  })
})

app.http('renewSeat', {
  methods: ['POST'],
  route: 'races/{raceId}/seats/{bib}/renewal',
  handler: answering(async request => ({ body: await seats.renew(await ownSeat(request)) }))
})

app.http('leaveSeat', {
  methods: ['DELETE'],
  route: 'races/{raceId}/seats/{bib}',
  handler: answering(async request => {
    const { race, bib } = await ownSeat(request)
    await seats.leave(race, bib)
    return { status: 204 }
  })
})

/** The seat of the request's token, which is the one of its path. */
async function ownSeat(request: HttpRequest): Promise<SeatClaims> {
  const raceId = raceOf(request)
  const bib = parameter('bib', BibParameter, request.params.bib)
  const seat = await verifySeat(bearerToken(request))
  if (seat.race === raceId && seat.bib === bib) return seat
  const detail = 'The token is of another seat: use the bib that came with it.'
  throw new Refused('forbidden', detail)
}

// Riders who are gone make place for others.
app.timer('freeSeats', {
  schedule: '*/10 * * * * *',
  handler: freeSeats
})

// What API Management and the other apps need to check a seat token.
app.http('seatIssuer', {
  methods: ['GET'],
  route: '.well-known/openid-configuration',
  handler: answeringAnyone(async () => {
    const issuer = setting('SEAT_ISSUER')
    return {
      body: {
        issuer,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256']
      },
      maxAge: KEY_MAX_AGE
    }
  })
})

app.http('seatKeys', {
  methods: ['GET'],
  route: 'keys',
  handler: answeringAnyone(async () => {
    const { kid, kty, n, e } = await signingKey()
    return { body: { keys: [{ kid, kty, n, e, use: 'sig', alg: 'RS256' }] }, maxAge: KEY_MAX_AGE }
  })
})
