import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Board, Racing } from '#contract'
import { manyNames, manyRows } from './bigField.ts'
import { juniors, ride, rowOf, timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { SCREEN_LINK, startPlayedRace } from './playedRace.ts'
import {
  buildPages,
  DEADLINE,
  graveFaults,
  newScreen,
  pass,
  textOf,
  textsOf
} from './screenPage.ts'

/** Who has ended a run is lit this long, in s. */
const LIT_S = 12

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
  problems = []
  page = await newScreen(browser, problems)
})
afterEach(async () => {
  await page.close()
  expect(problems).toEqual([])
})

const text = (selector: string) => textOf(page, selector)
const texts = (selector: string) => textsOf(page, selector)
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
const row = (bib: number) => `tbody tr[data-bib="${bib}"]`
const count = (selector: string) => page.locator(selector).count()

/** On the track for 53 s, in the seventh lap. */
const run = (bib: number, change: Partial<Racing> = {}): Racing => ({
  runId: `run-${bib}`,
  bib,
  deviceId: 'car-1',
  since: Date.now() - 53_000,
  laps: 6,
  last: { ms: 8_204, valid: true },
  best: 8_090,
  resets: 0,
  allowedResets: null,
  pausedAt: null,
  pausedMs: 0,
  runMs: null,
  ...change
})

/** A time trial of twenty, on three pages of ten rows; bib 13 is on the second. */
const live = async (change: Partial<Board> = {}, query = '') => {
  const board = { ...timeTrial('final', Date.now()), top: manyRows(20, 7_412, 46), ...change }
  race.set(board)
  race.name(manyNames('final', 20))
  await page.goto(`${race.url}/screen/?race=final&key=${SCREEN_LINK}&${query}`)
  await eventually(() => text(`${row(1)} .name`)).toBe('Siobhán Ní Bhriain')
  await eventually(race.connected).toBe(1)
}

test('who is on the track: name, lap, time, last lap, best of the run and the time to beat', async () => {
  await live({ racing: [run(13)] })
  await eventually(() => text('footer .person')).toBe('Jude “Apex” Adeyemi')
  expect(await text('footer .key')).toBe('Now racing, number 13')
  expect(await text('footer .run')).toBe('Lap 7')
  expect(await text('footer .live')).toMatch(/^(5\d|1:0\d)\.\d$/)
  expect(await texts('footer dd')).toEqual(['8.204', '8.090', '<7.918'])
  expect(await text('footer dl div:last-child dt')).toBe('To place 12')
  race.play('final', { racing: [run(13, { laps: 7, last: { ms: 7_000, valid: false } })] })
  await eventually(() => text('footer .run')).toContain('Lap 8')
  expect(await text('footer dd .invalid')).toBe('not valid')
})

test('resets of the present lap are pips, filled where used and hollow where left', async () => {
  await live({ racing: [run(13, { resets: 2, allowedResets: 3 })] })
  await eventually(() => count('footer .pips i')).toBe(3)
  expect(await count('footer .pips .used')).toBe(2)
  expect(await page.getAttribute('footer .pips', 'aria-label')).toBe('2 of 3 resets used')
  const fills = await page
    .locator('footer .pips i')
    .evaluateAll(pips => pips.map(pip => getComputedStyle(pip).backgroundColor))
  expect(fills[0]).toBe(fills[1])
  expect(fills[2]).toBe('rgba(0, 0, 0, 0)')
  race.play('final', { racing: [run(13, { laps: 7, allowedResets: 3 })] })
  await eventually(() => count('footer .pips .used')).toBe(0)
  expect(await graveFaults(page)).toEqual([])
})

test('one reset too many says that the lap is not valid; without a limit nothing is said of resets', async () => {
  await live({ racing: [run(13, { resets: 4, allowedResets: 3 })] })
  await eventually(() => text('footer .run .invalid')).toBe('lap not valid')
  expect(await count('footer .run .invalid svg')).toBe(1)
  expect(await count('footer .pips')).toBe(0)
  expect(await graveFaults(page)).toEqual([])
  race.play('final', { racing: [run(13, { resets: 1, allowedResets: 0 })] })
  await eventually(() => text('footer .run')).toContain('lap not valid')
  race.play('final', { racing: [run(13, { resets: 9, allowedResets: null })] })
  await eventually(() => text('footer .run')).toBe('Lap 7')
})

