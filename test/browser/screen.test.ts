import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { juniors, laps, ride, rowOf, timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { SCREEN_LINK, startPlayedRace } from './playedRace.ts'
import {
  buildPages,
  DEADLINE,
  graveFaults,
  movesOf,
  newScreen,
  pass,
  textOf,
  textsOf
} from './screenPage.ts'

describe('the venue screen', { timeout: 20_000 }, () => {
  let race: Awaited<ReturnType<typeof startPlayedRace>>
  let browser: Browser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    race = await startPlayedRace(await buildPages())
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await race?.close()
  })

  beforeEach(async () => {
    race.forget()
    race.cut(false)
    problems = []
    page = await newScreen(browser, problems)
  })
  afterEach(async () => {
    await page.close()
    expect(problems).toEqual([])
  })

  const open = (query: string) => page.goto(`${race.url}/screen/?${query}`)
  const text = (selector: string) => textOf(page, selector)
  const texts = (selector: string) => textsOf(page, selector)
  const row = (bib: number) => `tbody tr[data-bib="${bib}"]`
  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  const live = async (query = `race=final&key=${SCREEN_LINK}`) => {
    race.set(timeTrial('final', Date.now()))
    await open(query)
    await eventually(() => text(`${row(2)} .name`)).toBe('Åsa Björkqvist')
    if (query.includes('key=')) await eventually(race.connected).toBe(1)
  }

  it('shows places, names and laps in a table that explains itself, shared places with an equals sign', async () => {
    await live()
    expect(await page.locator('tbody tr').count()).toBe(10)
    expect(await page.locator('table caption').count()).toBe(1)
    expect(await texts('thead th[scope=col] >> nth=2')).toEqual(['Competitor'])
    expect(await text('th[aria-sort=ascending]')).toBe('Best lap')
    expect(await page.locator('tbody th[scope=row]').count()).toBe(10)
    expect(await texts(`${row(21)} .value`)).toEqual(['7.412'])
    expect(await texts(`${row(8)} .gap`)).toEqual(['+0.117'])
    expect(await text(`${row(8)} .last .pb`)).toBe('7.529')
    expect(await text(`${row(29)} .last`)).toBe('not valid')
    // Bibs 33 and 11 share a place, bib 5 does not.
    expect(await texts(`${row(33)} .tie, ${row(11)} .tie, ${row(5)} .tie`)).toEqual(['=', '='])
    expect(await text('.time')).toMatch(/^3:\d\d\.\d$/)
  })

  it('moves a row when a lap puts it ahead, and marks the places gained for five seconds', async () => {
    await live()
    race.play('final', { top: laps({ 29: 7_600 }) })
    await eventually(() => text(`${row(29)} .rail`)).toBe('3')
    expect(await page.locator('tbody tr').nth(2).getAttribute('data-bib')).toBe('29')
    expect(await text(`${row(29)} .move`)).toContain('5')
    expect(await text(`${row(17)} .move`)).toContain('1')
    expect(await movesOf(page)).toBeGreaterThan(0)
    expect(await text('footer .person')).toBe('Chloé d’Hérouville')
    await page.clock.fastForward(5_500)
    await eventually(() => texts(`${row(29)} .move`)).toEqual([''])
  })

  it('shows the same change without motion to those who ask for none', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await live()
    race.play('final', { top: laps({ 29: 7_600 }) })
    await eventually(() => text(`${row(29)} .move`)).toContain('5')
    expect(await movesOf(page)).toBe(0)
  })

  it('changes the board at most once a second', async () => {
    await live()
    await page.clock.pauseAt(Date.now() + 60_000)
    race.play('final', { top: laps({ 29: 7_700 }) })
    await eventually(() => texts(`${row(29)} .value`)).toEqual(['7.700'])
    race.play('final', { top: laps({ 29: 7_650 }) })
    race.play('final', { top: laps({ 29: 7_500 }) })
    await page.clock.runFor(500)
    expect(await texts(`${row(29)} .value`)).toEqual(['7.700'])
    await page.clock.runFor(600)
    await eventually(() => texts(`${row(29)} .value`)).toEqual(['7.500'])
  })

  it('asks for the head when a version was missed, and goes on from there', async () => {
    await live()
    race.play('final', { top: laps({ 29: 7_800 }) })
    await eventually(() => texts(`${row(29)} .value`)).toEqual(['7.800'])
    const board = timeTrial('final', Date.now())
    race.set({ ...board, version: 12, top: laps({ 26: 7_600 }) })
    race.requests.length = 0
    race.play('final', { top: laps({ 26: 7_600, 14: 7_500 }) })
    await eventually(() => texts(`${row(26)} .value`)).toEqual(['7.600'])
    expect(await texts(`${row(14)} .value`)).toEqual(['7.500'])
    expect(race.requests).toContain('GET /races/final/standings')
    race.play('final', { top: laps({ 26: 7_400, 14: 7_500 }) })
    await eventually(() => text(`${row(26)} .rail`)).toBe('1')
  })

  it('says how old its data is when the link is gone, and comes back without replayed moves', async () => {
    await live()
    race.cut(true)
    await page.clock.fastForward(14_000)
    await eventually(() => text('.banner')).toMatch(/Reconnecting: data 1\d s old/)
    const stopped = await text('.time.hollow')
    expect(await text('.clock .label')).toContain('Stopped')
    expect(await text(`${row(8)} .gap`)).toBe('+0.117')
    await page.clock.fastForward(50_000)
    await eventually(() => texts(`${row(8)} .gap`)).toEqual([''])
    expect(await page.locator('.line').count()).toBe(0)
    expect(await text('.time.hollow')).toBe(stopped)

    race.set({ ...timeTrial('final', Date.now()), version: 40, top: laps({ 26: 7_400 }) })
    race.cut(false)
    await page.clock.fastForward(30_000)
    await eventually(() => text(`${row(26)} .rail`)).toBe('1')
    await eventually(() => page.locator('.banner').count()).toBe(0)
    expect(await text(`${row(8)} .gap`)).toBe('+0.129')
    expect(await page.locator('.move .marked').count()).toBe(0)
    expect(await movesOf(page)).toBe(0)
  })

  it('never calls a finished race old while the service answers', async () => {
    race.set({ ...timeTrial('final', Date.now()), phase: 'official', validity: 'official' })
    await open(`race=final&key=${SCREEN_LINK}`)
    await eventually(() => text('.stamp .word')).toBe('Official')
    await eventually(race.connected).toBe(1)
    await pass(page, 20)
    expect(await page.locator('.banner').count()).toBe(0)
    expect(await page.locator('.time').count()).toBe(0)
  })

  it('polls where there is no screen link', async () => {
    await live('race=final')
    race.play('final', { top: laps({ 26: 7_400 }) })
    await page.clock.fastForward(3_000)
    await eventually(() => text(`${row(26)} .rail`)).toBe('1')
    expect(race.requests).not.toContain('POST /races/final/negotiate')
  })

  it('puts who is out below the finishers, with a word and the reason', async () => {
    const board = timeTrial('final', Date.now())
    race.set({
      ...board,
      top: [rowOf(24, { status: 'dsq' }), ...board.top.slice(0, 6), rowOf(16, { status: 'dnf' })]
    })
    await open('race=final')
    await eventually(() => text(`${row(24)} .rail`)).toBe('DSQ')
    expect(await texts('tbody tr .rail')).toEqual(expect.arrayContaining(['DNF', 'DSQ']))
    expect(await page.locator('tbody tr').last().getAttribute('data-bib')).toBe('24')
    expect(await text(`${row(24)} .why`)).toBe('Disqualified')
    expect(await page.locator(`${row(24)} .rail svg`).count()).toBe(1)
  })

  it('makes long names narrower before it cuts them, and lets none turn its row', async () => {
    await live()
    const step = (bib: number) => page.locator(`${row(bib)} .name`).getAttribute('data-step')
    await eventually(() => step(5)).toMatch(/[45]/)
    expect(await step(2)).toBe('1')
    const direction = (selector: string) =>
      page.locator(selector).evaluate(found => getComputedStyle(found).direction)
    expect(await direction(`${row(21)} bdi`)).toBe('rtl')
    expect(await direction(row(21))).toBe('ltr')
  })

  it('shows a new name as soon as the directory has it', async () => {
    await live()
    const entries = [{ bib: 2, name: 'Åsa B.', country: 'SWE', class: '' }]
    race.rename({ raceId: 'final', version: 2, entries })
    await eventually(() => text(`${row(2)} .name`)).toBe('Åsa B.')
  })

  it('turns pages when there are more rows than fit, and keeps the podium', async () => {
    await live('race=final&rows=6')
    expect(await page.locator('tbody tr').count()).toBe(6)
    expect(await text('.mark')).toContain('1–3 stay, 4–6 of 20')
    await pass(page, 13)
    await eventually(() => text('.mark')).toContain('7–9 of 20')
    expect(await page.locator('tbody tr').first().getAttribute('data-bib')).toBe('21')
  })

  it('speaks the language of its address, from right to left where that is the way', async () => {
    await live('race=final&lang=ar')
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl')
    expect(await text('thead .rail')).toBe('المركز')
    await live('race=final&lang=de-CH')
    expect(await text('thead .value')).toBe('Beste Runde')
  })

  it('tells assistive technology who leads, outside the table and not too often', async () => {
    await live()
    await eventually(() => text('[aria-live=polite]')).toMatch(/^Leader: .*7\.412$/)
    expect(await page.locator('table [aria-live]').count()).toBe(0)
    race.play('final', { top: laps({ 26: 7_400 }) })
    await eventually(() => text(`${row(26)} .rail`)).toBe('1')
    expect(await text('[aria-live=polite]')).toContain('7.412')
    await pass(page, 11)
    await eventually(() => text('[aria-live=polite]')).toBe('Leader: Siobhán Ní Bhriain, 7.400')
  })

  it('follows the current race, and leaves a final for a newer race after a while', async () => {
    race.set(timeTrial('final', Date.now()))
    const later = juniors(900_000)
    race.set({ ...later, phase: 'scheduled' })
    await open('follow=current')
    await eventually(() => text('h1')).toContain('Final')
    await eventually(() => text('.next')).toContain('Juniors')
    race.play('final', { phase: 'provisional' })
    race.set({ ...later, phase: 'running' })
    await page.clock.fastForward(6_000)
    await eventually(() => text('.clock .label b')).toBe('Finished')
    await page.clock.fastForward(8_000)
    await eventually(() => text('h1')).toContain('Final')
    await page.clock.fastForward(12_000)
    await eventually(() => text('h1')).toContain('Juniors')
  })

  it('counts down to the next race', async () => {
    race.set({ ...juniors(120_000), phase: 'open' })
    await open('url=grandstand.example/juniors')
    await eventually(() => text('.countdown')).toMatch(/^(2:00|1:5\d)$/)
    expect(await page.locator('svg.qr').getAttribute('aria-label')).toContain(
      'https://grandstand.example/juniors'
    )
    expect(await graveFaults(page)).toEqual([])
  })

  it('shows a ride with its road to scale and the whole field', async () => {
    race.set(ride('ride', Date.now()))
    await open(`race=ride&key=${SCREEN_LINK}`)
    await eventually(() => texts(`${row(21)} .value`)).toEqual(['2,418'])
    expect(await page.locator('tbody tr').count()).toBe(12)
    expect(await texts(`${row(26)} .gap`)).toEqual(['+8.1'])
    expect(await text('th[aria-sort=descending]')).toBe('Metres')
    expect(await page.locator('.strip rect').count()).toBe(100)
    const width = async (bib: number) =>
      (await page.locator(`${row(bib)} .bar`).boundingBox())?.width ?? 0
    // 9 s behind on a road of 12 s: a quarter of the leader's way is left.
    expect((await width(16)) / (await width(21))).toBeCloseTo(0.25, 2)
    expect(await graveFaults(page)).toEqual([])
  })

  it('shows laps down and the columns of a score game with the same table', async () => {
    const board = timeTrial('final', Date.now())
    const lapped = board.top.map((each, i) => ({ ...each, value: 40 - i, lapsDown: i, gap: null }))
    race.set({ ...board, format: { kind: 'mostLaps' }, top: lapped })
    await open(`race=final&key=${SCREEN_LINK}`)
    await eventually(() => text(`${row(8)} .gap`)).toBe('+1 LAP')
    expect(await text(`${row(17)} .gap`)).toBe('+2 LAPS')
    await eventually(race.connected).toBe(1)
    const game = { level: 4, lives: 3, shots: 90 }
    const scored = board.top.map((each, i) => ({ ...each, value: 9_000 - i, gap: i, game }))
    race.play('final', { format: { kind: 'game' }, top: scored })
    await eventually(() => text(`${row(8)} .value`)).toBe('8,999')
    expect(await text(`${row(8)} .gap`)).toBe('−1')
    expect(await texts('thead th.level, thead th.lives')).toEqual(['Level', 'Lives'])
  })

  it('stays usable on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await live()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await page.locator(`${row(2)} .last`).isVisible()).toBe(false)
    expect(await page.locator(`${row(2)} .gap`).isVisible()).toBe(true)
    expect((await page.locator(row(2)).boundingBox())?.height).toBeGreaterThanOrEqual(44)
  })

  it('has no serious fault that axe can find, live, stale or by day', async () => {
    await live('race=final&url=grandstand.example/ndc&sponsor=NORDKRAFT')
    expect(await graveFaults(page)).toEqual([])
    race.cut(true)
    await page.clock.fastForward(20_000)
    await eventually(() => page.locator('.banner').count()).toBe(1)
    expect(await graveFaults(page)).toEqual([])
    race.cut(false)
    await live('race=final&theme=day')
    expect(await graveFaults(page)).toEqual([])
  })
})
