import { describe, expect, it } from 'vitest'
import { factsBelow } from '#race/signature'
import { openOfficeDesk } from './officeDesk.ts'
import { press } from './officialsPage.ts'
import { actorOf } from './playedSignIn.ts'
import { DEADLINE, graveFaults } from './screenPage.ts'

const SECOND = 1_000

describe('the race office', { timeout: 40_000 }, () => {
  const desk = openOfficeDesk()
  const { eventually, text, field } = desk
  const enter = (place: string, name?: string) => desk.enter(`#office/${place}`, name)
  const because = async (reason: string, deed: string) => {
    await field('Reason').fill(reason)
    await desk.page.locator('form').getByRole('button', { name: deed }).click(DEADLINE)
  }
  const kinds = () => desk.office.store.facts.map(({ kind }) => kind)
  const latest = () => desk.office.store.facts.at(-1)
  const row = (fact: string) => `tr[data-fact="${fact}"]`
  const closed = () => {
    const at = Date.now() - 60 * SECOND
    desk.office.store.tell({ id: 'close', kind: 'close', at })
  }
  const judged = () =>
    desk.office.store.tell({ id: 'run-29.2.0', kind: 'correct', lapId: 'run-29.2', valid: false })

  it('shows what happened, by whom and why, under the names of the directory alone', async () => {
    judged()
    desk.office.store.tell({ id: 'protest.8.0', kind: 'protest', bib: 8, reason: 'Short cut' })
    await enter('final/ledger')
    await eventually(() => text(row('protest.8.0'))).toContain(
      'Protest made Maximiliano Echeverría-Goicoechea Short cut'
    )
    expect(await text(`${row('protest.8.0')} .who`)).toMatch(/^[\da-f]{8}race director$/)
    expect(await text(row('run-33.2'))).toContain('Lap timed Turbo Toast, lap 2')
    expect(await text(`${row('run-29.2.0')} .num`)).toContain('not valid')
    await press(desk.page, /^Corrections.1$/)
    expect(await desk.page.locator('tbody tr').count()).toBe(1)
    await press(desk.page, /^Protests.1$/)
    expect(await text('ul[aria-label="To settle"]')).toContain('contested: Short cut')
    await press(desk.page, /^Settle/)
    await because('Nobody saw it', 'Settle the protest')
    await eventually(latest).toMatchObject({ kind: 'settle', of: 'protest.8.0' })
    await eventually(() => desk.page.locator('ul[aria-label="To settle"]').count()).toBe(0)
  })

  it('explains a place, and corrects, judges and takes back its laps by the keyboard alone', async () => {
    await enter('final/ledger')
    const lap = desk.page.locator(`${row('run-33.2')} button`)
    await lap.focus()
    await desk.page.keyboard.press('Enter')
    await eventually(() => text('.rank')).toBe('=3')
    await eventually(() => text('aside')).toContain('shares place 3 with Þórdís Guðmundsdóttir')
    expect(desk.page.url()).toContain('#office/final/ledger/33')
    await desk.page.getByRole('button', { name: 'Correct the time' }).focus()
    await desk.page.keyboard.press('Enter')
    await desk.page.keyboard.press('ControlOrMeta+A')
    await desk.page.keyboard.type('7.741')
    await desk.page.keyboard.press('Enter')
    // The first fault has the focus.
    await eventually(() => text('form .fault')).toContain('say why')
    await desk.page.keyboard.type('Video: 10 ms later')
    await desk.page.keyboard.press('Enter')
    await eventually(latest).toMatchObject({
      ...{ kind: 'correct', lapId: 'run-33.2', lapMs: 7_741, valid: true },
      ...{ before: { lapMs: 7_731, valid: true }, reason: 'Video: 10 ms later' }
    })
    await eventually(() => text('.rank')).toBe('4')
    await eventually(() => text(row('run-33.2.0'))).toContain('7.731 7.741')
    for (const [deed, state] of [
      ['Not valid', 'not valid'],
      ['Let the lap count', 'counts'],
      ['Take the lap back', 'taken back'],
      ['Bring the lap back', 'counts']
    ] as const) {
      await desk.page.locator('[data-lap]').getByRole('button', { name: deed }).click(DEADLINE)
      await because('As discussed', deed)
      await eventually(() => text('[data-lap]')).toContain(`7.741, ${state}`)
    }
    await desk.page.keyboard.press('Escape')
  })

  it('shows both decisions where somebody decided meanwhile, and decides only when told to', async () => {
    await enter('final/ledger/5')
    await desk.page.getByRole('button', { name: /7\.802/ }).click(DEADLINE)
    await press(desk.page, 'Not valid')
    desk.office.store.tell({
      ...{ id: 'run-5.2.0', kind: 'correct', lapId: 'run-5.2', lapMs: 7_811, valid: true },
      ...{ actor: actorOf('second'), reason: 'Video' }
    })
    await because('Off the track', 'Not valid')
    await eventually(() => text('[aria-label="What is there"]')).toMatch(
      /counts at 0:07\.811.*Video/
    )
    expect(await text('[aria-label="What you asked for"]')).toContain('does not count')
    expect(await graveFaults(desk.page)).toEqual([])
    expect(latest()?.id).toBe('run-5.2.0')
    await press(desk.page, 'Decide as I asked')
    await eventually(latest).toMatchObject({ id: 'run-5.2.1', kind: 'correct', valid: false })
    const keys = desk.office.asked.map(({ key }) => key)
    expect(new Set(keys).size).toBe(2)
  })

  it('decides on competitors: out and back, merged, ordered, a lap added, contested, off the race', async () => {
    judged()
    await enter('final/board/33')
    const decide = async (open: string, fill?: () => Promise<void>) => {
      await desk.page.locator('.deeds').getByRole('button', { name: open }).click(DEADLINE)
      await fill?.()
      await because('The stewards agree', open)
      await desk.page.locator('.done').waitFor(DEADLINE)
    }
    await decide('Disqualify')
    await eventually(() => text('.rank')).toBe('DSQ')
    await decide('Reinstate')
    await eventually(() => text('.rank')).toBe('=3')
    await decide('Photo finish', () => press(desk.page, /Before the one ahead: Turbo/))
    await eventually(latest).toMatchObject({ kind: 'order', bibs: [33, 11] })
    await eventually(() => text('.rank')).toBe('3')
    await decide('Add a missed lap', () => field('Time').fill('7.5'))
    expect(desk.office.store.facts.find(({ id }) => id.startsWith('added.'))).toMatchObject({
      ...{ kind: 'lap', runId: 'run-33', bib: 33, lap: 4, lapMs: 7_500 }
    })
    await eventually(() => text('.rank')).toBe('2')
    await decide('Merge two numbers', () => field('The other number').fill('5'))
    await eventually(latest).toMatchObject({ kind: 'merge', bib: 33, from: 5 })
    await decide('Take a protest')
    await eventually(latest).toMatchObject({ kind: 'protest', bib: 33 })
    await desk.page.locator('tr[data-bib="21"] button').click()
    await decide('Take off the race')
    await eventually(latest).toMatchObject({ kind: 'withdraw', bib: 21 })
    await eventually(() => desk.page.locator('tr[data-bib="21"]').count()).toBe(0)
  })

  it('orders the race’s life: closing asks once more, and aborting for its name', async () => {
    await enter('final/race')
    await press(desk.page, 'Abort the race')
    const abort = desk.page.getByRole('button', { name: 'Abort it for good' })
    await desk.page.keyboard.type('nordic cup')
    expect(await abort.isDisabled()).toBe(true)
    await press(desk.page, 'Leave it')
    await desk.page
      .locator('.flow')
      .getByRole('button', { name: /Close the race/ })
      .click()
    expect(kinds()).not.toContain('close')
    await press(desk.page, 'Close it now')
    await eventually(kinds).toContain('close')
    await eventually(() => text('.flow')).toMatch(/Finishing|Provisional/)
  })

  it('says until when protests are taken and who signs next, and refuses nobody’s own proposal in silence', async () => {
    closed()
    await enter('final/ledger', 'both')
    await eventually(() => text('.flow')).toMatch(/Provisional.*since/)
    expect(await text('.flow')).toContain('1 held time to settle')
    expect(await text('.flow')).toMatch(/protests close in 1\d:\d\d/)
    const sign = desk.page.getByRole('button', { name: /Sign as director/ })
    expect(await text('#why-not')).toContain('Settle first what is open: 1 held time')
    judged()
    await eventually(() => text('#why-not')).toBe('A timekeeper proposes the result first.')
    const propose = (id: string, name: string) =>
      desk.office.store.tell({
        ...{ id, kind: 'propose', actor: actorOf(name) },
        below: factsBelow(desk.office.store.facts.filter(({ raceId }) => raceId === 'final'))
      })
    propose('propose', 'both')
    await eventually(() => text('#why-not')).toContain('You proposed this result yourself')
    expect(await sign.isDisabled()).toBe(true)
    expect(await graveFaults(desk.page)).toEqual([])
    propose('propose.2', 'timekeeper')
    await eventually(() => sign.isEnabled()).toBe(true)
    await sign.click()
    await eventually(() => text('.flow')).toMatch(/Official\s*confirmed/)
  })
})
