import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BestRow, Board } from '#contract'
import { manyNames, manyRows } from './bigField.ts'
import { directory, ride, rowOf, timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { newPage, newPhone, show } from './phonePage.ts'
import { startPlayedBoards } from './playedBoards.ts'
import { buildPages, DEADLINE, graveFaults, textOf, textsOf } from './screenPage.ts'

const COUNT = 250
const FIRST_MM = 2_418_000

let played: Awaited<ReturnType<typeof startPlayedBoards>>
let browser: Browser
let phone: BrowserContext
let page: Page
let problems: string[]

beforeAll(async () => {
  played = await startPlayedBoards(process.env.PAGES ?? (await buildPages()))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await played?.close()
})
beforeEach(async () => {
  problems = []
  phone = await newPhone(browser, problems)
  page = await newPage(phone)
})
afterEach(async () => {
  await phone.close()
  played.forget()
  expect(problems).toEqual([])
})

const open = (query = '') => page.goto(`${played.url}/boards/${query}`)
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
const text = (selector: string) => textOf(page, selector)
const lines = () => page.locator('tbody tr[data-bib]')
const row = (bib: number) => `tr[data-bib="${bib}"]`
const poll = () => page.clock.runFor(1_100)
const picture = async (name: string) => {
  if (process.env.TAKE_PICTURE) {
    await page.screenshot({ path: `${process.env.TAKE_PICTURE}/${name}.png` })
  }
}
const times = (path: RegExp) => played.requests.filter(line => path.test(line)).length

/** A ride of many that runs, as it is at a version. */
const running = (raceId = 'friday', version = 10, more: Partial<Board> = {}): void =>
  played.set(
    { ...ride(raceId, Date.now()), version, ...more },
    manyRows(COUNT, FIRST_MM, -1_000),
    manyNames(raceId, COUNT)
  )

/** A time trial that is over and signed: one record of the course, one of a class, one value that is held. */
const official = (raceId = 'final', startsAt = Date.now() - 600_000): void => {
  const board = timeTrial(raceId, Date.now())
  const rows = [
    ...board.top,
    rowOf(16, { status: 'dsq', value: 7_300 }),
    rowOf(24, { held: 5_000 })
  ]
  const records = [
    { bib: 21, class: '', value: 7_412, before: 7_500 },
    { bib: 33, class: 'B', value: 7_731, before: null }
  ]
  const over = { phase: 'official', validity: 'official', phaseEndsAt: null } as const
  played.set({ ...board, ...over, startsAt, records }, rows, directory(raceId))
}

const best = (rank: number, value: number, more: Partial<BestRow> = {}): BestRow => ({
  ...{ rank, tied: false, competitorId: `rider-${rank}`, name: `Rider ${rank}`, country: 'POR' },
  ...{ class: rank % 2 ? 'A' : 'B', value, raceId: 'friday', bib: rank },
  ...more
})
/** 150 of 3,401 riders' bests, and a board of laps. */
const courses = (): void => {
  const rows = Array.from({ length: 150 }, (_, i) => best(i + 1, FIRST_MM - i * 1_000))
  rows[2] = best(2, FIRST_MM - 1_000, {
    competitorId: 'rider-3',
    name: '',
    class: 'A',
    bib: 3,
    tied: true
  })
  rows[1] = { ...rows[1]!, tied: true }
  played.courses.set('harbour', [
    { board: 'distance-300', rows, of: 3_401, classes: ['A', 'B'] },
    { board: 'fastest-lap', rows: [best(1, 7_412)], of: 1, classes: [] }
  ])
}
const pass = (competitorId: string): string =>
  `e30.${Buffer.from(JSON.stringify({ sub: competitorId })).toString('base64url')}.x`

test('the race under way stands there at once, follows each second, and shows more on request', async () => {
  running()
  await open()
  await eventually(() => text('h1')).toBe('Friday Five-Minute Ride')
  await eventually(() => lines().count()).toBe(20)
  expect(await text(`${row(1)} .value`)).toContain('2,418')
  await eventually(() => text(`${row(1)} .name bdi`)).toBe('Siobhán Ní Bhriain')
  await picture('now')
  expect(await graveFaults(page)).toEqual([])

  running('friday', 11, { closedAt: Date.now() })
  played.set(
    { ...ride('friday', Date.now()), version: 12 },
    manyRows(COUNT, FIRST_MM + 9_000, -1_000),
    manyNames('friday', COUNT)
  )
  await poll()
  await eventually(() => text(`${row(1)} .value`)).toContain('2,427')

  expect(times(/ranks/)).toBe(0)
  await page.getByRole('button', { name: 'Show more' }).click()
  await eventually(() => lines().count()).toBe(100)
  await page.getByRole('button', { name: 'Show more' }).click()
  await eventually(() => lines().count()).toBe(200)
  await page.getByRole('button', { name: 'Show more' }).click()
  await eventually(() => lines().count()).toBe(COUNT)
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  expect(await text('.count')).toBe('250 of 250')
})

test('nobody is asked while nobody looks', async () => {
  running()
  await open()
  await eventually(() => lines().count()).toBe(20)
  await show(page, 'hidden')
  await poll()
  const asked = times(/standings$/)
  await page.clock.runFor(10_000)
  expect(times(/standings$/)).toBe(asked)
  await show(page, 'visible')
  await poll()
  await eventually(() => times(/standings$/)).toBeGreaterThan(asked)
})

test('a class has places of its own, counted over all of it', async () => {
  running()
  await open()
  await eventually(() => page.locator('select option[value="B"]').count()).toBe(1)
  await page.getByLabel('Class').selectOption('B')
  await eventually(() => page.locator(`${row(2)} .rail`).innerText()).toBe('1')
  await eventually(() => text('.count')).toBe('20 of 125')
  expect(await text(`${row(2)} .name small`)).toContain('overall 2')
  expect(await text(`${row(2)} .value`)).toContain('leader')
  // Bib 40 is beyond the first rows: its place comes from the pages by bib.
  await eventually(() => page.locator(`${row(40)} .rail`).innerText()).toBe('20')
  expect(page.url()).toContain('class=B')
  await picture('class')
  await page.goBack()
  await eventually(() => page.locator(`${row(1)} .rail`).innerText()).toBe('1')
})

test('a finished race has its stamp, records, held values, and results to take away', async () => {
  official()
  await open('?race=final')
  await eventually(() => text('.stamp .word')).toBe('Official')
  expect(await text('nav [aria-current]')).toBe('Finished')
  await eventually(() => text(`${row(21)} .note`)).toBe('Course record')
  expect(await text(`${row(33)} .note`)).toBe('Course record B')
  expect(await text(`${row(24)} .note`)).toBe('Under review: 5.000')
  expect(await text(`${row(16)} .rail`)).toBe('DSQ')
  expect(await page.locator(`${row(33)} .rail`).innerText()).toContain('=')
  const links = page.locator('a[download]')
  expect(
    await links.evaluateAll(all =>
      all.map(link => new URL((link as HTMLAnchorElement).href).pathname)
    )
  ).toEqual(['/api/races/final/results/csv', '/api/races/final/results/json'])
  await picture('finished')
  expect(await graveFaults(page)).toEqual([])
})

test('older races come page by page, and each has an address', async () => {
  for (let n = 1; n <= 5; n++) official(`race-${n}`, Date.now() - n * 3_600_000)
  await open('?view=finished')
  await eventually(() => page.locator('select option').count()).toBe(3)
  expect(await page.getByLabel('Race').inputValue()).toBe('race-1')
  await page.getByRole('button', { name: 'Older races' }).click()
  await eventually(() =>
    page.locator('select[value], select').first().locator('option').count()
  ).toBe(5)
  expect(await page.getByRole('button', { name: 'Older races' }).count()).toBe(0)
  await page.getByLabel('Race').selectOption('race-5')
  await eventually(() => page.url()).toContain('race=race-5')
})

test('all time has ranks with ties, classes, more rows, and the exact place of who reads', async () => {
  running()
  courses()
  const standing = { value: 2_000_000, rank: 12, same: 3, of: 3_401 }
  played.bests.set('rider-900/distance-300', {
    ...{ courseId: 'harbour', board: 'distance-300', competitorId: 'rider-900' },
    ...{ raceId: 'friday', bib: 9, standing }
  })
  await phone.addInitScript(
    token => localStorage.setItem('grandstand.pass', token),
    pass('rider-900')
  )
  await open('?view=ever')
  await eventually(() => text('h1 bdi')).toBe('Harbour Loop')
  await eventually(() => text('section.lit .place b')).toBe('12th of 3,401')
  expect(await text('section.lit .place span')).toBe('tied with 2')
  const places = await textsOf(page, 'tbody .rail')
  expect(places.slice(0, 4)).toEqual(['1', '=shared2', '=shared2', '4'])
  // Who was erased has a number in place of a name.
  expect((await textsOf(page, 'tbody bdi'))[2]).toBe('Number3')
  expect(await page.locator('tbody tr').count()).toBe(100)
  await picture('ever')
  expect(await graveFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Show more' }).click()
  await eventually(() => page.locator('tbody tr').count()).toBe(150)
  await page.getByLabel('Class').selectOption('B')
  await eventually(() => text('.count')).toContain('of 75')
  await page.getByRole('combobox', { name: 'Board' }).selectOption('fastest-lap')
  await eventually(() => text('tbody .value')).toBe('7.412')
  await eventually(() => text('.none')).toBe('You have no best on this board yet.')
})

test('what is old is said to be old, and comes back by itself', async () => {
  running()
  await open()
  await eventually(() => lines().count()).toBe(20)
  played.cut(true)
  await page.clock.runFor(8_000)
  await eventually(async () => {
    await page.clock.runFor(1_000)
    return page.locator('.lost').count()
  }).toBe(1)
  expect(await text('.lost')).toMatch(/Reconnecting: data \d+ s old/)
  expect(await page.locator('.time.hollow').count()).toBe(1)
  await picture('stale')
  expect(await graveFaults(page)).toEqual([])
  played.cut(false)
  await eventually(async () => {
    await page.clock.runFor(10_000)
    return page.locator('.lost').count()
  }).toBe(0)
})

test('where there is nothing the page says so', async () => {
  await open()
  await eventually(() => text('h1')).toBe('Nothing is running just now.')
  await page.getByRole('link', { name: 'Finished' }).click()
  await eventually(() => text('h1')).toBe('No race has finished yet.')
  await page.getByRole('link', { name: 'All time' }).click()
  await eventually(() => text('h1')).toContain('Nobody has a best here yet')
  expect(await graveFaults(page)).toEqual([])
  await open('?race=none')
  await eventually(() => text('.empty')).toBe('There is no such race.')
})

test('it reads from right to left, and fits a screen that is wide', async () => {
  official()
  await open('?race=final&lang=ar')
  await eventually(() => page.locator('html').getAttribute('dir')).toBe('rtl')
  await eventually(() => lines().count()).toBe(12)
  await picture('arabic')
  await page.setViewportSize({ width: 1280, height: 800 })
  await open('?race=final')
  await eventually(() => lines().count()).toBe(12)
  await picture('wide')
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(1_280)
  expect(await graveFaults(page)).toEqual([])
})
