import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Board, RaceDetail } from '#contract'
import { ride } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { newPhone } from './phonePage.ts'
import { BIB, refusalOf, startPlayedRide } from './playedRide.ts'
import { buildPages, DEADLINE, graveFaults, textOf } from './screenPage.ts'

const SECONDS = 300

let played: Awaited<ReturnType<typeof startPlayedRide>>
let browser: Browser
let phone: BrowserContext
let page: Page
const problems: string[] = []

beforeAll(async () => {
  played = await startPlayedRide(await buildPages())
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await played?.close()
})
beforeEach(async () => {
  phone = await newPhone(browser, problems)
  page = await phone.newPage()
})
afterEach(async () => {
  await phone.close()
  played.forget()
  expect(problems.splice(0)).toEqual([])
})

const detailOf = (board: Board, more: Partial<RaceDetail> = {}): RaceDetail => ({
  ...board,
  ...{ ties: 'competition', course: { courseId: 'flat-road', name: 'Flat road' }, capacity: 1_000 },
  ...{ minLapMs: 0, maxLapMs: 3_600_000, toleranceMs: 300, classes: [], timedBy: 'telemetry' },
  ...{ lateJoin: 'join', trials: 'many', idleMs: 120_000, registration: 'open', attended: false },
  timetable: {
    ...{ countdownMs: 10_000, durationMs: SECONDS * 1_000, backlogMs: 20_000, protestMs: 60_000 }
  },
  ...more
})

/** A race that starts in so many ms; more of its configuration as wished. */
function race(startsIn: number, more: Partial<RaceDetail> = {}, board: Partial<Board> = {}): Board {
  const now = Date.now()
  const set: Board = {
    ...ride('wave-18', now),
    ...{ records: [], phase: startsIn > 0 ? 'open' : 'running' },
    ...{ startsAt: now + startsIn, endsAt: now + startsIn + SECONDS * 1_000 },
    ...board
  }
  const { details, boards } = played.answers()
  details.set(set.raceId, detailOf(set, more))
  boards.set(set.raceId, set)
  return set
}

const open = (query = '?race=wave-18') => page.goto(`${played.url}/ride/${query}`)
const join = async (name = 'Turbo Toast') => {
  await page.fill('input[name=nickname]', name)
  await page.click('button[type=submit]')
}
const stage = (wanted: string) =>
  expect.poll(() => page.getAttribute('.page', 'data-stage'), DEADLINE).toBe(wanted)
const shown = (selector: string) => expect.poll(() => textOf(page, selector), DEADLINE)
/** Pushes with both thumbs in turn. */
const pedal = async (pushes: number) => {
  for (let push = 0; push < pushes; push++) {
    await page.keyboard.press(push % 2 === 0 ? 'ArrowLeft' : 'ArrowRight')
    await page.waitForTimeout(120)
  }
}

test('a race is chosen by its start, a seat is taken, and the start comes by the published time alone', async () => {
  const { startsAt } = race(4_500, {
    timetable: { countdownMs: 3_000, durationMs: SECONDS * 1_000, backlogMs: 20_000, protestMs: 0 }
  })
  await open('')
  await shown('li button .quiet').toMatch(/^starts in 0:0\d/)
  await page.click('li button')
  await stage('join')
  await join()
  await stage('waiting')
  await shown('.number').toBe(String(BIB))
  await stage('countdown')
  await shown('.last').toBe('2')
  await stage('riding')
  expect(Date.now() - (startsAt ?? 0)).toBeGreaterThanOrEqual(0)
  expect(await page.locator('.pad.due').count()).toBe(1)
})

