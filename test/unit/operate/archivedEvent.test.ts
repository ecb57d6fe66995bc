import { expect, test } from 'vitest'
import { archivedEvent } from '../../../infra/operate/archivedEvent.ts'

const RECORD = {
  SequenceNumber: 41,
  Offset: '8589956720',
  EnqueuedTimeUtc: '12/2/2021 2:58:24 PM',
  SystemProperties: {
    'x-opt-partition-key': { string: 'ride-1.0' },
    'x-opt-enqueued-time': { long: 1_638_457_104_816 }
  },
  Properties: { race: { string: 'ride-1' }, bib: { long: 12 } },
  Body: Buffer.from('{}')
}
const SECOND = Date.UTC(2021, 11, 2, 14, 58, 24)

test('the milliseconds come from the system properties', () => {
  expect(archivedEvent('5', RECORD)).toEqual({
    partition: '5',
    sequence: 41,
    enqueued: 1_638_457_104_816,
    isExact: true,
    key: 'ride-1.0',
    properties: { race: 'ride-1', bib: 12 },
    body: Buffer.from('{}')
  })
})

test('a file without them tells the whole second, and that it is one', () => {
  const event = archivedEvent('5', { ...RECORD, SystemProperties: {} })
  expect(event).toMatchObject({ enqueued: SECOND, isExact: false, key: undefined })
})

test('noon and midnight are read as .NET prints them', () => {
  const at = (EnqueuedTimeUtc: string) =>
    archivedEvent('0', { ...RECORD, EnqueuedTimeUtc, SystemProperties: {} }).enqueued
  expect(at('1/31/2026 12:00:00 AM')).toBe(Date.UTC(2026, 0, 31, 0))
  expect(at('1/31/2026 12:00:01 PM')).toBe(Date.UTC(2026, 0, 31, 12, 0, 1))
  expect(at('1/31/2026 11:59:59 PM')).toBe(Date.UTC(2026, 0, 31, 23, 59, 59))
})

test('what was sent again is of when the hub got it first', () => {
  const Properties = { ...RECORD.Properties, enqueuedAt: { string: '1638457000000' } }
  expect(archivedEvent('5', { ...RECORD, Properties }).enqueued).toBe(1_638_457_000_000)
})

test('a record of another kind, or of no instant, is refused', () => {
  expect(() => archivedEvent('5', { ...RECORD, SequenceNumber: 'one' })).toThrow()
  const printed = { ...RECORD, EnqueuedTimeUtc: '2021-12-02T14:58:24Z', SystemProperties: {} }
  expect(() => archivedEvent('5', printed)).toThrow('which is no instant')
})
