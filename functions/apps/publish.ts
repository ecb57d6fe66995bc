import { app } from '@azure/functions'
import { RaceId, SCREEN_AUDIENCE, SEAT_AUDIENCE } from '#contract'
import topology from '#topology'
import { answering, bearerToken, parameter } from '../azure/http.ts'
import { sendFrame, socketLink } from '../azure/raceChannel.ts'
import { verifyToken } from '../azure/seatTokens.ts'
import type { StandingsItem } from '../azure/standings.ts'
import { Refused } from '../stages/problem.ts'
import { createPublish, type StandingsChange } from '../stages/publish.ts'

/** How soon the feed looks again when it is drained, in ms: half of it is the mean delay of a board. */
const FEED_POLL_MS = 50

const publish = createPublish({ send: sendFrame })

// 1 What aggregate wrote, to everyone who watches. Screens that missed it all the same ask for the head.
app.cosmosDB('standingsChanged', {
  connection: 'COSMOS',
  databaseName: topology.cosmos.database,
  containerName: 'standings',
  leaseContainerName: 'leases-publish',
  leaseContainerPrefix: 'standings',
  feedPollDelay: FEED_POLL_MS,
  retry: { strategy: 'fixedDelay', maxRetryCount: 5, delayInterval: { seconds: 1 } },
  handler: async (documents: unknown[]) => {
    await publish((documents as StandingsItem[]).flatMap(changeOf))
  }
})

// 2 A socket for screens and seated riders.
app.http('negotiate', {
  methods: ['POST'],
  route: 'races/{raceId}/negotiate',
  handler: answering(async request => {
    const raceId = parameter('raceId', RaceId, request.params.raceId)
    const viewer = await viewerOf(bearerToken(request))
    return { body: { url: await socketLink(raceId, viewer), now: Date.now() } }
  })
})

function changeOf(item: StandingsItem): StandingsChange[] {
  if (item.kind === 'head') return [{ kind: 'head', head: item.body }]
  if (item.kind === 'directory') return [{ kind: 'directory', directory: item.body }]
  return []
}

async function viewerOf(token: string): Promise<string> {
  try {
    const { sub } = await verifyToken(token, [SCREEN_AUDIENCE, SEAT_AUDIENCE])
    return String(sub)
  } catch {
    throw new Refused(
      'unauthorized',
      'The screen link or seat token does not hold: ask for a new one.'
    )
  }
}
