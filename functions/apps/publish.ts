import { app } from '@azure/functions'
import { SCREEN_AUDIENCE, SEAT_AUDIENCE, type SeatItem } from '#contract'
import topology from '#topology'
import { answering, bearerToken, raceOf } from '../azure/http.ts'
import { sendFrame, socketLink } from '../azure/raceChannel.ts'
import { verifyToken } from '../azure/seatTokens.ts'
import type { StandingsItem } from '../azure/standings.ts'
import { Refused } from '../stages/problem.ts'
import { createPublish, createTellFreed, type StandingsChange } from '../stages/publish.ts'

/** How soon the feed looks again when it is drained, in ms: half of it is the mean delay of a board. */
const FEED_POLL_MS = 50
/** The same of seats, of which riders wait for less. */
const SEATS_POLL_MS = 500
/** A message that cannot be sent is tried again for some seconds. */
const RETRY = { strategy: 'fixedDelay', maxRetryCount: 5, delayInterval: { seconds: 1 } } as const

const publish = createPublish({
  send: sendFrame,
  // Names that are not told are found by the next comparison of heads.
  later: (ms, task) => void setTimeout(() => task().catch(console.error), ms),
  now: Date.now
})

const tellFreed = createTellFreed({ send: sendFrame })

// 1 What aggregate wrote, to everyone who watches. Screens that missed it all the same ask for the head.
app.cosmosDB('standingsChanged', {
  connection: 'COSMOS',
  databaseName: topology.cosmos.database,
  containerName: 'standings',
  leaseContainerName: 'leases-publish',
  leaseContainerPrefix: 'standings',
  feedPollDelay: FEED_POLL_MS,
  retry: RETRY,
  handler: async (documents: unknown[]) => {
    await publish((documents as StandingsItem[]).flatMap(changeOf))
  }
})

// 2 Seats that are free again, to their riders.
app.cosmosDB('seatsChanged', {
  connection: 'COSMOS',
  databaseName: topology.cosmos.database,
  containerName: 'seats',
  leaseContainerName: 'leases-publish',
  leaseContainerPrefix: 'seats',
  feedPollDelay: SEATS_POLL_MS,
  retry: RETRY,
  // Beside seats there are what holds them and their counter, which are never freed at an instant.
  handler: (documents: unknown[]) => tellFreed(documents as SeatItem[])
})

// 3 A socket for screens and seated riders.
app.http('negotiate', {
  methods: ['POST'],
  route: 'races/{raceId}/negotiate',
  handler: answering(async request => {
    const raceId = raceOf(request)
    const viewer = await viewerOf(bearerToken(request), raceId)
    return { body: { url: await socketLink(raceId, viewer), now: Date.now() } }
  })
})

function changeOf(item: StandingsItem): StandingsChange[] {
  if (item.kind === 'head') return [{ kind: 'head', head: item.body }]
  if (item.kind === 'directory') return [{ kind: 'directory', directory: item.body }]
  return []
}

/** Whom the token lets watch: a screen any race, a rider the race of the seat. */
async function viewerOf(token: string, raceId: string): Promise<string> {
  const { aud, race, sub } = await verified(token)
  if (aud === SEAT_AUDIENCE && race !== raceId) {
    throw new Refused('forbidden', `The seat is in another race than ${raceId}.`)
  }
  return String(sub)
}

async function verified(token: string): Promise<Record<string, unknown>> {
  try {
    return await verifyToken(token, [SCREEN_AUDIENCE, SEAT_AUDIENCE])
  } catch {
    const detail = 'The screen link or seat token does not hold: ask for a new one.'
    throw new Refused('unauthorized', detail)
  }
}
