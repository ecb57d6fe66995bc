import { expect, test } from 'vitest'
import { createEntries } from '../../../functions/stages/entries.ts'
import { createPeople } from '../../../functions/stages/people.ts'
import {
  createStartLists,
  LIST_MAX_BYTES,
  refuseLong
} from '../../../functions/stages/startList.ts'
import { aRace, DISTANCE } from '../../stories/races.ts'
import { ADA, aRegistry, BO, statusOf, TRIAL } from '../../stories/registry.ts'

const { raceId } = TRIAL
const HEADER = 'bib,name,country,class,email,phone'
const LIST = [
  HEADER,
  '7,"Mina ""M"" V",NLD,PRO,mina@paddock.example,+31 20 555 0100',
  '2,Ole,,,,'
].join('\r\n')

function desk(...options: Parameters<typeof aRegistry>) {
  const registry = aRegistry(...options)
  const { take } = createStartLists(registry.ports)
  return {
    ...registry,
    ...createEntries(registry.ports),
    ...createPeople(registry.ports),
    preview: (csv: string) => take({ raceId, csv, apply: false }, ADA),
    apply: (csv: string) => take({ raceId, csv, apply: true }, ADA)
  }
}
const faultsOf = async (lines: string[], ...options: Parameters<typeof aRegistry>) =>
  (await desk(...options).preview(lines.join('\n'))).faults

test('a preview says what the list holds and stores nothing', async () => {
  const { preview, calls } = desk()
  expect(await preview(LIST)).toEqual({
    raceId,
    applied: false,
    entries: [
      { line: 2, bib: 7, name: 'Mina "M" V', known: false },
      { line: 3, bib: 2, name: 'Ole', known: false }
    ],
    faults: []
  })
  expect(calls).toEqual([])
})

test('a list that is taken enters everybody, with contact details in people alone', async () => {
  const { apply, factsOf, faces, people, elsewhere } = desk()
  expect(await apply(LIST)).toMatchObject({ applied: true, faults: [] })
  expect(factsOf('enter')).toMatchObject([
    { id: 'enter.7', bib: 7, actor: ADA },
    { id: 'enter.2', bib: 2, actor: ADA }
  ])
  expect(faces()).toMatchObject([
    { name: 'Mina "M" V', country: 'NLD', class: 'PRO', entries: [{ raceId, bib: 7 }] },
    { name: 'Ole', country: '', class: '', entries: [{ raceId, bib: 2 }] }
  ])
  expect([...people.values()]).toMatchObject([
    { email: 'mina@paddock.example', phone: '+31 20 555 0100' }
  ])
  expect(elsewhere()).not.toContain('paddock')
})

test('columns come in any order and case, and semicolons separate where the header has them', async () => {
  const { preview } = desk()
  const { entries, faults } = await preview('Name;BIB\nMina, M;7\n')
  expect(faults).toEqual([])
  expect(entries).toMatchObject([{ line: 2, bib: 7, name: 'Mina, M' }])
})

test('lines of nothing are passed over', async () => {
  const { entries, faults } = await desk().preview('bib,name\n\n , \n7,Mina\n\n')
  expect(faults).toEqual([])
  expect(entries).toMatchObject([{ line: 4, bib: 7 }])
})

test('the same list again finds everybody known and changes nothing', async () => {
  const { apply, elsewhere, people } = desk()
  await apply(LIST)
  const before = elsewhere()
  const { applied, entries } = await apply(LIST)
  expect(applied).toBe(true)
  expect(entries.map(({ known }) => known)).toEqual([true, true])
  expect(elsewhere()).toBe(before)
  expect(people.size).toBe(1)
})

test.each(['enter', 'competitor', 'person'])(
  'a crash after %s is made good by the same list',
  async call => {
    const { apply, crashing, factsOf, faces, people } = desk()
    crashing.add(call)
    await expect(apply(LIST)).rejects.toThrow(call)
    crashing.clear()
    await apply(LIST)
    expect(factsOf('enter')).toHaveLength(2)
    expect(faces().map(({ name }) => name)).toEqual(['Mina "M" V', 'Ole'])
    expect(people.size).toBe(1)
  }
)

test('every fault is told with its line, and a list with one is not taken at all', async () => {
  const { apply, calls } = desk()
  const csv = [HEADER, '1,Good,,,,', 'x,Bad,,,,', '10001,,,,,', '3,Bad\u202e,nl,PRO,,'].join('\n')
  const { applied, entries, faults } = await apply(csv)
  expect(applied).toBe(false)
  expect(entries).toMatchObject([{ line: 2 }])
  expect(faults.map(({ line, detail }) => `${line} ${detail.split(':')[0]}`).sort()).toEqual([
    '3 bib',
    '4 bib',
    '4 name',
    '5 country',
    '5 name'
  ])
  expect(calls).toEqual([])
})

