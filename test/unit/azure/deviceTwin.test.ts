import { expect, test } from 'vitest'
import { deviceOf } from '../../../functions/azure/deviceTwin.ts'

/** A twin of a device that never came, as IoT Hub answers it. */
const twinOf = (changed: object = {}, reported: object = {}, desired: object = {}) => ({
  deviceId: 'car-1',
  status: 'enabled',
  connectionState: 'Disconnected',
  lastActivityTime: '0001-01-01T00:00:00Z',
  version: 2,
  properties: {
    desired: { ...desired, $version: 1, $metadata: { $lastUpdated: '2026-01-01T00:00:00Z' } },
    reported: { $version: 1, $metadata: { $lastUpdated: '0001-01-01T00:00:00Z' }, ...reported }
  },
  ...changed
})
const reportedAt = (time: string) => ({ $metadata: { $lastUpdated: time } })

test('a device that never came is known and was not seen', () => {
  expect(deviceOf(twinOf())).toEqual({
    deviceId: 'car-1',
    enabled: true,
    connected: false,
    lastSeen: null,
    stopOrdered: false,
    reported: {}
  })
})

test('a device is seen when it was active or reported, whichever is later', () => {
  const lastActivityTime = '2026-03-01T10:00:00Z'
  const active = Date.parse(lastActivityTime)
  expect(deviceOf(twinOf({ lastActivityTime }))?.lastSeen).toBe(active)
  const zoneless = { lastActivityTime: '2026-03-01T10:00:00.0000000' }
  expect(deviceOf(twinOf(zoneless))?.lastSeen).toBe(active)
  const later = reportedAt('2026-03-01T10:00:01.5Z')
  expect(deviceOf(twinOf({ lastActivityTime }, later))?.lastSeen).toBe(active + 1_500)
  const earlier = reportedAt('2026-03-01T09:00:00Z')
  expect(deviceOf(twinOf({ lastActivityTime }, earlier))?.lastSeen).toBe(active)
})

test('what it reports is shown, and nothing else of its twin', () => {
  const report = { kind: 'car', firmware: '1.2', battery: 80, stopped: true }
  expect(deviceOf(twinOf({}, { ...report, mood: 'good' }))?.reported).toEqual(report)
})

test('nonsense in one part of a report takes that part alone', () => {
  const link = { ackMs: 'soon', losses: 2 }
  const report = { kind: 'boat', battery: 101, link, firmware: '1.2' }
  expect(deviceOf(twinOf({}, report))?.reported).toEqual({ firmware: '1.2' })
})

test.each([
  [true, true],
  [false, false],
  ['true', false]
])('an order to stop that is %o stands: %o', (stop, stands) => {
  expect(deviceOf(twinOf({}, {}, { stop }))?.stopOrdered).toBe(stands)
})

test('a device may be shut out, and connected', () => {
  const twin = twinOf({ status: 'disabled', connectionState: 'Connected' })
  expect(deviceOf(twin)).toMatchObject({ enabled: false, connected: true })
})

test('a device that no run can name is not of the fleet', () => {
  expect(deviceOf(twinOf({ deviceId: 'Camera_7' }))).toBeUndefined()
})

test('what is no twin is a failure of the hub', () => {
  expect(() => deviceOf({ deviceId: 'car-1' })).toThrow('status')
})
