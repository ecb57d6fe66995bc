import { describe, expect, it } from 'vitest'
import { SYNTHETIC_RACE } from '#contract'
import { openOfficeDesk } from './officeDesk.ts'
import { press } from './officialsPage.ts'
import { underLoad } from './playedOperations.ts'
import { DEADLINE, graveFaults } from './screenPage.ts'

describe('the operator’s page', { timeout: 40_000 }, () => {
  const desk = openOfficeDesk()
  const { eventually, text } = desk
  const enter = async () => {
    await desk.enter('#operator')
    await desk.page.getByRole('heading', { name: 'Operator', exact: true }).waitFor(DEADLINE)
  }
  const staleness = () => desk.page.locator('main').getAttribute('data-stale')

  it('shows lag, races, dead letters and the way to the screen, and how old all that is', async () => {
    desk.office.pipeline.operations = underLoad(Date.now())
    await enter()
    await eventually(() => text('[data-figure="pulse"]')).toMatch(/^Pulse \d s ago$/)
    expect(await text('tr[data-partition="3"]')).toContain('1,240')
    expect(await text('tr[data-race="lunch-ride-7"]')).toContain('184')
    expect(await text('tr[data-reason="too-late"]')).toMatch(/Arrived too late.*1,204/)
    expect(await text('[data-figure="p50"]')).toMatch(/^3\d\d ms$/)
    // One of sixty never came: that is more than one of a hundred.
    expect(await text('[data-figure="p99"]')).toBe('never')
    expect(await text('[data-figure="lost"]')).toBe('1 of 60')
    expect(await desk.page.getByRole('img', { name: /60 measurements/ }).count()).toBe(1)
    expect(await staleness()).toBe('0')
    expect(await graveFaults(desk.page)).toEqual([])
  })

  it('says that nothing was told yet', async () => {
    desk.office.pipeline.operations = {
      asOf: Date.now(),
      pulse: null,
      deadLetters: [],
      latencies: []
    }
    await enter()
    await eventually(() => text('[data-figure="pulse"]')).toBe('No pulse yet')
    expect(await text('main')).toContain('has not said anything yet')
    expect(await text('main')).toContain('Nothing was measured in the last hour.')
    expect(await text('main')).toContain('Every reading of the last week was counted.')
    expect(await graveFaults(desk.page)).toEqual([])
  })

  it('dims what a silent pipeline told last, and says so', async () => {
    const loaded = underLoad(Date.now())
    desk.office.pipeline.operations = { ...loaded, asOf: loaded.asOf + 70_000 }
    await enter()
    await eventually(staleness).toBe('3')
    expect(await text('main')).toContain('The pipeline is silent')
    expect(await text('[data-figure="pulse"]')).toMatch(/^Pulse \d+ s ago$/)
  })

  it('starts the synthetic rider’s race once it is asked to', async () => {
    desk.office.pipeline.operations = {
      asOf: Date.now(),
      pulse: null,
      deadLetters: [],
      latencies: []
    }
    await enter()
    await press(desk.page, 'Start measuring')
    const orders = () => desk.office.asked.map(({ order }) => order)
    await eventually(orders).toContain(`POST /races/${SYNTHETIC_RACE}/steps/start`)
    expect(orders().slice(0, 2)).toEqual([
      'POST /races',
      `POST /races/${SYNTHETIC_RACE}/steps/open`
    ])
    expect(desk.office.store.races.get(SYNTHETIC_RACE)).toMatchObject({
      ...{ unlisted: true, attended: true, registration: { kind: 'open' } }
    })
  })
})
