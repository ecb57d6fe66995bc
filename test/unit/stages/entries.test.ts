import * as v from 'valibot'
import { expect, test } from 'vitest'
import { EntryRequest } from '#contract'
import { createEntries } from '../../../functions/stages/entries.ts'
import { createPeople } from '../../../functions/stages/people.ts'
import { CONTACT_TTL_S } from '../../../functions/stages/registration.ts'
import { aRace, DISTANCE, FASTEST_LAP } from '../../stories/races.ts'
import { ADA, aRegistry, BO, statusOf, TRIAL } from '../../stories/registry.ts'

const { raceId } = TRIAL
const contact = { email: 'mina@paddock.example', phone: '+31 20 555 0100' }
const MINA = { name: 'Mina', country: 'NLD', class: 'PRO', contact }
const order = (request: EntryRequest, key = 'key-of-mina') => ({ raceId, key, request })

function desk(...options: Parameters<typeof aRegistry>) {
  const registry = aRegistry(...options)
  return { ...registry, ...createEntries(registry.ports), ...createPeople(registry.ports) }
}

test('who walks up gets a number, a public face and contact details that end by themselves', async () => {
  const { enter, faces, people, factsOf } = desk()
  const entry = await enter(order(MINA), ADA)
  const { competitorId } = entry
  expect(entry).toEqual({ raceId, bib: 1, competitorId })
  const ids = { id: competitorId, competitorId }
  const face = { name: 'Mina', country: 'NLD', class: 'PRO' }
  expect(faces()).toEqual([{ ...ids, ...face, entries: [{ raceId, bib: 1 }] }])
  expect([...people.values()]).toEqual([{ ...ids, ...contact, ttl: CONTACT_TTL_S }])
  expect(CONTACT_TTL_S).toBe(90 * 24 * 3_600)
  const fact = { id: 'enter.1', raceId, kind: 'enter', actor: ADA, bib: 1, competitorId }
  expect(factsOf('enter')).toMatchObject([fact])
})

test('contact details are in people alone, and neither they nor the key in the ledger', async () => {
  const { enter, elsewhere } = desk()
  await enter(order(MINA), ADA)
  for (const secret of [contact.email, contact.phone, 'key-of-mina']) {
    expect(elsewhere()).not.toContain(secret)
  }
})

test('who gives no contact details is no person', async () => {
  const { enter, people } = desk()
  await enter(order({ name: 'Ole', contact: {} }), ADA)
  await enter(order({ name: 'Ada' }, 'key-of-ada'), ADA)
  expect(people.size).toBe(0)
})

test('a name is one text however it was typed', async () => {
  const { enter, faces } = desk()
  await enter(order({ name: ' A\u030asa \u00a0 B ' }), ADA)
  expect(faces()[0]?.name).toBe('Åsa B')
})

test('the same request under its key is the same answer and nothing twice, whoever sends it again', async () => {
  const { enter, faces, people, factsOf } = desk()
  const first = await enter(order(MINA), ADA)
  expect(await enter(order({ ...MINA, name: 'Mina ' }), BO)).toEqual(first)
  expect([faces().length, people.size, factsOf('enter').length]).toEqual([1, 1, 1])
})

test('the same request twice at once is one entry', async () => {
  const { enter, factsOf } = desk()
  const [one, other] = await Promise.all([enter(order(MINA), ADA), enter(order(MINA), ADA)])
  expect(one).toEqual(other)
  expect(factsOf('enter')).toHaveLength(1)
})

test.each([
  { name: 'Nina' },
  { country: 'BEL' },
  { class: 'AM' },
  { bib: 2 },
  { contact: { ...contact, email: 'other@paddock.example' } },
  { contact: { email: contact.email } }
])('another request under a used key is refused: %o', async change => {
  const { enter, faces, people, factsOf } = desk()
  await enter(order(MINA), ADA)
  expect(await statusOf(enter(order({ ...MINA, ...change }), ADA))).toBe(422)
  expect([faces().length, people.size, factsOf('enter').length]).toEqual([1, 1, 1])
})

