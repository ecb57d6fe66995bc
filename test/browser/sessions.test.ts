import { describe, expect, it } from 'vitest'
import { codeHash } from '../../functions/stages/digests.ts'
import { openOfficeDesk } from './officeDesk.ts'
import { press } from './officialsPage.ts'
import { DEADLINE, graveFaults } from './screenPage.ts'

const MINUTE = 60_000

describe('sessions of rides and games in the race office', { timeout: 40_000 }, () => {
  const desk = openOfficeDesk()
  const { eventually, text, field } = desk
  const enter = (place: string, name?: string) => desk.enter(`#office/${place}`, name)
  const ofKind = (kind: string) => desk.office.store.facts.filter(fact => fact.kind === kind)

  it('creates a game for those who know a code, which is shown to be copied and not kept', async () => {
    await enter('new/new')
    await field(/^Id, in addresses/).fill('arcade-friday')
    await desk.page.getByLabel('Name', { exact: true }).fill('Arcade on Friday')
    await field('Format').selectOption('game')
    await field('Points of the best shot').fill('100')
    await field(/Least time between two shots/).fill('250')
    await field('Seats are for').selectOption('code')
    await field('What counts').selectOption('one')
    await field(/^A silent seat/).fill('5')
    await press(desk.page, 'Create the race')
    await eventually(() => desk.page.locator('[aria-invalid="true"]').count()).toBe(2)
    await press(desk.page, 'Make a code')
    const code = await field('Code').inputValue()
    expect(code).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}$/)
    await field(/^A silent seat/).fill('60')
    expect(await graveFaults(desk.page)).toEqual([])
    await press(desk.page, 'Create the race')
    await eventually(() => text('.code b')).toBe(code)
    expect(desk.office.store.races.get('arcade-friday')).toMatchObject({
      registration: { kind: 'code', hash: codeHash('arcade-friday', code) },
      format: { kind: 'game', limits: { shotPoints: 100, shotMs: 250 } },
      ...{ trials: 'one', lateJoin: 'join', idleMs: 60_000 }
    })
    await desk.page.reload()
    await desk.page.locator('.flow').waitFor(DEADLINE)
    expect(await desk.page.getByText(code).count()).toBe(0)
  })

  it('begins a change with the whole configuration, and sends only what was touched', async () => {
    await enter('new/new')
    await field(/^Id, in addresses/).fill('ride-1')
    await desk.page.getByLabel('Name', { exact: true }).fill('Ride')
    await field('Format').selectOption('ride')
    await field('Seats are for').selectOption('account')
    await field('Who comes late may').selectOption('wait')
    await press(desk.page, 'Create the race')
    await desk.page.locator('.flow').waitFor(DEADLINE)
    await eventually(() => field('Seats are for').inputValue()).toBe('account')
    expect(await field('Who comes late may').inputValue()).toBe('wait')
    expect(await field(/^A silent seat/).inputValue()).toBe('120')
    await field(/^A silent seat/).fill('90')
    await press(desk.page, 'Change the race')
    await eventually(() => desk.office.asked.at(-1)?.order).toBe('PATCH /races/ride-1')
    expect(JSON.parse(desk.office.asked.at(-1)?.body ?? '')).toEqual({ idleMs: 90_000 })
  })

  it('makes races back to back, and says when the last one starts', async () => {
    await enter('final/series')
    await field(/^Id, in addresses/).fill('lunch')
    await desk.page.getByLabel('Name', { exact: true }).fill('Lunch ride')
    await field('Races').fill('3')
    await field('First start').fill('2027-01-15T12:00:00')
    await field('Racing time').fill('5:00')
    await field('From start to start').fill('5:02')
    await eventually(() => text('form')).toContain('The last race starts at 12:10')
    await press(desk.page, 'Create the races')
    // Two seconds are not enough, which the service knows.
    await eventually(() => text('form [role="alert"]')).toContain('303 s apart')
    expect(await field('From start to start').getAttribute('aria-invalid')).toBe('true')
    expect(await graveFaults(desk.page)).toEqual([])
    await field('From start to start').fill('5:10')
    await press(desk.page, 'Create the races')
    await eventually(() => [...desk.office.store.races.keys()]).toEqual(
      expect.arrayContaining(['lunch-1', 'lunch-2', 'lunch-3'])
    )
    await eventually(() => desk.page.url()).toContain('#office/lunch-1/race')
    const [first, second] = ['lunch-1', 'lunch-2'].map(id => desk.office.store.races.get(id))
    expect(second?.timetable.startsAt).toBe((first?.timetable.startsAt ?? 0) + 310_000)
  })

  it('moves the end of a running race and shows the new one', async () => {
    await enter('arcade/race')
    const before = (await desk.office.store.readHead('arcade'))?.endsAt ?? 0
    await press(desk.page, '1 minute longer')
    await eventually(() => ofKind('extend')).toMatchObject([{ endsAt: before + MINUTE }])
    await press(desk.page, '5 minutes longer')
    await eventually(() => ofKind('extend').at(-1)).toMatchObject({ endsAt: before + 6 * MINUTE })
    await field('End at another time').fill('2020-01-01T12:00:00')
    await press(desk.page, 'Move the end')
    await eventually(() => text('[aria-labelledby="extend"]')).toContain('less than 5 s ahead')
    expect(await graveFaults(desk.page)).toEqual([])
    await desk.page.goto(`${desk.office.url}/officials/#office/arcade/ledger`)
    await eventually(() => text('tbody')).toContain('End moved')
  })

  it('shows a score that is held, and has it judged with a reason', async () => {
    await enter('arcade/board')
    await eventually(() => text('tr[data-bib="3"]')).toContain('held')
    await desk.page.goto(`${desk.office.url}/officials/#office/arcade/ledger`)
    await press(desk.page, /^Held/)
    await eventually(() => text('ul[aria-label="To settle"]')).toContain('More was sent')
    await press(desk.page, /^Judge/)
    await desk.page.locator('.deeds').getByRole('button', { name: 'Refuse it' }).click(DEADLINE)
    await field('Reason').fill('No video of it')
    expect(await graveFaults(desk.page)).toEqual([])
    await desk.page.locator('form').getByRole('button', { name: 'Refuse it' }).click(DEADLINE)
    await eventually(() => ofKind('judge')).toMatchObject([
      { bib: 3, value: 99_999, accepted: false, reason: 'No video of it' }
    ])
    await eventually(() => desk.page.locator('ul[aria-label="To settle"]').count()).toBe(0)
  })
})