test('tapping the pad that is due rides; readings go each second, and say so', async () => {
  race(-60_000)
  await open()
  await join()
  await stage('riding')
  await page.locator('.pad.right').dispatchEvent('pointerdown')
  expect(await page.locator('.pad.left.due').count()).toBe(1)
  await page.locator('.pad.left').dispatchEvent('pointerdown')
  expect(await page.locator('.pad.right.due').count()).toBe(1)
  await page.locator('.pad.right').dispatchEvent('pointerdown')
  await pedal(16)
  await expect.poll(() => played.readings.length, DEADLINE).toBeGreaterThanOrEqual(2)
  await shown('.sent').toMatch(/^\d sent, \d waiting$/)
  const seqs = played.readings.map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.map((_, index) => index))
  for (const { t } of played.readings)
    expect((t - (played.answers().boards.get('wave-18')?.startsAt ?? 0)) % 1_000).toBe(0)
  const distances = played.readings.map(({ distance }) => distance)
  expect(distances).toEqual(distances.toSorted((a, b) => a - b))
  expect(distances.at(-1)).toBeGreaterThan(0)
})

test('shows the own place, who is ahead and behind, and the ghosts', async () => {
  race(-60_000)
  const of = { courseId: 'flat-road', board: `distance-${SECONDS}` }
  const rising = Array.from({ length: SECONDS }, (_, second) => second * 20)
  const answers = played.answers()
  answers.ghosts = {
    ...of,
    ...{ version: 1, performances: 339, width: 1_000 },
    // 328 within the first metre, and eleven far ahead.
    seconds: rising.map(() => ({ first: 0, counts: [328, ...new Array(57).fill(0), 11] }))
  }
  const ghost = { ...of, name: 'Åsa', raceId: 'wave-2', bib: 2, values: rising }
  answers.ghost = {
    best: { ...ghost, competitorId: 'rider-2' },
    'rider-33': { ...ghost, competitorId: 'rider-33' },
    'rider-7': { ...ghost, competitorId: 'rider-7', name: 'ליאה' }
  }
  await open('?race=wave-18&ghost=rider-7')
  await join()
  await stage('riding')
  await shown('.rank').toBe('5')
  await shown('.ahead bdi').toBe('Åsa Björkqvist')
  await shown('.ahead .gap').toBe('ahead 0.6 s')
  await shown('.behind .gap').toBe('behind 0.8 s')
  await shown('.ghost dt').toBe('ליאה')
  await page.click('.ghost button')
  await shown('.ghost dt').toBe('Your record')
  await pedal(20)
  await shown('.ghost dd').toMatch(/^\+\d+ m$/)
  await shown('.among span').toBe('Of all rides ever, now 12 of 340')
  expect(await graveFaults(page)).toEqual([])
  await page.click('.ghost button')
  await shown('.ghost dt').toBe('Course record')
  await page.setViewportSize({ width: 1_280, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1_280)
})

test.each([
  { kind: 'name-taken', status: 409, says: 'Somebody in this race has this name' },
  { kind: 'name-refused', status: 422, says: 'This name cannot be shown' },
  { kind: 'code-wrong', status: 403, says: 'The code is wrong' },
  { kind: 'race-not-open', status: 409, says: 'takes nobody' }
] as const)('says what to do when a seat is refused: $kind', async ({ kind, status, says }) => {
  race(60_000, { registration: 'code' })
  played.answers().seat = refusalOf(kind, status)
  await open()
  await page.fill('input[name=code]', 'velodrome')
  await join()
  await shown('.refusal p').toContain(says)
  expect(
    JSON.parse(played.requests.find(({ line }) => line.endsWith('/seats'))?.body ?? '')
  ).toEqual({
    nickname: 'Turbo Toast',
    code: 'velodrome'
  })
})

test('a full race leads to the next one', async () => {
  race(60_000)
  race(120_000, { raceId: 'wave-19', name: 'Wave 19' }, { raceId: 'wave-19', name: 'Wave 19' })
  played.answers().seat = refusalOf('race-full', 409, { next: 'wave-19' })
  await open()
  await join()
  await shown('.refusal p').toBe('All seats are taken.')
  await page.click('.refusal button')
  await shown('h1').toBe('Wave 19')
  expect(page.url()).toContain('race=wave-19')
})

test('a lost answer is asked for again by the same key', async () => {
  race(60_000)
  played.answers().seat = refusalOf('unavailable', 503)
  await open()
  await join()
  await shown('.refusal p').toContain('No answer')
  played.answers().seat = undefined
  await page.click('button[type=submit]')
  await stage('waiting')
  const keys = played.requests.filter(({ line }) => line.endsWith('/seats')).map(({ key }) => key)
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
})

test('a lost network loses nothing, nor does a reload in it', async () => {
  race(-60_000)
  await open()
  await join()
  await stage('riding')
  await expect.poll(() => played.readings.length, DEADLINE).toBeGreaterThanOrEqual(1)
  played.answers().telemetry = refusalOf('unavailable', 503)
  await pedal(34)
  await shown('.sent').toMatch(/\d sent, [4-9] waiting/)
  await page.reload()
  await stage('riding')
  played.answers().telemetry = undefined
  await shown('.sent').toMatch(/, [01] waiting$/)
  const seqs = played.readings.map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.map((_, index) => index))
  expect(seqs.length).toBeGreaterThanOrEqual(5)
  const distances = played.readings.map(({ distance }) => distance)
  expect(distances).toEqual(distances.toSorted((a, b) => a - b))
})

