import { app, type InvocationContext } from '@azure/functions'
import * as df from 'durable-functions'
import * as v from 'valibot'
import { Competitor, type CourseRecord, Fact, type FactOf, type Race } from '#contract'
import { type PackedState, packState, unpackState } from '#race/state'
import topology from '#topology'
import { boardStore, readFinal, readSeats } from '../azure/boards.ts'
import {
  livingRaces,
  signalCar,
  signalRace,
  signalSensor,
  startLife,
  startSettling
} from '../azure/durable.ts'
import { hubEvents } from '../azure/hubEvents.ts'
import { hubCheckpoints, hubMarks, isDrained } from '../azure/hubProgress.ts'
import { replayRace } from '../azure/hubReplay.ts'
import { createItem } from '../azure/items.ts'
import { ACTIVITIES, LIFE, liveRace, RACE } from '../azure/lifeOrchestration.ts'
import { storePulse } from '../azure/operations.ts'
import { readEntries } from '../azure/people.ts'
import { appendFact, readFact, readRace, storeDeadLetters } from '../azure/records.ts'
import { CAR, SENSOR, SETTLE, settleRun } from '../azure/settleOrchestration.ts'
import {
  readDirectory,
  readDirectoryForWrite,
  readHead,
  readHeadForWrite,
  writeDirectory,
  writeHead,
  writePages
} from '../azure/standings.ts'
import { type CarState, createCar, parkedCar } from '../stages/car.ts'
import type { DevicePorts } from '../stages/deviceRecords.ts'
import { createFacts } from '../stages/facts.ts'
import { createNames } from '../stages/names.ts'
import { createPulse } from '../stages/pulse.ts'
import { createRace, type Unopened } from '../stages/race.ts'
import type { RaceOperation } from '../stages/raceSignal.ts'
import { summaryOf } from '../stages/races.ts'
import { createRankPerformances } from '../stages/rankPerformances.ts'
import type { CarOperation, SensorOperation } from '../stages/runSignal.ts'
import { createSensor, quietSensor, type SensorState } from '../stages/sensor.ts'
import { createTelemetry } from '../stages/telemetry.ts'

/** Infrastructure failures are tried again without end: poison never gets that far, it is dead-lettered. */
const RETRY = {
  strategy: 'exponentialBackoff',
  maxRetryCount: -1,
  minimumInterval: { seconds: 1 },
  maximumInterval: { seconds: 30 }
} as const
/** How soon the feeds look again when they are drained, in ms. */
const FEED_POLL_MS = 100
const LEASES = 'leases-aggregate'

// Without it the host drops empty bodies from a batch, and arrays no longer line up.
app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: 'true' } })

const durable = df.input.durableClient()

// 1 Readings from the hub: one signal per race and per device.
app.eventHub('telemetry', {
  connection: 'EVENT_HUBS',
  eventHubName: topology.eventHubs.hub,
  consumerGroup: 'aggregate',
  cardinality: 'many',
  retry: RETRY,
  extraInputs: [durable],
  handler: async (bodies: unknown, context: InvocationContext) => {
    const client = df.getClient(context)
    await createTelemetry({
      signalRace: (raceId, input) => signalRace(client, raceId, { name: 'readings', input }),
      signalCar: (deviceId, input) => signalCar(client, deviceId, { name: 'readings', input }),
      signalSensor: (deviceId, input) =>
        signalSensor(client, deviceId, { name: 'crossings', input }),
      deadLetter: storeDeadLetters
    })(hubEvents(bodies, context))
  }
})

// 2 Facts from the ledger: the only way on which they are counted.
app.cosmosDB('facts', {
  connection: 'COSMOS',
  databaseName: topology.cosmos.database,
  containerName: 'ledger',
  leaseContainerName: LEASES,
  leaseContainerPrefix: 'facts',
  feedPollDelay: FEED_POLL_MS,
  startFromBeginning: true,
  retry: RETRY,
  extraInputs: [durable],
  handler: async (documents: unknown[], context: InvocationContext) => {
    const client = df.getClient(context)
    const facts = documents.flatMap(document => {
      const parsed = v.safeParse(Fact, document)
      if (!parsed.success) context.error(`not a fact: ${parsed.issues[0].message}`, document)
      return parsed.success ? [parsed.output] : []
    })
    await createFacts({
      startLife: raceId => startLife(client, raceId),
      tellLife: async fact => {
        await startLife(client, fact.raceId)
        await client.raiseEvent(fact.raceId, fact.kind, fact)
      },
      signalRace: (raceId, input) => signalRace(client, raceId, { name: 'facts', input }),
      signalCar: (deviceId, operation) => signalCar(client, deviceId, operation),
      signalSensor: (deviceId, operation) => signalSensor(client, deviceId, operation),
      settleRun: run => startSettling(client, run),
      readRace,
      warn: message => context.warn(message)
    })(facts)
  }
})

