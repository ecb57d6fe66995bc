import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Head } from '#contract'
import { settingsOfPages, startPages } from '../../infra/local/pages.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { boardOf, latestFinal, type Product, shortRide, startProduct } from '../pipeline/product.ts'
import { rideRace } from '../simulators/ride.ts'
import { launchChromium } from './chromium.ts'
import { enterPassword } from './officialsPage.ts'
import { newPhone } from './phonePage.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

const RACE = 'ride-1'
const SECONDS = 10
const STARTS_IN = 14
/** Between two pushes, in ms. */
const PUSH_MS = 110

let product: Product
let pages: StandIn
let browser: Browser
const problems: string[] = []

beforeAll(async () => {
  const dir = await buildPages()
  product = await startProduct()
  const { cloud } = product
  // People come back from signing in to the pages' own address.
  pages = await startPages({ dir, port: cloud.plan.ports.screen, ...settingsOfPages(cloud) })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
  await product?.close()
})

test('a person joins, rides and finishes with what the API’s final says, beside others', async () => {
  const race = shortRide(
    RACE,
    { startsIn: STARTS_IN, seconds: SECONDS, capacity: 5 },
    { kind: 'ride', metric: 'distance' }
  )
  await product.office.scheduleRide(race)
  await boardOf(product, RACE, ({ phase }) => phase !== 'scheduled')
  const startsAt = race.timetable.startsAt ?? 0
  const others = rideRace({
    ...{ gateway: product.cloud.url, raceId: RACE, riders: 4, seed: 3 },
    ...{ startsAt, endsAt: startsAt + SECONDS * 1_000, now: Date.now }
  })

  const phone = await newPhone(browser, problems)
  const page = await phone.newPage()
  const stage = () => page.getAttribute('.page', 'data-stage')
  await page.goto(`${pages.url}/ride/`)
  await page.click('li button', DEADLINE)
  await page.fill('input[name=nickname]', 'Jude “Apex” Adeyemi')
  await page.click('button[type=submit]')
  await expect.poll(stage, DEADLINE).toBe('waiting')
  const bib = Number(await textOf(page, '.number'))
  await expect.poll(stage, { timeout: 20_000 }).toBe('riding')
  for (let push = 0; (await stage()) === 'riding'; push++) {
    await page.keyboard.press(push % 2 === 0 ? 'ArrowLeft' : 'ArrowRight')
    await page.waitForTimeout(PUSH_MS)
  }
  await others
  await boardOf(product, RACE, ({ phase }: Head) => phase === 'official')
  await expect.poll(() => textOf(page, '.stamp b'), { timeout: 20_000 }).toBe('Official')
  const { rows } = await latestFinal(product, RACE)
  const row = rows.find(each => each.bib === bib) ?? expect.fail(`no row of ${bib}`)
  const metres = new Intl.NumberFormat('en').format(Math.trunc((row.value ?? 0) / 1_000))
  expect(row.value).toBeGreaterThan(0)
  expect(await textOf(page, '.card .rank')).toBe(String(row.rank))
  expect(await textOf(page, '.card .value')).toBe(`${metres} m`)
  expect(await textOf(page, '.who b')).toBe('Jude “Apex” Adeyemi')
  expect(await textOf(page, '.sent')).toBe(`${SECONDS} sent, 0 waiting`)
  expect(row.laps).toBe(SECONDS)
  await phone.close()
  expect(problems).toEqual([])
})

test('a race of accounts asks who one is, and gives the person the same seat in another browser', async () => {
  const raceId = 'ride-2'
  const race = shortRide(raceId, { startsIn: 120 })
  await product.office.scheduleRide({ ...race, registration: { kind: 'account' } })
  await boardOf(product, raceId, ({ phase }) => phase !== 'scheduled')
  const account = product.endpoints.people.find(({ roles }) => roles.length === 0)
  const bibs: (string | undefined)[] = []
  for (const nickname of ['Jude', 'Another Jude']) {
    const phone = await newPhone(browser, problems)
    const page = await phone.newPage()
    await page.goto(`${pages.url}/ride/?race=${raceId}`)
    await page.getByRole('button', { name: 'Sign in' }).click(DEADLINE)
    await enterPassword(page, account ?? expect.fail('everybody has a role'))
    await page.fill('input[name=nickname]', nickname, DEADLINE)
    await page.click('button[type=submit]')
    await expect.poll(() => page.getAttribute('.page', 'data-stage'), DEADLINE).toBe('waiting')
    bibs.push(await textOf(page, '.number'))
    await phone.close()
  }
  expect(bibs).toEqual(['1', '1'])
  expect(problems).toEqual([])
})
