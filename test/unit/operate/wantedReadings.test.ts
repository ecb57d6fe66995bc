import { expect, test } from 'vitest'
import type { DeadLetter, DeadLetterReason } from '#contract'
import { deadLetterOf } from '../../../functions/stages/deadLetterOf.ts'
import { createSearch } from '../../../infra/operate/wantedReadings.ts'
import { archived, reading } from './events.ts'

const letter = (source: string, key: string, reason: DeadLetterReason = 'no-race'): DeadLetter =>
  deadLetterOf(source, key, { reason, detail: '' }, {}, 0)

test('of an event the wanted readings alone are sent again', () => {
  const [third, fifth] = [letter('ride.1', '7-3'), letter('ride.1', '7-5')]
  const search = createSearch([third, fifth])
  const found = search.match(archived([3, 4, 5].map(second => reading(second))))
  expect(found?.letters).toEqual([third, fifth])
  expect(JSON.parse(`${found?.event.body}`)).toEqual([reading(3), reading(5)])
  expect(found?.event.properties).toEqual({ race: 'ride', bib: '1', session: '7' })
  expect(search.missing()).toEqual([])
})

test('a single reading is an event too', () => {
  const search = createSearch([letter('ride.1', '7-3')])
  expect(search.match(archived(reading(3)))?.letters).toHaveLength(1)
})

test('a repetition further on is not sent once more', () => {
  const search = createSearch([letter('ride.1', '7-3')])
  expect(search.match(archived(reading(3)))).toBeDefined()
  expect(search.match(archived(reading(3)))).toBeUndefined()
})

test('another session, rider or race is another reading', () => {
  const wanted = [letter('ride.1', '8-3'), letter('ride.2', '7-3'), letter('other.1', '7-3')]
  const search = createSearch(wanted)
  expect(search.match(archived(reading(3)))).toBeUndefined()
  expect(search.missing()).toEqual(wanted)
})

test('what could not be read is found by partition and sequence number, and sent as it was', () => {
  const broken = letter('partition-3', '41', 'not-json')
  const search = createSearch([broken])
  const event = archived({}, { sequence: 41, body: Buffer.from('{"seq":') })
  expect(search.match({ ...event, partition: '4' })).toBeUndefined()
  expect(search.match(event)).toEqual({ event, letters: [broken] })
})

test('letters of devices are told apart: they send for themselves', () => {
  const own = letter('car-1', '2-17', 'no-run')
  const search = createSearch([own])
  expect(search.ofDevices).toEqual([own])
  expect(search.missing()).toEqual([])
})
