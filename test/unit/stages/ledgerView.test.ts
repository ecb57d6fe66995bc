import * as v from 'valibot'
import { expect, test } from 'vitest'
import { BoardAt, Explanation, type Fact, LedgerPage } from '#contract'
import { createLedgerView, LEDGER_PAGE_FACTS } from '../../../functions/stages/ledgerView.ts'
import { correctionFact, entryFact, laps, protestFact, runFact } from '../../stories/facts.ts'
import { aLedgerStore, openFact } from '../../stories/ledger.ts'
import { aRace, FASTEST_LAP, GUN } from '../../stories/races.ts'

const race = aRace(FASTEST_LAP)
const view = (facts: Fact[]) => createLedgerView(aLedgerStore(facts, { race }))
const ids = ({ facts }: LedgerPage) => facts.map(({ id }) => id)
const problem = (status: number, text: string) => ({
  problem: expect.objectContaining({ status, detail: expect.stringContaining(text) })
})
/** One more than two pages. */
const many = Array.from({ length: 2 * LEDGER_PAGE_FACTS + 1 }, (_, i) => entryFact(i + 1, i))

test('the ledger is paged with what it got last first, each fact once', async () => {
  const ledger = view(many)
  const pages: LedgerPage[] = []
  do {
    pages.push(await ledger.page('evening-race', pages.at(-1)?.continuation ?? undefined))
  } while (pages.at(-1)!.continuation !== null)
  expect(pages.map(page => page.facts.length)).toEqual([LEDGER_PAGE_FACTS, LEDGER_PAGE_FACTS, 1])
  expect(pages.flatMap(ids)).toEqual(many.map(({ id }) => id).toReversed())
  expect(v.parse(LedgerPage, pages[0])).toEqual(pages[0])
})

test('a full last page is the last', async () => {
  const { facts, continuation } = await view(many.slice(0, LEDGER_PAGE_FACTS)).page('evening-race')
  expect([facts.length, continuation]).toEqual([LEDGER_PAGE_FACTS, null])
})

test('a fact that comes between two pages shifts nothing', async () => {
  const { continuation } = await view(many).page('evening-race')
  const next = await view([...many, entryFact(999, 5_000)]).page('evening-race', continuation!)
  expect(ids(next)).toEqual(ids(await view(many).page('evening-race', continuation!)))
})

test('what was captured offline stands where the ledger got it', async () => {
  const late = { ...entryFact(7, 1_000), recordedAt: GUN + 9_000 }
  const facts = [late, entryFact(8, 2_000), entryFact(9, 10_000)]
  expect(ids(await view(facts).page('evening-race'))).toEqual([
    'enter-9-10000',
    'enter-7-1000',
    'enter-8-2000'
  ])
})

test('a ledger is read without a race that it is of, an empty one of a race is empty', async () => {
  const orphaned = createLedgerView(aLedgerStore([entryFact(1)]))
  expect(ids(await orphaned.page('evening-race'))).toHaveLength(1)
  expect(await view([]).page('evening-race')).toEqual({
    raceId: 'evening-race',
    facts: [],
    continuation: null
  })
  await expect(orphaned.page('another-race')).rejects.toMatchObject(problem(404, 'another-race'))
})

test('a continuation that no page gave is refused', async () => {
  await expect(view(many).page('evening-race', 'nonsense')).rejects.toMatchObject({
    problem: { status: 400, errors: [{ pointer: 'continuation', detail: expect.any(String) }] }
  })
})

const facts = [
  openFact(race),
  runFact(1),
  runFact(2),
  ...laps(1, [3_000]),
  ...laps(2, [2_500]),
  { ...correctionFact('run-2-1', { valid: false, ms: 10_000 }), reason: 'Cut the corner.' },
  protestFact(2, 15_000)
]

test('a place is explained with the decision that changed it', async () => {
  const explanation = await view(facts).explanation('evening-race', 2)
  expect(v.parse(Explanation, explanation)).toEqual(explanation)
  expect(explanation).toMatchObject({
    rank: null,
    status: 'nc',
    laps: [{ state: 'invalid' }],
    changes: [{ kind: 'correct', reason: 'Cut the corner.' }]
  })
  await expect(view(facts).explanation('evening-race', 3)).rejects.toMatchObject(
    problem(404, 'competitor 3')
  )
})

test('the board at an instant knows what had happened by then and nothing later', async () => {
  const boardAt = async (ms: number) => {
    const board = await view(facts).boardAt('evening-race', GUN + ms)
    expect(v.parse(BoardAt, board)).toEqual(board)
    return [board.rows.map(({ bib, rank }) => [bib, rank]), board.review.map(({ kind }) => kind)]
  }
  expect(await boardAt(-1)).toEqual([[], []])
  expect(await boardAt(2_499)).toEqual([
    [
      [1, null],
      [2, null]
    ],
    []
  ])
  expect((await boardAt(2_500))[0]).toEqual([
    [2, 1],
    [1, null]
  ])
  expect((await boardAt(9_999))[0]).toEqual([
    [2, 1],
    [1, 2]
  ])
  expect(await boardAt(14_999)).toEqual([
    [
      [1, 1],
      [2, null]
    ],
    []
  ])
  expect((await boardAt(15_000))[1]).toEqual(['protest'])
})

test('a board of before the opening is refused, one of the future is that of now', async () => {
  await expect(view(facts).boardAt('evening-race', GUN - 60_001)).rejects.toMatchObject(
    problem(409, 'was not open at 2027-01-15T')
  )
  const { at } = await view(facts).boardAt('evening-race', GUN + 9_000_000)
  expect(at).toBe(GUN + 60_000)
})
