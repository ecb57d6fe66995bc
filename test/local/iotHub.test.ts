import { EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { AUDIENCE, closeClients, closeHubs, credential, HUB, RETRY } from './eventHubsNamespace.ts'
import { type Fleet, messageOf, startFleet, tokenOf } from './iotHubFleet.ts'

let fleet: Fleet
const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
const complained = (text: string) =>
  vi.waitFor(() => expect(complaints.mock.calls.flat().join('\n')).toContain(text), 10_000)

beforeAll(async () => {
  fleet = await startFleet()
})
afterEach(async () => {
  await fleet.closeClients()
  await closeClients()
  complaints.mockClear()
})
afterAll(async () => {
  await fleet.close()
  await closeHubs()
})

describe('A device’s message in the event hub', () => {
  it('has the device in the system properties, its own in the application properties, and its bytes', async () => {
    const car = await fleet.device('car-1')
    const body = Buffer.from([0xff, 0x00, 0x7b, 0x80])
    const message = messageOf(body, { lap: '12', 'a b': 'c&d=é/#+' })
    Object.assign(message, {
      messageId: 'm-1',
      correlationId: 'c-1',
      contentType: 'application/octet-stream',
      contentEncoding: 'utf-8'
    })
    const before = Date.now()
    await car.sendEvent(message)
    const [event] = await fleet.events('car-1', 1)
    expect(event).toMatchObject({
      messageId: 'm-1',
      correlationId: 'c-1',
      contentType: 'application/octet-stream',
      properties: { lap: '12', 'a b': 'c&d=é/#+' },
      systemProperties: {
        'iothub-connection-device-id': 'car-1',
        'iothub-connection-auth-generation-id': expect.stringMatching(/./),
        'iothub-message-source': 'Telemetry'
      }
    })
    expect(Buffer.compare(event?.body, body)).toBe(0)
    const system = event?.systemProperties ?? {}
    expect(JSON.parse(system['iothub-connection-auth-method'])).toMatchObject({ type: 'sas' })
    expect(system['iothub-enqueuedtime']).toBeGreaterThanOrEqual(before)
  })

  it('has the device that sent it, whatever its properties say', async () => {
    const forged = { 'iothub-connection-device-id': 'car-1', deviceId: 'car-1', race: 'night-race' }
    const car = await fleet.device('car-2')
    await car.sendEvent(messageOf('{"forged":true}', forged))
    const [event] = await fleet.events('car-2', 1)
    expect(event?.systemProperties?.['iothub-connection-device-id']).toBe('car-2')
    expect(event?.properties).toEqual(forged)
    expect(event?.body).toEqual({ forged: true })
  })

  it('keeps its place among those of its device, however many are under way', async () => {
    const car = await fleet.device('car-1')
    const bodies = Array.from({ length: 100 }, (_, seq) => ({ seq }))
    await Promise.all(bodies.map(body => car.sendEvent(messageOf(JSON.stringify(body)))))
    const events = await fleet.events('car-1', 101)
    expect(events.slice(-100).map(event => event.body)).toEqual(bodies)
  })

  it('cannot be annotated by any other sender', async () => {
    const event = {
      body: Buffer.from('{}'),
      bodyType: 'data' as const,
      messageAnnotations: { 'iothub-connection-device-id': 'car-1' }
    }
    const send = (app: string) => {
      const token = credential(() => tokenOf(app, AUDIENCE))
      const producer = new EventHubProducerClient(fleet.eventHub.url, HUB, token, RETRY)
      return producer.sendBatch([event]).finally(() => producer.close())
    }
    await expect(send('gateway')).rejects.toThrow('Annotations are kept of what IoT Hub routes')
    await expect(send('iotHub')).resolves.toBeUndefined()
  })
})

describe('An acknowledgement', () => {
  it('waits for the event hub, and is given once the message is stored there, each in its turn', async () => {
    const car = await fleet.device('car-1')
    await fleet.stopEvents()
    let acknowledged = 0
    const bodies = Array.from({ length: 20 }, (_, seq) => ({ away: seq }))
    const sent = bodies.map(async body => {
      await car.sendEvent(messageOf(JSON.stringify(body)))
      acknowledged++
    })
    await complained('the route to telemetry waits')
    expect(acknowledged).toBe(0)
    await fleet.startEvents()
    await Promise.all(sent)
    const stored = await fleet.bodiesUpTo('car-1', { away: 19 })
    expect(stored.slice(-20)).toEqual(bodies)
  })

  it('that never came makes the device send again to an IoT Hub that is back: nothing is lost', async () => {
    const car = await fleet.device('car-2', { patient: true })
    await fleet.stopEvents()
    const bodies = Array.from({ length: 5 }, (_, seq) => ({ again: seq }))
    const sent = bodies.map(body => car.sendEvent(messageOf(JSON.stringify(body))))
    await complained('the route to telemetry waits')
    await fleet.stopIot()
    await fleet.startEvents()
    await fleet.startIot()
    await Promise.all(sent)
    const stored = (await fleet.events('car-2', 6)).map(event => event.body)
    expect(stored).toEqual(expect.arrayContaining(bodies))
  })
})