test('the clock of a run that is held stands hollow, and counts down where a run has a limit', async () => {
  const since = Date.now() - 60_000
  await live({ racing: [run(13, { since, pausedMs: 5_000, pausedAt: since + 35_000 })] })
  await eventually(() => text('footer .live.hollow')).toBe('30.0')
  const limited = { since, pausedMs: 5_000, pausedAt: since + 35_000, runMs: 180_000 }
  race.play('final', { racing: [run(13, limited)] })
  await eventually(() => text('footer .live.hollow')).toBe('2:30.0')
  race.play('final', { racing: [run(13, { ...limited, pausedAt: null })] })
  await eventually(() => count('footer .live.hollow')).toBe(0)
  expect(await text('footer .live')).toMatch(/^2:0\d\.\d$/)
})

test('as many resets as a race may allow have room beside the clock', async () => {
  await live({ racing: [run(13, { resets: 4, allowedResets: 10 })] }, 'lang=de')
  await eventually(() => count('footer .pips i')).toBe(10)
  const pips = await page.locator('footer .pips').boundingBox()
  const clock = await page.locator('footer .live').boundingBox()
  expect((pips?.x ?? 0) + (pips?.width ?? 0)).toBeLessThan(clock?.x ?? 0)
})

test('who has ended a run is lit for twelve seconds on the page of the place, and the footer sums up the run', async () => {
  await live({ racing: [run(13)] })
  await eventually(() => text('footer .key')).toContain('Now racing')
  expect(await count(row(13))).toBe(0)
  race.play('final', { racing: [] })
  await eventually(() => count(`${row(13)}.lit`)).toBe(1)
  expect(await text('.mark')).toContain('11–17 of 20')
  expect(await text('footer .key')).toBe('Run ended, number 13')
  expect(await text('footer .live')).toBe('8.090')
  expect(await texts('footer dt, footer dd')).toEqual(['Place', '13', 'Laps', '6', 'Gap', '+0.506'])
  expect(await graveFaults(page)).toEqual([])
  await pass(page, LIT_S - 3)
  expect(await count(`${row(13)}.lit`)).toBe(1)
  await pass(page, 4)
  await eventually(() => count('tbody .lit')).toBe(0)
  expect(await text('.mark')).toContain('4–10 of 20')
  expect(await text('footer .key')).not.toContain('Run ended')
})

test('of several who end together each is lit for the whole time, one after the other', async () => {
  await live({ racing: [run(13), run(5), run(18)] })
  await eventually(() => text('footer .key')).toContain('Now racing')
  race.play('final', { racing: [run(5)] })
  await eventually(() => count(`${row(13)}.lit`)).toBe(1)
  await pass(page, LIT_S)
  await eventually(() => count(`${row(18)}.lit`)).toBe(1)
  expect(await count('tbody .lit')).toBe(1)
  expect(await text('.mark')).toContain('18–20 of 20')
  await pass(page, LIT_S)
  await eventually(() => text('footer .key')).toBe('Now racing, number 5')
})

test('a page that nobody wants turned stays, and the footer tells of the end all the same', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await live({ racing: [run(13)] })
  await eventually(() => text('footer .key')).toContain('Now racing')
  race.play('final', { racing: [] })
  await eventually(() => text('footer .key')).toBe('Run ended, number 13')
  expect(await text('.mark')).toContain('4–10 of 20')
})

test('who is taken off the race disappears, and is not taken for somebody who has finished', async () => {
  await live({ racing: [run(13)] })
  await eventually(() => text('footer .key')).toContain('number 13')
  const rest = manyRows(20, 7_412, 46).filter(({ bib }) => bib !== 13)
  race.play('final', { top: rest, competitors: rest.length, racing: [] })
  await eventually(() => text('footer .key')).toBe('Leader, number 1')
  expect(await count('tbody .lit')).toBe(0)
  expect(await page.content()).not.toContain('Jude')
})