// 3 Names of competitors: into the directory of each race they stand in.
app.cosmosDB('names', {
  connection: 'COSMOS',
  databaseName: topology.cosmos.database,
  containerName: 'competitors',
  leaseContainerName: LEASES,
  leaseContainerPrefix: 'names',
  feedPollDelay: FEED_POLL_MS,
  startFromBeginning: true,
  retry: RETRY,
  handler: (documents: unknown[]) =>
    createNames({ readDirectory: readDirectoryForWrite, writeDirectory })(
      documents.map(document => v.parse(Competitor, document))
    )
})

// 4 Once a second: windows close although telemetry is quiet.
app.timer('tick', {
  schedule: '* * * * * *',
  extraInputs: [durable],
  handler: async (_timer, context) => {
    const client = df.getClient(context)
    const races = await livingRaces(client)
    await Promise.all(
      races
        .filter(({ phase }) => phase !== 'scheduled')
        .map(({ raceId }) => signalRace(client, raceId, { name: 'tick' }))
    )
  }
})

// Every five seconds: what the pipeline says of itself.
app.timer('pulse', {
  schedule: '*/5 * * * * *',
  extraInputs: [durable],
  handler: (_timer, context) => {
    const client = df.getClient(context)
    return createPulse({
      readMarks: hubMarks,
      readCheckpoints: hubCheckpoints,
      readLiving: () => livingRaces(client),
      readHead,
      storePulse,
      now: Date.now,
      warn: message => context.warn(message)
    })()
  }
})

// 5 The single writer of a race's standings.
const race = createRace({
  writePages,
  writeHead: (head, etag, signal) => writeHead(head, summaryOf(head), etag, signal),
  readHead: readHeadForWrite,
  writeResult: async (result, signal) => {
    await createItem('results', result, signal)
  },
  deadLetter: storeDeadLetters,
  now: Date.now,
  warn: console.warn
})

df.app.entity<PackedState | Unopened>(RACE, async context => {
  const packed = context.df.getState() ?? { held: [], unreported: [] }
  const known = 'held' in packed ? packed : unpackState(packed)
  const operation = operationOf<RaceOperation>(context.df)
  const { state, published } = await race(known, context.df.entityKey, operation)
  context.df.setState('held' in state ? state : packState(state))
  context.df.return(published)
})

// 6 One car, and one line's lap timer: from positions and pulses to laps in the ledger.
df.app.entity<CarState>(CAR, async context => {
  const drive = createCar(devicePorts(context))
  const state = context.df.getState() ?? parkedCar()
  const operation = operationOf<CarOperation>(context.df)
  context.df.setState(await drive(context.df.entityKey, state, operation))
})

df.app.entity<SensorState>(SENSOR, async context => {
  const feel = createSensor(devicePorts(context))
  const state = context.df.getState() ?? quietSensor()
  const operation = operationOf<SensorOperation>(context.df)
  context.df.setState(await feel(context.df.entityKey, state, operation))
})

df.app.orchestration(SETTLE, settleRun)

// 7 The life of a race, and what it asks of the world.
df.app.orchestration(LIFE, liveRace)

df.app.activity(ACTIVITIES.plan, { handler: (raceId: string) => existingRace(raceId) })

df.app.activity(ACTIVITIES.open, {
  handler: async (raceId: string): Promise<Race> => {
    const race = await existingRace(raceId)
    const fact: FactOf<'open'> = {
      id: 'open',
      raceId,
      kind: 'open',
      at: Date.now(),
      actor: { kind: 'app', app: 'aggregate' },
      race
    }
    if (await appendFact(fact)) return race
    const held = await readFact(raceId, fact.id)
    return held?.kind === 'open' ? held.race : race
  }
})

df.app.activity(ACTIVITIES.marks, { handler: hubMarks })
df.app.activity(ACTIVITIES.drained, { handler: isDrained })

df.app.activity(ACTIVITIES.rank, {
  extraInputs: [durable],
  handler: async (raceId: string, context: InvocationContext): Promise<CourseRecord[]> => {
    const records = await createRankPerformances({
      readRace: openedRace,
      readHead,
      readFinal,
      readSeats,
      readEntries,
      readDirectory,
      replay: replayRace,
      boards: boardStore,
      warn: message => context.warn(message)
    })(raceId)
    await signalRace(df.getClient(context), raceId, { name: 'records', input: records })
    return records
  }
})

/** What a device's entity writes with. */
const devicePorts = (context: InvocationContext): DevicePorts => ({
  record: async (fact, signal) => {
    await appendFact(fact, signal)
  },
  deadLetter: storeDeadLetters,
  now: Date.now,
  warn: message => context.warn(message)
})

/** The operation as its sender typed it: only this app signals its entities. */
const operationOf = <T>(entity: df.DurableEntityContext<unknown>): T =>
  ({ name: entity.operationName, input: entity.getInput() }) as T

/** The configuration as the race opened with it. */
async function openedRace(raceId: string): Promise<Race | undefined> {
  const fact = await readFact(raceId, 'open')
  return fact?.kind === 'open' ? fact.race : undefined
}

async function existingRace(raceId: string): Promise<Race> {
  const race = await readRace(raceId)
  if (!race) throw new Error(`the race ${raceId} has no configuration yet`)
  return race
}
