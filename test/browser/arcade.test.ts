import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Board, GameReading, RaceDetail } from '#contract'
import { playerRows, session, sessionDetail } from './arcadeBoards.ts'
import { launchChromium } from './chromium.ts'
import { newPhone, show } from './phonePage.ts'
import { BIB, refusalOf, startPlayedRide } from './playedRide.ts'
import { buildPages, DEADLINE, graveFaults, textOf } from './screenPage.ts'

const RACE = 'room-1'

let played: Awaited<ReturnType<typeof startPlayedRide>>
let browser: Browser
let context: BrowserContext
let page: Page
const problems: string[] = []

beforeAll(async () => {
  played = await startPlayedRide(process.env.PAGES ?? (await buildPages()))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await played?.close()
})
beforeEach(async () => {
  context = await newPhone(browser, problems)
  page = await context.newPage()
})
afterEach(async () => {
  await context.close()
  played.forget()
  expect(problems.splice(0)).toEqual([])
})

const hold = (more: Partial<RaceDetail> = {}, board: Partial<Board> = {}): Board => {
  const set = session(RACE, playerRows(34), board)
  const { details, boards } = played.answers()
  details.set(RACE, sessionDetail(set, more))
  boards.set(RACE, set)
  return set
}
const change = (board: Board, more: Partial<Board>) =>
  played.answers().boards.set(RACE, { ...board, version: board.version + 1, ...more })

const open = (query = `?race=${RACE}`) => page.goto(`${played.url}/arcade/${query}`)
const join = async () => {
  await page.fill('input[name=nickname]', 'Turbo Toast')
  await page.click('button[type=submit]')
}
const playing = async (more: Partial<RaceDetail> = {}, board: Partial<Board> = {}) => {
  const set = hold(more, board)
  played.answers().idleMs = 3_600_000
  await open()
  await join()
  await page.locator('canvas').waitFor(DEADLINE)
  return set
}
const stage = (wanted: string) =>
  expect.poll(() => page.getAttribute('main', 'data-stage'), DEADLINE).toBe(wanted)
const shown = (selector: string) => expect.poll(() => textOf(page, selector), DEADLINE)
/** What a reader sees of the game just now: score, level, shots. */
const figures = async () => {
  const [score, level, , shots] = (await page.locator('.playing dd').allInnerTexts()).map(text =>
    Number(text.replace(/\D/g, ''))
  )
  return { score, level, shots }
}
const readings = () => played.readings as unknown as GameReading[]
const picture = async (name: string) => {
  if (process.env.TAKE_PICTURE) {
    await page.screenshot({ path: `${process.env.TAKE_PICTURE}/${name}.png` })
  }
}
/** Lets a game that nobody plays go on until it is over. */
const untilOver = async () => {
  for (let seconds = 0; seconds < 240; seconds += 4) {
    await page.clock.runFor(4_000)
    if ((await page.locator('.veil').count()) > 0) break
  }
  await shown('.veil h2').toBe('Game over')
}

test('a session is chosen, a seat is taken, and the start comes by the published time', async () => {
  hold({}, { phase: 'open', startsAt: Date.now() + 5_000, endsAt: Date.now() + 65_000 })
  await open('')
  await shown('section button span').toMatch(/starts in 0:0\d/)
  await page.click('section button')
  await stage('join')
  expect(await graveFaults(page)).toEqual([])
  await join()
  await stage('waiting')
  await shown('.countdown').toMatch(/^0:0\d$/)
  expect(await page.locator('canvas').count()).toBe(0)
  await stage('play')
  expect(Date.now()).toBeGreaterThanOrEqual(played.answers().boards.get(RACE)?.startsAt ?? 0)
})

