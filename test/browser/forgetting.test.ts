import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { directory, timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { isKept, newPage, newPhone } from './phonePage.ts'
import { SCREEN_LINK, startPlayedRace } from './playedRace.ts'
import { buildPages, DEADLINE, newScreen, textOf } from './screenPage.ts'

/** The leader of the time trial, whose name is on everything: rows, spoken summary, search. */
const LEADER = 21
const NAME = 'ليلى المنصوري'
const POLL_MS = 5_000
/** A name must be gone everywhere within this, in ms. */
const GONE_MS = 5_000

let race: Awaited<ReturnType<typeof startPlayedRace>>
let browser: Browser
let phone: BrowserContext
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
  phone = await newPhone(browser, problems)
  race.set(timeTrial('final', Date.now()))
})
afterEach(async () => {
  await phone.close()
  expect(problems).toEqual([])
})

const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
const nameIn =
  (page: Page, list = 'tbody') =>
  () =>
    textOf(page, `${list} tr[data-bib="${LEADER}"] .name`)

/** The names without the leader's, as an erasure leaves them. */
const erased = (raceId = 'final', version = 2) => {
  const { entries } = directory(raceId)
  return { raceId, version, entries: entries.filter(({ bib }) => bib !== LEADER) }
}

/** Lets the page's clock go on in steps, with answers arriving, until the condition holds; says how long that was, in ms. */
async function clockUntil(page: Page, isSo: () => Promise<boolean>): Promise<number> {
  for (let ms = 0; ms <= 3 * GONE_MS; ms += 250) {
    if (await isSo()) return ms
    await page.clock.runFor(250)
    await page.evaluate(() => fetch('/config.json'))
  }
  throw new Error('never')
}

/** Where the page and what it keeps on the device still have the name. */
const holding = (page: Page): Promise<string[]> =>
  page.evaluate(async name => {
    const places: Record<string, string> = {
      page: document.documentElement.outerHTML + document.title,
      storage: JSON.stringify({ ...localStorage, ...sessionStorage })
    }
    for (const store of await caches.keys()) {
      const cache = await caches.open(store)
      for (const request of await cache.keys()) {
        places[request.url] = (await (await cache.match(request))?.text()) ?? ''
      }
    }
    return Object.keys(places).filter(place => places[place]?.includes(name))
  }, NAME)

const openScreen = async (query: string) => {
  const page = await newScreen(browser, problems)
  await page.goto(`${race.url}/screen/?race=final${query}`)
  await eventually(nameIn(page)).toBe(NAME)
  await clockUntil(page, async () =>
    (await page.locator('.sr').allInnerTexts()).join().includes(NAME)
  )
  return page
}

const openPhone = async (raceId = 'final') => {
  const page = await newPage(phone)
  await page.goto(`${race.url}/mobile/?race=${raceId}`)
  await eventually(nameIn(page, '.top')).toBe(NAME)
  await eventually(() => isKept(page)).toBe(true)
  await eventually(() => holding(page)).toContain(`${race.url}/api/races/${raceId}/competitors`)
  return page
}

test('a screen shows an erased name for no longer than five seconds, although a cache is behind', async () => {
  const page = await openScreen(`&key=${SCREEN_LINK}`)
  race.requests.length = 0
  race.rename(erased(), 2)
  const took = await clockUntil(page, async () => (await holding(page)).length === 0)
  expect(took).toBeLessThanOrEqual(GONE_MS)
  expect(await nameIn(page)()).toBe(`Number ${LEADER}`)
  expect(race.requests.filter(each => each.endsWith('/competitors'))).toHaveLength(3)
  await page.close()
})

test('a screen hears of it that asked for the names just before, and whose socket opened just after', async () => {
  const page = await newScreen(browser, problems)
  await page.goto(`${race.url}/screen/?race=final&key=${SCREEN_LINK}`)
  await eventually(nameIn(page)).toBe(NAME)
  race.name(erased())
  const took = await clockUntil(page, async () => (await holding(page)).length === 0)
  expect(took).toBeLessThanOrEqual(GONE_MS)
  await page.close()
})

test('a screen without a socket hears of it by the head', async () => {
  const page = await openScreen('')
  race.name(erased(), 1)
  const took = await clockUntil(page, async () => (await holding(page)).length === 0)
  expect(took).toBeLessThanOrEqual(GONE_MS)
  await page.close()
})

test('a screen asks for no names while they are the same', async () => {
  const page = await openScreen('')
  race.requests.length = 0
  for (let i = 0; i < 5; i++) {
    await page.clock.fastForward(30_000)
    await page.evaluate(() => fetch('/config.json'))
  }
  expect(race.requests.filter(each => each.endsWith('/standings')).length).toBeGreaterThan(3)
  expect(race.requests.filter(each => each.endsWith('/competitors'))).toEqual([])
  await page.close()
})

test.each(['running', 'official'] as const)(
  'a phone forgets an erased name with the next poll, on the page and off it, in a race that is %s',
  async phase => {
    race.set({ ...timeTrial('final', Date.now()), phase })
    const page = await openPhone()
    race.name(erased())
    await page.clock.fastForward(POLL_MS)
    await eventually(() => holding(page)).toEqual([])
    expect(await nameIn(page, '.top')()).toBe(`Number ${LEADER}`)
    await page.fill('input[type=search]', NAME.slice(0, 4))
    await page.clock.runFor(300)
    expect(await page.locator('.hits tbody tr').count()).toBe(0)
  }
)

test('a phone whose names come from a cache that is behind asks again after a second', async () => {
  const page = await openPhone()
  race.name(erased(), 1)
  race.requests.length = 0
  await page.clock.fastForward(POLL_MS)
  await eventually(() => race.requests).toContain('GET /races/final/competitors')
  expect(await holding(page)).not.toEqual([])
  const took = await clockUntil(page, async () => (await holding(page)).length === 0)
  expect(took).toBeLessThanOrEqual(2_000)
  await page.clock.fastForward(POLL_MS)
  await page.evaluate(() => fetch('/config.json'))
  expect(race.requests.filter(each => each.endsWith('/competitors'))).toHaveLength(2)
})

test('a phone keeps the names of no race but the last one, of whose changes alone it hears', async () => {
  await (await openPhone()).close()
  race.set(timeTrial('second', Date.now()))
  const page = await openPhone('second')
  expect(await holding(page)).not.toContain(`${race.url}/api/races/final/competitors`)
  race.name(erased('second'))
  await page.clock.fastForward(POLL_MS)
  await eventually(() => holding(page)).toEqual([])
})
