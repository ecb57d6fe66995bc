import { expect, test } from 'vitest'
import { type Check, runCheck } from '../../smoke/check.ts'
import { CHECKS } from '../../smoke/checks.ts'
import { AZURE_FACTS } from '../../smoke/facts.ts'
import { openVenue, type Venue } from '../../smoke/venue.ts'

const laptop: Venue = openVenue(
  {
    gateway: 'http://127.0.0.1:1',
    lookups: 'http://127.0.0.1:1',
    pages: 'http://127.0.0.1:2',
    token: async role => `token of ${role}`
  },
  { riders: 20, raceSeconds: 20 }
)
const check = (run: Check['run'], more: Partial<Check> = {}): Check => ({
  name: 'a check',
  proves: 'a fact',
  run,
  ...more
})

test('what a check measured stands in its result', async () => {
  const result = await runCheck(
    check(async () => '3 of 4'),
    laptop
  )
  expect(result).toMatchObject({ name: 'a check', outcome: 'passed', note: '3 of 4' })
})

test('a rejection is a failed result with its reason', async () => {
  const result = await runCheck(
    check(() => Promise.reject(new Error('GET /races: 500'))),
    laptop
  )
  expect(result).toMatchObject({ outcome: 'failed', note: 'GET /races: 500' })
})

test('a check that never ends fails at its limit', async () => {
  const never = check(() => new Promise(() => undefined), { limitMs: 20 })
  expect(await runCheck(never, laptop)).toMatchObject({
    outcome: 'failed',
    note: 'not done after 0.02 s'
  })
})

test('a check that does not apply says why and is not run', async () => {
  let ran = false
  const elsewhere = check(
    async () => {
      ran = true
      return undefined
    },
    { inapplicable: ({ target }) => (target.azure ? undefined : 'no cache here') }
  )
  expect(await runCheck(elsewhere, laptop)).toMatchObject({
    outcome: 'not applicable',
    note: 'no cache here'
  })
  expect(ran).toBe(false)
})

test('what several checks need is made once, and its failure is everyone’s', async () => {
  let made = 0
  const make = () => laptop.once('race', async () => ++made)
  expect([await make(), await make()]).toEqual([1, 1])
  const fail = () => laptop.once('broken', () => Promise.reject(new Error('no race')))
  await expect(fail()).rejects.toThrow('no race')
  await expect(fail()).rejects.toThrow('no race')
})

test('check names are unique, as facts refer to them', () => {
  const names = CHECKS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

test('every fact that only Azure can prove names checks that exist', () => {
  const names = new Set(CHECKS.map(({ name }) => name))
  for (const { fact, checks } of AZURE_FACTS) {
    expect(checks, fact).not.toEqual([])
    for (const name of checks) expect(names, fact).toContain(name)
  }
})

test('every check that the laptop cannot run is of a fact that only Azure can prove', () => {
  const named = new Set(AZURE_FACTS.flatMap(({ checks }) => checks))
  const elsewhere = CHECKS.filter(each => each.inapplicable?.(laptop) !== undefined)
  for (const { name } of elsewhere) expect(named).toContain(name)
})