test.each([
  ['a class of another race', '1,Bad,,KIDS,,', 'class'],
  ['an address that is none', '1,Bad,,,mina at home,', 'email'],
  ['a telephone number that is none', '1,Bad,,,,call me', 'phone'],
  ['a missing cell', '1,Bad', 'it has 2 cells, the first line 6'],
  ['bytes that are no UTF-8', '1,Ren\uFFFD,,,,', 'it is not UTF-8'],
  ['a byte of nothing', '1,Bad\0,,,,', 'it is not UTF-8'],
  ['a quote that is not closed', '1,"Bad,,,,', 'a quote is opened'],
  ['a control character', '1,Bad\u0007,,,,', 'name']
])('%s is told with its line', async (_what, text, word) => {
  const faults = await faultsOf([HEADER, '5,Good,,,,', text])
  expect(faults).toEqual([{ line: 3, detail: expect.stringContaining(word) }])
})

test('no fault repeats contact details', async () => {
  const faults = await faultsOf([HEADER, '1,Bad,,,mina at paddock,unmistakable'])
  expect(faults).toHaveLength(2)
  expect(JSON.stringify(faults)).not.toMatch(/paddock|unmistakable/)
})

test('a number that comes twice is told where it comes again', async () => {
  const faults = await faultsOf(['bib,name', '7,Mina', '7,Ole'])
  expect(faults).toEqual([{ line: 3, detail: expect.stringContaining('line 2') }])
})

test.each([
  ['bib,email\nx,"', 'the column name is missing'],
  ['bib,name,team\nx,"', 'there is no column team'],
  ['bib,name,Name\nx,"', 'the column name is there twice'],
  ['b\0i\0b\0\nx,"', 'it is not UTF-8'],
  ['"bib,name', 'a quote is opened'],
  ['bib,name\n\n', 'it names nobody'],
  ['', 'it names nobody']
])('a list without a header or anybody has this one fault: %j', async (text, word) => {
  expect(await faultsOf([text])).toEqual([{ line: 1, detail: expect.stringContaining(word) }])
})

test('a list longer than the race has places is read no further than that', async () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `${i + 1},Racer`)
  const faults = await faultsOf(['bib,name', ...lines])
  expect(faults).toEqual([{ line: 6, detail: expect.stringContaining('4 places') }])
})

test('those who are in already take places too, unless the list names them', async () => {
  const { enter, preview } = desk({ race: { ...TRIAL, capacity: 2 } })
  await enter({ raceId, key: 'key-of-ole', request: { name: 'Ole', bib: 2 } }, BO)
  expect((await preview('bib,name\n2,Ole\n7,Mina')).faults).toEqual([])
  const { faults } = await preview('bib,name\n7,Mina\n8,Ada')
  expect(faults).toEqual([{ line: 3, detail: expect.stringContaining('1 are taken') }])
})

test('who was entered at the track is known by number and face, and nobody else has the number', async () => {
  const { enter, preview } = desk()
  await enter({ raceId, key: 'key-of-ole', request: { name: 'Ole', bib: 2 } }, BO)
  expect((await preview('bib,name\n2,Ole')).entries).toMatchObject([{ known: true }])
  const { faults } = await preview('bib,name\n2,Mina')
  expect(faults).toEqual([{ line: 2, detail: expect.stringContaining('somebody else') }])
})

test('an entry at the track that stopped halfway is nobody whom a list names', async () => {
  const { enter, preview, crashing } = desk()
  crashing.add('enter')
  const ole = enter({ raceId, key: 'key-of-ole', request: { name: 'Ole', bib: 2 } }, BO)
  await expect(ole).rejects.toThrow('enter')
  crashing.clear()
  const { faults } = await preview('bib,name\n2,Ole')
  expect(faults).toEqual([{ line: 2, detail: expect.stringContaining('somebody else') }])
})

test('a list brings nobody back who was erased', async () => {
  const { apply, erase, faces, people } = desk()
  await apply(LIST)
  const { id } = faces()[0]!
  await erase(id, BO)
  const { applied, faults } = await apply(LIST)
  expect(applied).toBe(false)
  expect(faults).toEqual([{ line: 2, detail: expect.stringContaining('erased') }])
  expect(people.size).toBe(0)
})

test('a number that is taken while the list is taken is a conflict', async () => {
  const { apply, meanwhile, ports, faces } = desk()
  const taken = { id: 'enter.7', raceId, kind: 'enter', bib: 7, competitorId: 'ole' } as const
  meanwhile.push(() => ports.appendFact({ ...taken, at: 0, actor: BO }))
  expect(await statusOf(apply('bib,name\n7,Mina'))).toBe(409)
  expect(faces()).toEqual([])
})

test('only races of laps with officials have start lists, until they are over', async () => {
  expect(await statusOf(desk({ phase: 'provisional' }).preview(LIST))).toBe(409)
  expect(await statusOf(desk({ phase: null }).preview(LIST))).toMatchObject({ faults: [] })
  const ride = desk({ race: aRace(DISTANCE, { attended: true }) })
  expect(await statusOf(ride.preview(LIST))).toBe(409)
})

test('a body longer than the limit is refused by its length', () => {
  expect(() => refuseLong(LIST_MAX_BYTES)).not.toThrow()
  expect(() => refuseLong(LIST_MAX_BYTES + 1)).toThrow('1000000')
})