test('keys move and fire; a status goes every 300 ms at most, and the last one always', async () => {
  await playing()
  await page.keyboard.down('Space')
  for (const key of ['KeyA', 'ArrowRight', 'KeyD', 'ArrowLeft', 'KeyD'] as const) {
    await page.keyboard.down(key)
    await page.waitForTimeout(700)
    await page.keyboard.up(key)
  }
  await picture('playing')
  await page.keyboard.up('Space')
  await page.keyboard.press('KeyP')
  await shown('.veil h2').toBe('Paused')
  await expect
    .poll(async () => readings().at(-1), DEADLINE)
    .toMatchObject({ ...(await figures()), trial: 0 })
  const { score = 0, shots = 0 } = await figures()
  expect(shots).toBeGreaterThan(9)
  expect(score).toBeGreaterThan(0)
  const sent = readings()
  expect(sent.map(({ seq }) => seq)).toEqual(sent.map((_, index) => index))
  expect(sent.length).toBeLessThan((sent.at(-1)!.t - sent[0]!.t) / 300 + 3)
  await shown('.delivery').toMatch(/^\d+ sent, 0 waiting$/)
})

test('a finger steers and fires; every button is large enough for it', async () => {
  await playing()
  const canvas = (await page.locator('canvas').boundingBox())!
  const touch = (type: string, x: number) =>
    page.locator('canvas').dispatchEvent(type, {
      pointerId: 1,
      bubbles: true,
      clientX: canvas.x + canvas.width * x,
      clientY: canvas.y + canvas.height * 0.8
    })
  await touch('pointerdown', 0.5)
  for (const x of [0.3, 0.2, 0.35, 0.5, 0.65, 0.8]) {
    await touch('pointermove', x)
    await page.waitForTimeout(500)
  }
  await touch('pointerup', 0.8)
  const { shots = 0, score = 0 } = await figures()
  expect(shots).toBeGreaterThan(8)
  expect(score).toBeGreaterThan(0)
  for (const button of await page.locator('button:visible').all()) {
    const { width, height } = (await button.boundingBox())!
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  expect(await graveFaults(page)).toEqual([])
})

test('a game that nobody looks at waits, also over a reload', async () => {
  await playing()
  await page.keyboard.down('Space')
  await page.waitForTimeout(1_500)
  await page.keyboard.up('Space')
  await show(page, 'hidden')
  await shown('.veil h2').toBe('Paused')
  await show(page, 'visible')
  const before = await figures()
  await page.waitForTimeout(500)
  expect(await figures()).toEqual(before)
  await page.reload()
  await shown('.veil h2').toBe('Paused')
  expect(await figures()).toEqual(before)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect.poll(() => page.locator('.veil').count(), DEADLINE).toBe(0)
})

test('after a game the next trial begins, where many count', async () => {
  await page.clock.install()
  await playing()
  await untilOver()
  await expect.poll(() => readings().at(-1), DEADLINE).toMatchObject({ lives: 0, trial: 0 })
  await page.getByRole('button', { name: 'Play again' }).click()
  await page.keyboard.press('Space')
  await expect.poll(() => readings().at(-1), DEADLINE).toMatchObject({ lives: 3, trial: 1 })
})

test('where one trial counts there is no other, not even after a reload', async () => {
  await page.clock.install()
  await playing({ trials: 'one' })
  await untilOver()
  expect(await page.getByRole('button', { name: 'Play again' }).count()).toBe(0)
  await page.reload()
  await shown('.veil h2').toBe('Game over')
  expect(await page.getByRole('button', { name: 'Play again' }).count()).toBe(0)
})

test('the own place and the first ten change every 2 s at most', async () => {
  const places = { rank: Array(33).fill(30), value: Array(33).fill(18_310), gap: Array(33).fill(0) }
  await page.route('**/standings/bibs/0', route =>
    route.fulfill({ json: { raceId: RACE, version: 10, page: 0, ...places } })
  )
  const board = await playing()
  await shown('.mine').toBe('30 of 34 Your best 18,310')
  await shown('.top tr.lit').toMatch(/^30 ?Turbo Toast 18,310/)
  let changes = 0
  await page.exposeFunction('changed', () => {
    changes += 1
  })
  await page.evaluate(() => {
    const { changed } = window as unknown as { changed(): void }
    new MutationObserver(changed).observe(document.querySelector('.top tbody')!, {
      ...{ childList: true, subtree: true, characterData: true }
    })
  })
  for (let turn = 1; turn <= 16; turn++) {
    change(board, { version: 10 + turn, top: playerRows(34, turn).slice(0, 20) })
    await page.waitForTimeout(250)
  }
  expect(changes).toBeGreaterThan(0)
  expect(changes).toBeLessThanOrEqual(3)
  // Fifteen places on, bib 33 is among the first.
  const top = playerRows(34, 25)
  change(board, { version: 40, top: top.slice(0, 20) })
  const mine = top.findIndex(row => row.bib === BIB)
  await shown('.mine .rank').toBe(String(top[mine]?.rank))
  await expect.poll(() => page.locator('.top tr.lit').count(), DEADLINE).toBe(1)
  await picture('place')
})

test('a lost network of seconds loses nothing, and says what waits', async () => {
  await playing()
  await page.keyboard.down('Space')
  await page.waitForTimeout(1_000)
  played.answers().down = true
  await shown('.delivery').toMatch(/, [4-9] waiting$/)
  await shown('.strip').toContain('Reconnecting')
  expect(await graveFaults(page)).toEqual([])
  await page.keyboard.up('Space')
  await page.keyboard.press('KeyP')
  played.answers().down = false
  await shown('.delivery').toMatch(/ 0 waiting$/)
  const sent = readings()
  expect(sent.map(({ seq }) => seq)).toEqual(sent.map((_, index) => index))
  expect(sent.at(-1)).toMatchObject(await figures())
})

test('the end is told, and what comes after it is not played', async () => {
  const board = await playing({}, { endsAt: Date.now() + 3_500 })
  await page.keyboard.down('Space')
  await stage('result')
  await shown('.told h2').toBe('Time is up')
  await expect.poll(() => readings().at(-1)?.t, DEADLINE).toBeLessThanOrEqual(board.endsAt ?? 0)
  change(board, { phase: 'official', validity: 'official' })
  await expect.poll(() => textOf(page, '.told'), DEADLINE).not.toContain('counted')
  expect(await graveFaults(page)).toEqual([])
})

test('an abort is told, and ends the game', async () => {
  const board = await playing()
  change(board, { phase: 'aborted' })
  await stage('aborted')
  await shown('.told').toContain('The session was stopped')
})

test('a seat that others have is told of, and may be taken anew', async () => {
  await playing()
  played.answers().telemetry = refusalOf('session-closed', 401)
  await page.keyboard.press('Space')
  await stage('ended')
  await shown('.told h2').toContain('Your seat was given to others')
  played.answers().telemetry = undefined
  await page.click('.told .button')
  await stage('join')
})

test('a full session leads to the next one, and names that are taken are told of', async () => {
  hold({ registration: 'code' })
  played.answers().seat = refusalOf('name-taken', 409)
  await open()
  await page.fill('input[name=code]', 'hallway')
  await join()
  await shown('.refusal p').toContain('Choose another')
  const second = session('room-2', [], { name: 'Session 4' })
  played.answers().details.set('room-2', sessionDetail(second))
  played.answers().boards.set('room-2', second)
  played.answers().seat = refusalOf('race-full', 409, { next: 'room-2' })
  await page.click('button[type=submit]')
  await page.click('.refusal button')
  await shown('h1').toBe('Session 4')
})

test('a desk shows field and board side by side, in every language', async () => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await playing()
  await page.keyboard.down('Space')
  await page.keyboard.down('ArrowLeft')
  await page.waitForTimeout(1_200)
  await picture('desk')
  const field = (await page.locator('.field').boundingBox())!
  const top = (await page.locator('.top').boundingBox())!
  expect(field.y + field.height).toBeLessThanOrEqual(800)
  expect(top.x).toBeGreaterThan(field.x + field.width)
  expect(await graveFaults(page)).toEqual([])
  await page.goto(`${played.url}/arcade/?race=${RACE}&lang=ar`)
  await page.locator('canvas').waitFor(DEADLINE)
  expect(await page.getAttribute('html', 'dir')).toBe('rtl')
})
