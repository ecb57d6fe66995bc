import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SYNTHETIC_RACE } from '#contract'
import { launchChromium } from './chromium.ts'
import { enterPassword, newOfficial, press } from './officialsPage.ts'
import { startPlayedOffice } from './playedOffice.ts'
import { underLoad } from './playedOperations.ts'
import { buildPages, DEADLINE, graveFaults, textOf } from './screenPage.ts'

describe('the operator’s page', { timeout: 40_000 }, () => {
  let office: Awaited<ReturnType<typeof startPlayedOffice>>
  let browser: Browser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    office = await startPlayedOffice(await buildPages())
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await office?.close()
  })
  beforeEach(async () => {
    problems = []
    office.store.reset()
    office.asked.length = 0
    page = await newOfficial(browser, problems, { viewport: { width: 1280, height: 800 } })
  })
  afterEach(async () => {
    await page.context().close()
    expect(problems).toEqual([])
  })

  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  const text = (selector: string) => textOf(page, selector)
  const enter = async () => {
    await page.goto(`${office.url}/officials/#operator`)
    await press(page, 'Sign in')
    await enterPassword(page, { userName: 'admin@grandstand.example', password: 'admin' })
    await page.getByRole('heading', { name: 'Operator', exact: true }).waitFor(DEADLINE)
  }
  const staleness = () => page.locator('main').getAttribute('data-stale')

  it('shows lag, races, dead letters and the way to the screen, and how old all that is', async () => {
    office.pipeline.operations = underLoad(Date.now())
    await enter()
    await eventually(() => text('[data-figure="pulse"]')).toMatch(/^Pulse \d s ago$/)
    expect(await text('tr[data-partition="3"]')).toContain('1,240')
    expect(await text('tr[data-race="lunch-ride-7"]')).toContain('184')
    expect(await text('tr[data-reason="too-late"]')).toMatch(/Arrived too late.*1,204/)
    expect(await text('[data-figure="p50"]')).toMatch(/^3\d\d ms$/)
    // One of sixty never came: that is more than one of a hundred.
    expect(await text('[data-figure="p99"]')).toBe('never')
    expect(await text('[data-figure="lost"]')).toBe('1 of 60')
    expect(await page.getByRole('img', { name: /60 measurements/ }).count()).toBe(1)
    expect(await staleness()).toBe('0')
    expect(await graveFaults(page)).toEqual([])
  })

  it('says that nothing was told yet', async () => {
    office.pipeline.operations = { asOf: Date.now(), pulse: null, deadLetters: [], latencies: [] }
    await enter()
    await eventually(() => text('[data-figure="pulse"]')).toBe('No pulse yet')
    expect(await text('main')).toContain('has not said anything yet')
    expect(await text('main')).toContain('Nothing was measured in the last hour.')
    expect(await text('main')).toContain('Every reading of the last week was counted.')
    expect(await graveFaults(page)).toEqual([])
  })

  it('dims what a silent pipeline told last, and says so', async () => {
    const loaded = underLoad(Date.now())
    office.pipeline.operations = { ...loaded, asOf: loaded.asOf + 70_000 }
    await enter()
    await eventually(staleness).toBe('3')
    expect(await text('main')).toContain('The pipeline is silent')
    expect(await text('[data-figure="pulse"]')).toMatch(/^Pulse \d+ s ago$/)
  })

  it('starts the synthetic rider’s race once it is asked to', async () => {
    office.pipeline.operations = { asOf: Date.now(), pulse: null, deadLetters: [], latencies: [] }
    await enter()
    await press(page, 'Start measuring')
    const orders = () => office.asked.map(({ order }) => order)
    await eventually(orders).toContain(`POST /races/${SYNTHETIC_RACE}/steps/start`)
    expect(orders().slice(0, 2)).toEqual([
      'POST /races',
      `POST /races/${SYNTHETIC_RACE}/steps/open`
    ])
    expect(office.store.races.get(SYNTHETIC_RACE)).toMatchObject({
      ...{ unlisted: true, attended: true, registration: { kind: 'open' } }
    })
  })
})
