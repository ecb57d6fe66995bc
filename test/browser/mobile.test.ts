import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lapsOfTimes, manyNames, manyRows } from './bigField.ts'
import { juniors, ride, rowOf, timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { newPage, newPhone, show } from './phonePage.ts'
import { startPlayedRace } from './playedRace.ts'
import { buildPages, DEADLINE, graveFaults, textOf, textsOf } from './screenPage.ts'

const COUNT = 1_000
/** The longest time from one poll to the next, in ms. */
const POLL_MS = 5_000

describe('the phone page', { timeout: 30_000 }, () => {
  let pages: string
  let race: Awaited<ReturnType<typeof startPlayedRace>>
  let browser: Browser
  let phone: BrowserContext
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    pages = await buildPages()
    race = await startPlayedRace(pages)
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
    phone = await newPhone(browser, problems)
    page = await newPage(phone)
  })
  afterEach(async () => {
    await phone.close()
    expect(problems).toEqual([])
  })

  const open = (query: string) => page.goto(`${race.url}/mobile/?${query}`)
  const text = (selector: string) => textOf(page, selector)
  const texts = (selector: string) => textsOf(page, selector)
  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  const row = (section: string, bib: number) => `.${section} tr[data-bib="${bib}"]`
  const poll = () => page.clock.fastForward(POLL_MS)
  const search = async (typed: string) => {
    await page.fill('input[type=search]', typed)
    await page.clock.runFor(300)
  }

  /** A time trial of so many, and their names. */
  const trial = (count = COUNT, laps = lapsOfTimes(8_200, -7_990, 8_090, 7_964)) => {
    race.set(timeTrial('final', Date.now()))
    race.classify('final', { rows: manyRows(count, 7_412, 46), laps: new Map([[412, laps]]) })
    race.name(manyNames('final', count))
  }
  const live = async (query = 'race=final') => {
    trial()
    await open(query)
    await eventually(() => text(`${row('top', 1)} .name`)).toBe('Siobhán Ní Bhriain')
  }
  const beMe = async (bib: number) => {
    await search(String(bib))
    await page.click(`${row('hits', bib)} .me`)
    await page.fill('input[type=search]', '')
    await eventually(() => text('aside .rank')).toMatch(/\d/)
  }

  it('shows the top, its own best laps with marks, what ends the state, and when the data is of', async () => {
    await live()
    expect(await page.locator('.top tbody tr').count()).toBe(20)
    expect(await texts(`${row('top', 1)} .value .best`)).toEqual(['7.412'])
    expect(await text(`${row('top', 2)} .gap`)).toBe('+0.046')
    expect(await text(`${row('top', 11)} .rail`)).toBe('=shared 10')
    expect(await text('.word')).toBe('Provisional')
    expect(await text('.as-of')).toMatch(/^data as of \d\d:\d\d:\d\d$/)
    expect(await text('.time')).toMatch(/^3:\d\d$/)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })

  it('opens the race under way before a newer one that has ended, and any other on demand', async () => {
    trial(40)
    race.set({ ...ride('ride', Date.now()), phase: 'official', validity: 'official' })
    race.set({ ...juniors(600_000), phase: 'scheduled' })
    await open('')
    await eventually(() => text('h1')).toBe('Final')
    expect(await texts('optgroup option')).toHaveLength(3)
    await page.selectOption('select', 'ride')
    await eventually(() => text('h1')).toBe('Friday Five-Minute Ride')
    await eventually(() => text('.word')).toBe('Official')
    expect(page.url()).toContain('race=ride')
    await page.reload()
    await eventually(() => text('h1')).toBe('Friday Five-Minute Ride')
  })

  it('finds anybody by name or number beyond the top, with place and value', async () => {
    await live()
    await search('altenbrug wolfgang')
    await eventually(() => text(`${row('hits', 412)} .rail`)).toBe('412')
    expect(await page.locator('.hits tbody tr').count()).toBe(1)
    expect(await texts(`${row('hits', 412)} .value .marked`)).toEqual(['26.318'])
    await search('777')
    await eventually(() => page.locator('.hits tbody tr').count()).toBe(1)
    await eventually(() => text(`${row('hits', 777)} .rail`)).toBe('777')
    await search('qqqq')
    expect(await text('search .found')).toContain('Nobody found')
  })

  it('can be searched with the keyboard alone', async () => {
    await live()
    await page.focus('input[type=search]')
    await page.keyboard.type('33')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.getAttribute(`${row('hits', 33)} .me`, 'aria-pressed')).toBe('true')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.getAttribute(`${row('hits', 33)} .star`, 'aria-pressed')).toBe('true')
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    await eventually(() => text('aside .who')).toContain('Turbo Toast 🍞')
  })

  it('keeps who its owner is and whom it follows, with place, gaps and neighbours', async () => {
    await live()
    await beMe(412)
    await search('90')
    await page.click(`${row('hits', 90)} .star`)
    await page.reload()
    await eventually(() => text('aside .rank')).toBe('412')
    await eventually(() => page.locator('.around tbody tr').count()).toBe(7)
    expect(await texts('.around tbody .rail')).toEqual([
      '409',
      '410',
      '411',
      '412',
      '413',
      '414',
      '415'
    ])
    expect(await text(`${row('around', 411)} .gap`)).toBe('−0.046')
    expect(await text(`${row('around', 412)} .gap`)).toBe('you')
    expect(await text('aside .next')).toBe('To place 411 0.046')
    expect(await text('aside .cut')).toMatch(/^To place 20 /)
    expect(await text(`${row('following', 90)} .rail`)).toBe('90')
    expect(await text(`${row('following', 90)} .gap`)).toMatch(/^\+\d/)
    await page.click('aside button')
    await eventually(() => page.locator('aside').count()).toBe(0)
  })

  it('shows its owner’s laps with the marks of the design, and a corrected one a poll later', async () => {
    await live()
    await beMe(412)
    await eventually(() => page.locator('.laps li').count()).toBe(4)
    expect(await texts('.laps li .pb')).toEqual(['7.964'])
    expect(await texts('.laps li .invalid')).toEqual(['7.990', 'notvalid'])
    expect(await page.locator('.laps li svg').count()).toBe(2)
    const laps = new Map([[412, lapsOfTimes(8_200, -7_990, 8_090, 7_412)]])
    race.classify('final', { rows: manyRows(COUNT, 7_412, 46), laps })
    await poll()
    await eventually(() => texts('.laps li .best')).toEqual(['7.412'])
  })

  it('says of each own lap who timed it, and how often the car was put back', async () => {
    const laps = lapsOfTimes(8_200, -7_990, 8_090)
    const marked = laps.map((lap, i) => ({
      ...lap,
      source: (['hand', 'telemetry', 'sensor'] as const)[i] ?? 'hand',
      resets: i === 1 ? 4 : 0,
      ...(i === 2 && { valid: false, held: true as const })
    }))
    trial(COUNT, marked)
    await open('race=final')
    await eventually(() => text(`${row('top', 1)} .name`)).toBe('Siobhán Ní Bhriain')
    await beMe(412)
    await eventually(() => page.locator('.laps li').count()).toBe(3)
    expect(await texts('.laps li small.quiet')).toEqual(['timer', 'telemetry,resets4', 'byhand'])
    expect(await texts('.laps li .caution')).toEqual(['8.090', 'Underreview'])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await graveFaults(page)).toEqual([])
  })

  it('shows laps with the time at which they were complete where most laps win', async () => {
    const rows = manyRows(8, 7_412, 46).map((each, i) => ({ ...each, value: 42 - i, at: 303_412 }))
    race.set({ ...timeTrial('final', Date.now()), format: { kind: 'mostLaps' } })
    race.classify('final', { rows })
    race.name(manyNames('final', 8))
    await open('race=final')
    await eventually(() => texts(`${row('top', 1)} .marked, ${row('top', 1)} .at`)).toEqual([
      '42',
      '5:03.4'
    ])
  })

  it('has the event in its title and an icon for the home screen', async () => {
    trial(40)
    race.set({ ...timeTrial('final', Date.now()), event: 'Nordic DeepRacer Cup' })
    await open('race=final')
    await eventually(() => text('h1')).toBe('Nordic DeepRacer Cup Final')
    const icon = page.locator('link[rel=apple-touch-icon]')
    const path = new URL((await icon.getAttribute('href')) ?? '', 'http://phone/mobile/').pathname
    const png = readFileSync(join(pages, path))
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([180, 180])
  })

  it('marks the places won since the last answer', async () => {
    await live()
    await beMe(412)
    const rows = manyRows(COUNT, 7_412, 46)
    const mine = rows.splice(411, 1)
    rows.splice(400, 0, ...mine)
    const placed = rows.map((each, i) => ({ ...each, rank: i + 1, tied: false }))
    race.classify('final', { rows: placed })
    await poll()
    await eventually(() => text('aside .rank')).toBe('401')
    expect(await text('aside .change')).toContain('11')
    expect(await texts('.laps li')).toEqual([])
  })

  it('shows nobody who was removed, and tells the owner kindly', async () => {
    await live()
    await beMe(2)
    await search('21')
    await page.click(`${row('hits', 21)} .star`)
    await page.fill('input[type=search]', '')
    await eventually(() => page.locator(row('following', 21)).count()).toBe(1)
    const gone = (bib: number) => bib === 2 || bib === 21
    const rows = manyRows(COUNT, 7_412, 46).filter(each => !gone(each.bib))
    const names = manyNames('final', COUNT, 2)
    race.classify('final', { rows })
    race.name({ ...names, entries: names.entries.filter(({ bib }) => !gone(bib)) })
    await poll()
    await eventually(() => text('aside p')).toMatch(/^Number 2 is not in this race any more\./)
    expect(await page.locator('tr[data-bib="2"], tr[data-bib="21"]').count()).toBe(0)
    expect(await page.locator('.following').count()).toBe(0)
    expect(await graveFaults(page)).toEqual([])
    await search('Mateusz Ní Bhriain')
    await eventually(() => page.locator('.hits tbody tr').count()).toBeGreaterThan(0)
    expect(await page.locator(row('hits', 2)).count()).toBe(0)
    await page.click('aside button')
    await eventually(() => page.locator('aside').count()).toBe(0)
  })

  it('shows whoever comes back to the race again, as their phone knew them', async () => {
    await live()
    await beMe(2)
    const names = manyNames('final', COUNT, 2)
    race.classify('final', { rows: manyRows(COUNT, 7_412, 46).filter(({ bib }) => bib !== 2) })
    race.name({ ...names, entries: names.entries.filter(({ bib }) => bib !== 2) })
    await poll()
    await eventually(() => text('aside p')).toContain('not in this race')
    race.classify('final', { rows: manyRows(COUNT, 7_412, 46) })
    race.name({ ...names, version: 3 })
    await poll()
    await eventually(() => text('aside .rank')).toBe('2')
  })

  it('says how old its data is when the link is gone, stops the clock, and comes back at once', async () => {
    await live()
    await beMe(412)
    race.cut(true)
    await page.clock.fastForward(9_000)
    await eventually(() => text('.lost')).toMatch(/Reconnecting: data (9|1\d) s old/)
    expect(await page.getAttribute('.page', 'data-stale')).toBe('1')
    const stopped = await text('.time.hollow')
    expect(await graveFaults(page)).toEqual([])
    await page.clock.fastForward(8_000)
    await eventually(() => page.getAttribute('.page', 'data-stale')).toBe('2')
    await page.clock.fastForward(60_000)
    await eventually(() => page.getAttribute('.page', 'data-stale')).toBe('3')
    expect(await page.locator('.gap, aside .next, aside .cut').count()).toBe(0)
    expect(await text('.time.hollow')).toBe(stopped)
    race.cut(false)
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await page.clock.runFor(10)
    await eventually(() => page.getAttribute('.page', 'data-stale')).toBe('0')
    expect(await page.locator('.lost, .time.hollow').count()).toBe(0)
  })

  it('counts down to a race to come, and asks for no board that is not there', async () => {
    race.set({ ...juniors(95_000), phase: 'scheduled', top: [] })
    await open('')
    await eventually(() => text('.countdown .time')).toMatch(/^1:3\d$/)
    await poll()
    expect(race.requests).not.toContain('GET /races/juniors/standings')
    expect(await graveFaults(page)).toEqual([])
    race.set({ ...juniors(95_000), phase: 'running' })
    await poll()
    await eventually(() => page.locator('.top tbody tr').count()).toBe(10)
  })

  it('says why somebody is out, in place of a value', async () => {
    trial(30)
    const rows = manyRows(30, 7_412, 46)
    race.classify('final', { rows: [...rows.slice(0, 18), rowOf(19, { status: 'dsq' })] })
    await open('race=final')
    await eventually(() => text(`${row('top', 19)} .rail`)).toBe('DSQ')
    expect(await text(`${row('top', 19)} .value`)).toBe('Disqualified')
  })

  it('speaks from right to left, and cuts a long name at its end in every direction', async () => {
    await live('race=final&lang=ar')
    await beMe(412)
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    const name = page.locator(`${row('around', 412)} .name bdi`)
    const styled = (key: 'direction' | 'textAlign') =>
      name.evaluate((each, property) => getComputedStyle(each)[property], key)
    expect([await styled('direction'), await styled('textAlign')]).toEqual(['ltr', 'right'])
    expect(await page.getAttribute(`${row('around', 412)} .name`, 'data-step')).toBe('5')
    await eventually(() => text('aside [data-script], aside bdi')).toContain('Wolfgang')
  })

  it('gives every finger 44 px, and axe nothing serious to find by any light', async () => {
    await live()
    await beMe(412)
    await search('kai')
    await page.click('.hits .star >> nth=0')
    const sizes = await page
      .locator('button, select, input')
      .evaluateAll(all =>
        all.map(each => each.getBoundingClientRect()).map(box => Math.min(box.width, box.height))
      )
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44)
    expect(await graveFaults(page)).toEqual([])
    await page.fill('input[type=search]', '')
    expect(await graveFaults(page)).toEqual([])
    for (const theme of ['day', 'night']) {
      await live(`race=final&theme=${theme}`)
      await eventually(() => text('aside .rank')).toBe('412')
      expect(await graveFaults(page)).toEqual([])
    }
  })

  it('asks for nothing while nobody looks, and at once when somebody does', async () => {
    await live()
    await show(page, 'hidden')
    race.requests.length = 0
    await page.clock.fastForward(60_000)
    expect(race.requests).toEqual([])
    await show(page, 'visible')
    await page.clock.runFor(10)
    await eventually(() => race.requests).toContain('GET /races/final/standings')
  })
})
