import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settingsOfPages, startPages } from '../../infra/local/pages.ts'
import { screenLink } from '../../infra/local/screenLink.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { boardOf, latestFinal, type Product, shortRide, startProduct } from '../pipeline/product.ts'
import { launchChromium } from './chromium.ts'
import { newPhone } from './phonePage.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

const RACE = 'arcade-1'
const SECONDS = 14

describe('the game before the whole product', () => {
  let product: Product
  let pages: StandIn
  let browser: Browser
  let key: string
  const problems: string[] = []

  beforeAll(async () => {
    product = await startProduct()
    key = await screenLink(product.cloud.plan, 'room')
    pages = await startPages({
      dir: await buildPages(),
      port: 0,
      screenKey: key,
      ...settingsOfPages(product.cloud)
    })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await pages?.close()
    await product?.close()
  })

  const figures = async (page: Page) => {
    const texts = await page.locator('.playing dd').allInnerTexts()
    const [score, level, lives, shots] = texts.map(text => Number(text.replace(/\D/g, '')))
    return { score, level, lives, shots }
  }

  it('what a player has played is what the final says, and what the room shows', async () => {
    const race = shortRide(RACE, { startsIn: 8, seconds: SECONDS, capacity: 200 }, { kind: 'game' })
    race.name = 'Arcade night'
    const endsAt = (race.timetable.startsAt ?? 0) + SECONDS * 1_000
    await product.office.scheduleRide(race)
    await boardOf(product, RACE, ({ phase }) => phase !== 'scheduled')

    const phone = await newPhone(browser, problems)
    const page = await phone.newPage()
    await page.goto(`${pages.url}/arcade/`)
    await page.locator('section button').click(DEADLINE)
    await page.fill('input[name=nickname]', 'Turbo Toast 🍞')
    await page.click('button[type=submit]')
    const room = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await room.goto(`${pages.url}/room/?key=${key}`)

    await page.locator('canvas').waitFor({ timeout: 15_000 })
    await page.keyboard.down('Space')
    let shown = await figures(page)
    for (let turn = 0; Date.now() < endsAt - 4_000; turn++) {
      const way = turn % 2 === 0 ? 'ArrowLeft' : 'ArrowRight'
      await page.keyboard.down(way)
      await page.waitForTimeout(600)
      await page.keyboard.up(way)
    }
    // A pause before the end: what is shown then is the last state of the game.
    await page.keyboard.up('Space')
    await page.keyboard.press('KeyP')
    await expect.poll(() => textOf(page, '.veil h2'), DEADLINE).toMatch(/Paused|Game over/)
    shown = await figures(page)
    expect(shown.score).toBeGreaterThan(0)
    await expect.poll(() => textOf(page, '.delivery'), DEADLINE).toMatch(/ 0 waiting$/)
    await expect
      .poll(() => textOf(room, 'tbody tr .value'), DEADLINE)
      .toBe(new Intl.NumberFormat('en').format(shown.score ?? 0))
    await expect.poll(() => textOf(room, 'tbody tr bdi'), DEADLINE).toBe('Turbo Toast 🍞')

    await boardOf(product, RACE, ({ phase }) => phase === 'official')
    const { rows } = await latestFinal(product, RACE)
    const { score, level, lives, shots } = shown
    expect(rows).toMatchObject([{ bib: 1, rank: 1, value: score, game: { level, lives, shots } }])
    await expect.poll(() => textOf(page, '.told h2'), DEADLINE).toBe('Time is up')
    await expect
      .poll(() => textOf(page, '.mine .own'), DEADLINE)
      .toBe(`Your best ${new Intl.NumberFormat('en').format(score ?? 0)}`)
    await phone.close()
    await room.close()
    expect(problems).toEqual([])
  })
})
