import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openOfficeDesk } from './officeDesk.ts'
import { press } from './officialsPage.ts'
import { DEADLINE, graveFaults } from './screenPage.ts'

const SECOND = 1_000

describe('the parts of the race office', { timeout: 40_000 }, () => {
  const desk = openOfficeDesk()
  const { eventually, text, field } = desk
  const enter = (place: string, name?: string) => desk.enter(`#office/${place}`, name)
  const latest = () => desk.office.store.facts.at(-1)

  it('shows the board as it stood, compared with now, and the whole board with a search', async () => {
    await enter('final/then')
    await desk.page.getByLabel('From the race’s opening').waitFor(DEADLINE)
    const lap = desk.office.store.facts.find(({ id }) => id === 'run-8.1')
    const at = Math.ceil((lap?.at ?? 0) / SECOND) * SECOND
    await desk.page.getByLabel('From the race’s opening').fill(String(at))
    await eventually(() => text('tr[data-bib="8"]')).toMatch(/^1Maximiliano.*7\.5297\.529.*lost 2$/)
    expect(await text('tr[data-bib="21"]')).toMatch(/^–.*7\.412\s*1$/)
    await desk.page.getByRole('link', { name: 'Board', exact: true }).click()
    await eventually(() => desk.page.locator('tr[data-bib]').count()).toBe(6)
    await desk.page.getByRole('searchbox').fill('thordis')
    await eventually(() => desk.page.locator('tr[data-bib]').count()).toBe(1)
    expect(await text('tr[data-bib]')).toContain('Þórdís')
  })

  it('reads a start list, names its faults by line, and enters it once there are none', async () => {
    await enter('final/lists')
    const choose = (csv: string) =>
      desk.page
        .getByLabel('Choose a start list')
        .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await choose('bib,name\n40,"Ada <script>alert(1)</script>"\nx,Bo\n33,Somebody else\n')
    await eventually(() => desk.page.locator('.faults tbody tr').count()).toBe(2)
    expect(await text('.faults')).toMatch(/3.*whole number.*4.*somebody else/)
    expect(await graveFaults(desk.page)).toEqual([])
    await choose('bib,name\n40,"Ada <b>"\n')
    await press(desk.page, 'Enter 1')
    await eventually(() => text('section [role=status]')).toContain('taken. 1 are on the race')
    expect(latest()).toMatchObject({ kind: 'enter', bib: 40 })
    await choose(`bib,name\n${'1,x\n'.repeat(300_000)}`)
    await eventually(() => text('.fault')).toContain('at most 1,000,000')
    const download = desk.page.waitForEvent('download')
    await press(desk.page, 'Laps as CSV')
    expect((await download).suggestedFilename()).toBe('final-laps.csv')
    expect(await readFile(await (await download).path(), 'utf8')).toContain('run-33')
  })

  it('shows contact details at one press, and erases a person whose name is typed', async () => {
    await enter('final/ledger/33')
    await press(desk.page, 'Contact details')
    await eventually(() => text('[aria-label="Contact details"]')).toContain('turbo@example.org')
    expect(await text('aside .person')).toContain('This look is recorded')
    expect(latest()).toMatchObject({ kind: 'look', competitorId: 'c-33' })
    await press(desk.page, 'Erase the person')
    await desk.page.getByLabel(/Type the name/).fill('Turbo')
    expect(await desk.page.getByRole('button', { name: 'Erase for good' }).isDisabled()).toBe(true)
    await desk.page.getByLabel(/Type the name/).fill('Turbo Toast')
    await press(desk.page, 'Erase for good')
    await eventually(() => text('aside .person')).toContain(
      'Erased: the contact details are deleted'
    )
    await eventually(() => desk.page.locator('body').innerText()).not.toContain('Turbo Toast')
    expect(desk.office.store.people.has('c-33')).toBe(false)
  })

  it('creates a race, shows refusals at their fields, changes it, and makes a screen’s link', async () => {
    await enter('new/new')
    await desk.page.getByLabel('Name', { exact: true }).fill('Juniors')
    await field(/^Id, in addresses/).fill('Junioren Lauf')
    await field('Format').selectOption('averageLap')
    await field('Laps in a row').fill('three')
    await field('Line and edges').selectOption('final')
    await press(desk.page, 'Create the race')
    await eventually(() =>
      desk.page.locator('[aria-invalid]').evaluateAll(all => all.map(each => each.dataset.part))
    ).toEqual(['/raceId', '/format/laps'])
    expect(await graveFaults(desk.page)).toEqual([])
    expect(desk.office.asked).toEqual([])
    await field(/^Id, in addresses/).fill('final')
    await field('Laps in a row').fill('3')
    await press(desk.page, 'Create the race')
    // Only the service knows that there is another race of that id.
    await eventually(() => desk.page.locator('[role=alert]').allInnerTexts()).toContainEqual(
      expect.stringContaining('final')
    )
    await field(/^Id, in addresses/).fill('juniors')
    await field('Laps below are held').fill('6.5')
    await press(desk.page, 'Create the race')
    await desk.page.waitForURL(/#office\/juniors\/race/)
    expect(desk.office.store.races.get('juniors')).toMatchObject({
      ...{ format: { kind: 'averageLap', laps: 3 }, minLapMs: 6_500, attended: true },
      course: { courseId: 'hall' }
    })
    await field('Time of a run').fill('5:00')
    await press(desk.page, 'Change the race')
    await eventually(() => desk.office.store.races.get('juniors')?.runMs).toBe(300_000)
    expect(JSON.parse(desk.office.asked.at(-1)?.body ?? '')).toEqual({ runMs: 300_000 })

    await desk.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await desk.page.getByRole('link', { name: 'Screens' }).click()
    await field(/^Name of the screen/).fill('hall-1')
    await press(desk.page, 'Make the link')
    await press(desk.page, 'Copy the link')
    await eventually(() => desk.page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${desk.office.url}/screen/?race=juniors&key=screen.key`
    )
  })

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark']
  ] as const)(
    'gives every finger 44 px and axe nothing serious to find, %i wide and %s',
    async (width, colorScheme) => {
      await desk.reopen({ viewport: { width, height: 844 }, colorScheme })
      await enter('final/ledger')
      for (const [part, heading] of [
        ['ledger', 'Ledger'],
        ['ledger/29', 'Why this place'],
        ['board', 'Board'],
        ['then', 'Board at a time'],
        ['lists', 'Start list'],
        ['race', 'The race’s life'],
        ['screens', 'Venue screen'],
        ['new', 'New race']
      ] as const) {
        await desk.page.goto(`${desk.office.url}/officials/#office/final/${part}`)
        await desk.page.getByRole('heading', { name: heading, exact: true }).waitFor(DEADLINE)
        if (part === 'ledger/29') {
          await desk.page
            .getByRole('button', { name: /5\.902/ })
            .last()
            .click(DEADLINE)
          await press(desk.page, 'Correct the time')
        }
        const sizes = await desk.page.evaluate(() =>
          [...document.querySelectorAll('button, a, input, select')]
            .filter(each => each.checkVisibility())
            .map(each => each.getBoundingClientRect())
            .map(box => Math.min(box.width, box.height))
        )
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44)
        expect(await desk.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
        expect(await graveFaults(desk.page)).toEqual([])
      }
    }
  )
})