test.each(['enter', 'competitor', 'person'])(
  'a crash after %s shows no contact details elsewhere, and the request again completes the entry',
  async call => {
    const { enter, crashing, faces, people, factsOf, elsewhere } = desk()
    crashing.add(call)
    await expect(enter(order(MINA), ADA)).rejects.toThrow(call)
    expect(elsewhere()).not.toContain(contact.email)
    crashing.clear()
    const entry = await enter(order(MINA), ADA)
    expect(factsOf('enter')).toMatchObject([{ bib: 1, competitorId: entry.competitorId }])
    expect(faces()).toMatchObject([{ id: entry.competitorId, name: 'Mina' }])
    expect([...people.keys()]).toEqual([entry.competitorId])
  }
)

test('a repeated request brings nobody back who was erased meanwhile', async () => {
  const { enter, erase, people, elsewhere } = desk()
  const entry = await enter(order(MINA), ADA)
  await erase(entry.competitorId, BO)
  expect(await enter(order(MINA), ADA)).toEqual(entry)
  expect(people.size).toBe(0)
  expect(elsewhere()).not.toContain('Mina')
})

test('the next number is the lowest that nobody had', async () => {
  const { enter } = desk()
  await enter(order({ name: 'Two', bib: 2 }, 'key-two-'), ADA)
  expect(await enter(order({ name: 'One' }, 'key-one-'), ADA)).toMatchObject({ bib: 1 })
  expect(await enter(order({ name: 'Three' }, 'key-three'), ADA)).toMatchObject({ bib: 3 })
})

test('of two timekeepers who enter at once each gets a number of its own', async () => {
  const { enter } = desk()
  const entries = await Promise.all(
    ['Mina', 'Ole', 'Ada'].map(name => enter(order({ name }, `key-of-${name}`), ADA))
  )
  expect(entries.map(({ bib }) => bib).sort()).toEqual([1, 2, 3])
})

test('a number that is taken is refused, and with it nothing is stored', async () => {
  const { enter, faces, people } = desk()
  await enter(order({ name: 'Ole', bib: 7 }, 'key-of-ole'), ADA)
  expect(await statusOf(enter(order({ ...MINA, bib: 7 }), ADA))).toBe(409)
  expect(faces()).toHaveLength(1)
  expect(people.size).toBe(0)
})

test('a full race takes nobody, and still answers who is in', async () => {
  const { enter } = desk({ race: { ...TRIAL, capacity: 1 } })
  const entry = await enter(order(MINA), ADA)
  expect(await statusOf(enter(order({ name: 'Ole' }, 'key-of-ole'), ADA))).toBe(409)
  expect(await enter(order(MINA), ADA)).toEqual(entry)
})

test('a class that the race does not have is refused; without any, every class is right', async () => {
  expect(await statusOf(desk().enter(order({ ...MINA, class: 'KIDS' }), ADA))).toBe(400)
  expect(await statusOf(desk().enter(order({ name: 'Ole' }), ADA))).toMatchObject({ bib: 1 })
  const open = desk({ race: { ...TRIAL, classes: [] } })
  expect(await statusOf(open.enter(order({ ...MINA, class: 'KIDS' }), ADA))).toMatchObject({
    bib: 1
  })
  expect(v.is(EntryRequest, { name: 'Ole', class: 'a\u0007' })).toBe(false)
})

test.each([null, 'scheduled', 'open', 'countdown', 'running'] as const)(
  'a race that is %s takes competitors',
  async phase => {
    expect(await desk({ phase }).enter(order(MINA), ADA)).toMatchObject({ bib: 1 })
  }
)

test.each(['finishing', 'provisional', 'official', 'aborted'] as const)(
  'a race that is %s takes none',
  async phase => {
    const { enter, factsOf } = desk({ phase })
    expect(await statusOf(enter(order(MINA), ADA))).toBe(409)
    expect(factsOf('enter')).toEqual([])
  }
)

test('only races of laps have entries', async () => {
  const ride = desk({ race: aRace(DISTANCE, { attended: true }) })
  expect(await statusOf(ride.enter(order(MINA), ADA))).toBe(409)
  const timetabled = desk({ race: aRace(FASTEST_LAP) })
  expect(await timetabled.enter(order(MINA), ADA)).toMatchObject({ bib: 1 })
  expect(await statusOf(desk().enter({ ...order(MINA), raceId: 'no-race' }, ADA))).toBe(404)
})