test('somebody on the track whose name is not known yet gets one', async () => {
  await live()
  race.play('final', { competitors: 1_000, racing: [run(412)] })
  await eventually(() => text('footer .key')).toBe('Now racing, number 412')
  race.rename(manyNames('final', 1_000, 2))
  await eventually(() => text('footer .person')).toContain('Wolfgang Freiherr')
})

test('an average of laps is shown per lap, to the millisecond, and its column says of how many', async () => {
  const sums = manyRows(10, 7_412, 46).map(each => ({
    ...each,
    value: (each.value ?? 0) * 3 + 2,
    gap: (each.gap ?? 0) * 3
  }))
  await live({ format: { kind: 'averageLap', laps: 3 }, top: sums, competitors: 10 })
  expect(await text('th[aria-sort=ascending]')).toBe('Average of 3')
  expect(await text('.mark')).toContain('average of 3 laps')
  expect(await texts(`${row(1)} .value .best, ${row(2)} .value, ${row(2)} .gap`)).toEqual([
    '7.412',
    '7.458',
    '+0.046'
  ])
})

test('most laps come with the time at which they were complete', async () => {
  const lapped = manyRows(10, 7_412, 46).map((each, i) => ({
    ...each,
    value: 42 - i,
    lapsDown: i,
    gap: null,
    at: 303_412 + 1_000 * i
  }))
  await live({ format: { kind: 'mostLaps' }, top: lapped, competitors: 10 })
  expect(await texts(`${row(1)} .value, ${row(1)} .at`)).toEqual(['42', '5:03.412'])
  expect(await texts('thead .value, thead .at')).toEqual(['Laps', 'Time'])
  expect(await graveFaults(page)).toEqual([])
})

test('a last lap has the colour and glyph of what it is: the event’s best, one’s own, or not valid', async () => {
  const top = manyRows(10, 7_412, 46).map(each =>
    each.bib === 3 ? { ...each, last: { ms: 7_000, valid: false } } : each
  )
  await live({ top, competitors: 10 })
  expect(
    await texts(`${row(1)} .last .best, ${row(3)} .last .invalid, ${row(4)} .last .pb`)
  ).toEqual(['7.412', 'notvalid', '7.550'])
  expect(await count(`${row(2)} .last svg`)).toBe(0)
})

test('event and sponsor are the race’s own, and another one where the address says so', async () => {
  const own = { event: 'Nordic DeepRacer Cup', sponsor: 'NORDKRAFT' }
  await live(own)
  expect(await text('h1')).toBe('Nordic DeepRacer Cup Final')
  expect(await text('.sponsor b')).toBe('NORDKRAFT')
  await live(own, 'event=Open%20Day&sponsor=Ada')
  expect(await text('h1')).toBe('Open Day Final')
  expect(await text('.sponsor b')).toBe('Ada')
})

test('every screen leads phones to its race, before it, in it and in a ride', async () => {
  const address = () => page.getAttribute('svg.qr', 'aria-label')
  await live()
  expect(await address()).toBe(`QR: ${race.url}/mobile/?race=final`)
  const shown = `${new URL(race.url).host}/mobile/`
  expect(await text('.find span')).toBe(shown)
  expect((await page.goto(`http://${shown}`))?.status()).toBe(200)
  race.set({ ...juniors(60_000), phase: 'open' })
  await page.goto(`${race.url}/screen/?race=juniors`)
  await eventually(address).toBe(`QR: ${race.url}/mobile/?race=juniors`)
  race.set(ride('ride', Date.now()))
  await page.goto(`${race.url}/screen/?race=ride`)
  await eventually(address).toBe(`QR: ${race.url}/mobile/?race=ride`)
  expect(await text('footer .side')).toContain(shown)
})

test('who is out and who has no lap yet is lit like anybody else when a run ends', async () => {
  const top = [...manyRows(8, 7_412, 46), rowOf(13), rowOf(14, { status: 'dnf' })]
  const none = { laps: 0, last: null, best: null }
  await live({ top, competitors: 10, racing: [run(13, none)] })
  await eventually(() => text('footer .key')).toContain('Now racing')
  race.play('final', { racing: [] })
  await eventually(() => text('footer .key')).toBe('Run ended, number 13')
  expect(await texts('footer .live, footer dd')).toEqual(['–', '–', '0', '–'])
})
