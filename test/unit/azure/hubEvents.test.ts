import { InvocationContext } from '@azure/functions'
import { expect, test } from 'vitest'
import { hubEvents } from '../../../functions/azure/hubEvents.ts'

const metadata = {
  partitionContext: { partitionId: 3 },
  propertiesArray: [{ deviceId: 'car-1' }, { 'iothub-connection-device-id': 'car-9' }, {}],
  systemPropertiesArray: [{}, { offset: '5' }, { 'iothub-connection-device-id': 'car-2' }],
  sequenceNumberArray: ['7', 8, 9],
  enqueuedTimeUtcArray: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z']
}
const events = (triggerMetadata: Record<string, unknown>) =>
  hubEvents([{ n: 0 }, { n: 1 }, { n: 2 }], new InvocationContext({ triggerMetadata }))

test('the device is IoT Hub’s word alone: a property of the same name is none', () => {
  expect(events(metadata).map(({ device }) => device)).toEqual([undefined, undefined, 'car-2'])
})

test('what the trigger says beside the bodies belongs to the body of its place', () => {
  const at = Date.UTC(2026, 0, 1)
  expect(events(metadata)).toMatchObject([
    {
      body: { n: 0 },
      partition: '3',
      sequence: 7,
      enqueued: at,
      properties: { deviceId: 'car-1' }
    },
    { body: { n: 1 }, sequence: 8, enqueued: at },
    { body: { n: 2 }, sequence: 9, enqueued: at + 1_000, properties: {} }
  ])
})

test('a batch without system properties is refused: a device would be taken at its own word', () => {
  const { systemPropertiesArray: _, ...rest } = metadata
  expect(() => events(rest)).toThrow()
})
