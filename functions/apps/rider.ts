import { randomUUID } from 'node:crypto'
import { app } from '@azure/functions'
import * as v from 'valibot'
import { Bib, SEAT_AUDIENCE, SeatRequest } from '#contract'
import {
  answering,
  answeringAnyone,
  bearerToken,
  jsonBody,
  parameter,
  raceOf
} from '../azure/http.ts'
import { readRace } from '../azure/records.ts'
import { createCompetitor, createSeat, freeSeat, nextBib } from '../azure/seatStore.ts'
import { signingKey, signToken, verifyToken } from '../azure/seatTokens.ts'
import { setting } from '../azure/settings.ts'
import { readHead } from '../azure/standings.ts'
import { Refused } from '../stages/problem.ts'
import { createSeats } from '../stages/seats.ts'

const seats = createSeats({
  readRace,
  readHead,
  nextBib,
  createCompetitor,
  createSeat,
  freeSeat,
  sign: signToken,
  newId: randomUUID,
  now: Date.now
})

const BibParameter = v.pipe(v.string(), v.toNumber(), Bib)
/** How long the published key may be kept, in s. */
const KEY_MAX_AGE = 300

app.http('takeSeat', {
  methods: ['POST'],
  route: 'races/{raceId}/seats',
  handler: answering(async request => {
    const raceId = raceOf(request)
    return { status: 201, body: await seats.take(raceId, await jsonBody(request, SeatRequest)) }
  })
})

app.http('leaveSeat', {
  methods: ['DELETE'],
  route: 'races/{raceId}/seats/{bib}',
  handler: answering(async request => {
    const raceId = raceOf(request)
    const bib = parameter('bib', BibParameter, request.params.bib)
    const seat = await seatOf(bearerToken(request))
    if (seat.race !== raceId || seat.bib !== bib) {
      throw new Refused('forbidden', 'The token is of another seat: use the bib that came with it.')
    }
    await seats.leave(raceId, bib)
    return { status: 204 }
  })
})

async function seatOf(token: string): Promise<Record<string, unknown>> {
  try {
    return await verifyToken(token, [SEAT_AUDIENCE])
  } catch {
    throw new Refused('unauthorized', 'The seat token does not hold: take a seat.')
  }
}

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
