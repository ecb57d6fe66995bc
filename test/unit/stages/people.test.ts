import { expect, test } from 'vitest'
import { PEOPLE } from '#contract'
import { createPeople, ERASED_TTL_S } from '../../../functions/stages/people.ts'
import { ADA, aRegistry, BO, statusOf } from '../../stories/registry.ts'

const ids = { id: 'mina', competitorId: 'mina' }
const person = { ...ids, email: 'mina@paddock.example', ttl: 60 }
const entries = [
  { raceId: 'red', bib: 1 },
  { raceId: 'blue', bib: 7 }
]
const mina = { ...ids, name: 'Mina', country: 'NLD', class: 'PRO', entries }

/** An office that knows Mina. */
function office() {
  const registry = aRegistry()
  registry.put(mina)
  registry.people.set('mina', person)
  return { ...registry, ...createPeople(registry.ports) }
}

test('a look at contact details is a fact before it is an answer, each look one', async () => {
  const { look, factsOf, calls } = office()
  expect(await look('mina', ADA)).toEqual(person)
  expect(calls).toEqual(['look', 'readPerson'])
  await look('mina', BO)
  const fact = { raceId: PEOPLE, kind: 'look', competitorId: 'mina' }
  expect(factsOf('look')).toMatchObject([
    { ...fact, actor: ADA },
    { ...fact, actor: BO }
  ])
})

test('a look that cannot be recorded is not had', async () => {
  const { look, crashing, calls } = office()
  crashing.add('look')
  await expect(look('mina', ADA)).rejects.toThrow('failed')
  expect(calls).toEqual(['look'])
})

test('a look at nothing is recorded too', async () => {
  const { look, factsOf } = office()
  expect(await statusOf(look('nobody', ADA))).toBe(404)
  expect(factsOf('look')).toMatchObject([{ competitorId: 'nobody' }])
})

test('who is erased has neither contact details nor a public face, and the numbers stay', async () => {
  const { erase, look, people, faces, factsOf } = office()
  await erase('mina', ADA)
  const empty = { ...ids, name: '', country: '', class: '', entries }
  expect(faces()).toEqual([{ ...empty, erased: true, ttl: ERASED_TTL_S }])
  expect(people.size).toBe(0)
  expect(factsOf('erase')).toMatchObject([{ raceId: PEOPLE, actor: ADA, competitorId: 'mina' }])
  expect(await statusOf(look('mina', ADA))).toBe(404)
})

test('who took seats leaves every race, also one that is found at a second try', async () => {
  const { erase, faces, meanwhile, put } = office()
  const seatIn = (raceId: string) => ({
    ...{ ...mina, id: `${raceId}.4` },
    entries: [{ raceId, bib: 4 }]
  })
  put(seatIn('green'))
  put({ ...mina, id: 'green.9', competitorId: 'somebody-else' })
  meanwhile.push(
    () => undefined,
    () => put(mina),
    () => put(seatIn('white'))
  )
  await erase('mina', ADA)
  const named = faces().filter(({ name }) => name)
  expect(named.map(({ competitorId }) => competitorId)).toEqual(['somebody-else'])
  const left = faces().filter(({ erased }) => erased)
  expect(left.map(({ id }) => id)).toEqual(['mina', 'green.4', 'white.4'])
  expect(left.map(({ entries: [entry] }) => entry?.bib)).toEqual([1, 4, 4])
})

test('erasing again changes nothing', async () => {
  const { erase, faces, factsOf, calls } = office()
  await erase('mina', ADA)
  await erase('mina', BO)
  expect(factsOf('erase')).toHaveLength(1)
  expect(faces()).toHaveLength(1)
  expect(calls.filter(call => call === 'replaceCompetitor')).toHaveLength(1)
})

test.each(['erase', 'deletePerson', 'replaceCompetitor'])(
  'a crash after %s is made good by erasing again',
  async call => {
    const { erase, crashing, people, faces, factsOf } = office()
    crashing.add(call)
    await expect(erase('mina', ADA)).rejects.toThrow(call)
    crashing.clear()
    await erase('mina', ADA)
    expect(factsOf('erase')).toHaveLength(1)
    expect(people.size).toBe(0)
    expect(faces()).toMatchObject([{ name: '', erased: true }])
  }
)

test('another writer at the same time keeps nobody from being erased', async () => {
  const { erase, faces, meanwhile, put } = office()
  const withdrawn = { ...mina, entries: [{ ...entries[0]!, withdrawn: true }] }
  meanwhile.push(
    () => undefined,
    () => put(withdrawn)
  )
  await erase('mina', ADA)
  expect(faces()).toMatchObject([{ name: '', erased: true, entries: withdrawn.entries }])
})

test('nobody is not erased', async () => {
  const { erase, factsOf } = office()
  expect(await statusOf(erase('nobody', ADA))).toBe(404)
  expect(factsOf('erase')).toEqual([])
})
