import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Row } from '#contract'
import { playerNames, playerRows, session } from './arcadeBoards.ts'
import { launchChromium } from './chromium.ts'
import { SCREEN_LINK, startPlayedRace } from './playedRace.ts'
import {
  buildPages,
  DEADLINE,
  graveFaults,
  movesOf,
  newScreen,
  pass,
  textOf
} from './screenPage.ts'

const RACE = 'room-1'

let played: Awaited<ReturnType<typeof startPlayedRace>>
let browser: Browser
let page: Page
const problems: string[] = []

beforeAll(async () => {
  played = await startPlayedRace(process.env.PAGES ?? (await buildPages()))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await played?.close()
})
beforeEach(async () => {
  page = await newScreen(browser, problems)
})
afterEach(async () => {
  await page.close()
  played.forget()
  expect(problems.splice(0)).toEqual([])
})

/** A session with these rows, and the rest of its classification in pages. */
const hold = (rows: Row[], more = {}) => {
  played.set(session(RACE, rows, more))
  played.classify(RACE, { rows })
  played.name(playerNames(RACE, Math.max(10, rows.length)))
}
/** A new version of all rows: pages first, then what sockets are told. */
const turn = (rows: Row[]) => {
  played.classify(RACE, { rows })
  played.play(RACE, { top: rows.slice(0, 20), competitors: rows.length })
}
const open = (query = `?key=${SCREEN_LINK}`) => page.goto(`${played.url}/room/${query}`)
const rowCount = () => page.locator('tbody tr[data-bib]').count()
const order = () =>
  page.locator('tbody tr[data-bib]').evaluateAll(rows => rows.map(row => row.dataset.bib))
const picture = async (name: string) => {
  if (process.env.TAKE_PICTURE) {
    await page.screenshot({ path: `${process.env.TAKE_PICTURE}/${name}.png` })
  }
}
const asked = (path: string) => played.requests.filter(line => line.includes(path)).length

test('two hundred players stand on one screen, each whole and in order', async () => {
  const rows = playerRows(200)
  hold(rows)
  await open()
  await expect.poll(rowCount, DEADLINE).toBe(200)
  await picture('room-200')
  expect(await order()).toEqual(rows.map(({ bib }) => String(bib)))
  const boxes = await page.locator('tbody tr').evaluateAll(all =>
    all.map(row => {
      const { left, top, right, bottom } = row.getBoundingClientRect()
      return { left, top, right, bottom }
    })
  )
  for (const [index, box] of boxes.entries()) {
    expect(box.left).toBeGreaterThanOrEqual(95.9)
    expect(box.right).toBeLessThanOrEqual(1_824.1)
    expect(box.bottom).toBeLessThanOrEqual(1_026)
    const above = index % 40 === 0 ? undefined : boxes[index - 1]
    if (above) expect(box.top).toBeGreaterThanOrEqual(above.bottom - 0.5)
  }
  const cut = await page
    .locator('tbody td:not(.player), tbody th')
    .evaluateAll(cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).length)
  expect(cut).toBe(0)
  expect(await textOf(page, 'tr[data-bib="2"] bdi')).toBe('ليلى المنصوري')
  expect(await textOf(page, 'tr[data-bib="12"] .place')).toMatch(/= ?shared 11/)
  expect(await textOf(page, 'tr[data-bib="40"] .value')).toBe('held for review 17,383')
  expect(await graveFaults(page)).toEqual([])
})

test('fewer players have larger rows', async () => {
  const heights: number[] = []
  for (const count of [12, 24, 50, 100]) {
    hold(playerRows(count))
    await open()
    await expect.poll(rowCount, DEADLINE).toBe(count)
    await picture(`room-${count}`)
    heights.push((await page.locator('tbody tr').first().boundingBox())!.height)
  }
  expect(heights).toEqual(heights.toSorted((a, b) => b - a))
  expect(heights.at(-1)).toBeGreaterThan(30)
})

test('the board changes every 1.5 s at most, and reads only pages that changed', async () => {
  hold(playerRows(150))
  await open()
  await expect.poll(rowCount, DEADLINE).toBe(150)
  await pass(page, 2)
  const [heads, first, second] = ['/standings', '/ranks/0', '/ranks/1'].map(asked)
  let rows = playerRows(150)
  for (let second = 0; second < 6; second++) {
    // The first page alone changes.
    rows = rows.map((row, index) => (index < 100 ? { ...row, value: (row.value ?? 0) + 10 } : row))
    turn(rows)
    await pass(page, 1)
  }
  await pass(page, 2)
  await expect.poll(() => textOf(page, 'tbody .value'), DEADLINE).toBe('21,460')
  expect(asked('/ranks/1')).toBe(second)
  const pages = asked('/ranks/0') - (first ?? 0)
  expect(pages).toBeGreaterThan(2)
  expect(pages).toBeLessThanOrEqual(6)
  expect(asked('/standings')).toBeGreaterThan(heads ?? 0)
})

test('who gains a place glides to it, and nobody moves where motion is not wanted', async () => {
  const rows = playerRows(24)
  const [one, two, ...others] = rows
  const swapped = [{ ...two!, rank: 1, value: 22_000 }, { ...one!, rank: 2 }, ...others]
  hold(rows)
  await open()
  await expect.poll(rowCount, DEADLINE).toBe(24)
  await pass(page, 2)
  turn(swapped)
  await pass(page, 3)
  await expect.poll(order, DEADLINE).toEqual(swapped.map(({ bib }) => String(bib)))
  // Two rows, and the places that stay where they are.
  expect(await movesOf(page)).toBe(4)

  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open()
  await expect.poll(rowCount, DEADLINE).toBe(24)
  turn(rows)
  await pass(page, 3)
  await expect.poll(order, DEADLINE).toEqual(rows.map(({ bib }) => String(bib)))
  expect(await movesOf(page)).toBe(0)
})

test('without a key the board is polled', async () => {
  hold(playerRows(60))
  await open('')
  await expect.poll(rowCount, DEADLINE).toBe(60)
  played.classify(RACE, { rows: playerRows(60, 3) })
  await pass(page, 4)
  await expect.poll(order, DEADLINE).toEqual(playerRows(60, 3).map(({ bib }) => String(bib)))
  expect(asked('/negotiate')).toBe(0)
})

test('a lost link is told with its age, and the clock stops', async () => {
  hold(playerRows(200))
  await open()
  await expect.poll(rowCount, DEADLINE).toBe(200)
  played.cut(true)
  await page.clock.runFor(7_000)
  await expect.poll(() => textOf(page, '.banner'), DEADLINE).toMatch(/^Reconnecting: data \d s old/)
  expect(await page.locator('.time.hollow').count()).toBe(1)
  await picture('room-lost')
  expect(await graveFaults(page)).toEqual([])
  played.cut(false)
  for (let second = 0; second < 20 && (await page.locator('.banner').count()) > 0; second++) {
    await pass(page, 1)
  }
  expect(await page.locator('.banner').count()).toBe(0)
})

test('before the session a code leads players to the game', async () => {
  hold([], { phase: 'open', startsAt: Date.now() + 90_000, endsAt: Date.now() + 390_000 })
  await open()
  await expect.poll(() => textOf(page, 'h2'), DEADLINE).toBe('Arcade night, session 3')
  expect(await page.getAttribute('.qr', 'aria-label')).toBe(
    `QR: ${played.url}/arcade/?race=${RACE}`
  )
  expect(await textOf(page, '.find p')).toMatch(/^Play along ?127\.0\.0\.1:\d+\/arcade\/$/)
  await picture('room-waiting')
})
