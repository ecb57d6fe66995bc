import { app } from '@azure/functions'
import { IdempotencyKey, LapRequest, RaceId, RunId } from '#contract'
import { answering, bearerToken, jsonBody, parameter } from '../azure/http.ts'
import { officialOf } from '../azure/officials.ts'
import { appendFact, readFact, readRace } from '../azure/records.ts'
import { createHandTiming } from '../stages/handTiming.ts'

const timing = createHandTiming({ readRace, readFact, appendFact, now: Date.now })

app.http('recordLap', {
  methods: ['POST'],
  route: 'races/{raceId}/runs/{runId}/laps',
  handler: answering(async request => {
    const { params, headers } = request
    const actor = await officialOf(bearerToken(request), 'timekeeper')
    const entry = {
      raceId: parameter('raceId', RaceId, params.raceId),
      runId: parameter('runId', RunId, params.runId),
      key: parameter('Idempotency-Key', IdempotencyKey, headers.get('idempotency-key')),
      lap: await jsonBody(request, LapRequest)
    }
    return { status: 201, body: await timing.record(entry, actor) }
  })
})