test('the finish shows what the final says, with records and the place among all', async () => {
  const board = race(-SECONDS * 1_000 - 5_000, {}, { phase: 'running' })
  await open()
  played.answers().best = {
    ...{ courseId: 'flat-road', board: 'distance-300', competitorId: 'rider-33' },
    ...{ raceId: 'wave-18', bib: BIB, standing: { value: 2_379_000, rank: 41, same: 2, of: 812 } }
  }
  played.answers().boards.set('wave-18', {
    ...board,
    ...{ version: 11, phase: 'official', validity: 'official' },
    records: [{ bib: BIB, class: 'B', value: 2_379_000, before: null }]
  })
  await join()
  await stage('finish')
  await shown('.card .rank').toBe('5')
  await shown('.card .value').toBe('2,379 m')
  await shown('.stamp b').toBe('Official')
  await shown('.stamp.best').toBe('A record of class B')
  await shown('.stamp:nth-of-type(3)').toBe('Your best: 2,379 m, place =41 of 812')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.click('text=Challenge a friend')
  await shown('.actions button:nth-child(2)').toBe('Link copied')
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(`${played.url}/ride/?ghost=rider-33`)
  expect(await graveFaults(page)).toEqual([])
})

test('an abort is told, and ends the ride', async () => {
  const board = race(-60_000)
  await open()
  await join()
  await stage('riding')
  played.answers().boards.set('wave-18', { ...board, version: 11, phase: 'aborted' })
  await stage('finish')
  await shown('.aborted').toContain('The race was stopped')
})

test('who does nothing is asked, and told when the seat is gone', async () => {
  race(600_000)
  played.answers().idleMs = 10_000
  await page.clock.install()
  await open()
  await join()
  await stage('waiting')
  await page.clock.runFor(10_500)
  await shown('#still-title').toBe('Still there?')
  await page.click('.still .button')
  await expect.poll(() => page.locator('.still').count(), DEADLINE).toBe(0)
  await page.clock.runFor(41_000)
  await stage('ended')
  await shown('main p').toContain('Your seat was given to others')
  const givenBack = `DELETE /races/wave-18/seats/${BIB}`
  await expect.poll(() => played.requests.map(({ line }) => line), DEADLINE).toContain(givenBack)
})

test('a seat that others have says so at the next renewal', async () => {
  race(600_000)
  await open()
  await join()
  await stage('waiting')
  played.answers().renewal = refusalOf('session-closed', 401)
  await page.reload()
  await stage('ended')
})

test('names from right to left, and a page in Arabic, stand', async () => {
  race(-60_000)
  await open('?race=wave-18&lang=ar')
  await join()
  await stage('riding')
  expect(await page.getAttribute('html', 'dir')).toBe('rtl')
  await shown('.rank').toBe('5')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})
