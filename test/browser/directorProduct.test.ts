import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DIST } from '../../infra/build.ts'
import { settingsOfPages, startPages } from '../../infra/local/pages.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { type Product, startProduct } from '../pipeline/product.ts'
import { launchChromium } from './chromium.ts'
import { enterPassword, newOfficial, press } from './officialsPage.ts'
import { buildPages, textOf } from './screenPage.ts'

/** The whole product takes its time, in ms. */
const DEADLINE = { timeout: 30_000 }

let product: Product
let pages: StandIn
let browser: Browser
let page: Page
const problems: string[] = []

beforeAll(async () => {
  await buildPages()
  product = await startProduct()
  const { cloud } = product
  pages = await startPages({
    dir: join(DIST, 'web'),
    port: cloud.plan.ports.screen,
    ...settingsOfPages(cloud)
  })
  browser = await launchChromium()
  page = await newOfficial(browser, problems, { viewport: { width: 1280, height: 800 } })
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
  await product?.close()
})

const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
const ledger = () => textOf(page, 'table')

it('lets an admin create a race, enter people, open, start and close it, and look at a person, through the whole product', async () => {
  const account = product.endpoints.people.find(({ roles }) => roles.join() === 'admin')
  await page.goto(`${pages.url}/officials/#office/new/new`)
  await press(page, 'Sign in')
  await enterPassword(page, account ?? expect.fail('nobody is an admin'))
  await page.getByLabel(/^Id, in addresses/).fill('hall-cup', DEADLINE)
  await page.getByLabel('Name', { exact: true }).fill('Hall Cup')
  await press(page, 'Create the race')
  await page.waitForURL(/#office\/hall-cup\/race/, DEADLINE)

  await page.getByRole('link', { name: 'Lists' }).click(DEADLINE)
  const csv = 'bib,name,email\n7,Åsa Björkqvist,asa@example.org\n'
  await page
    .getByLabel('Choose a start list')
    .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByRole('button', { name: 'Enter 1' }).click(DEADLINE)
  await eventually(() => textOf(page, 'section [role=status]')).toContain('taken. 1 are on')

  await page.getByRole('link', { name: 'Ledger' }).click()
  await page
    .locator('.flow')
    .getByRole('button', { name: /Open the race/ })
    .click(DEADLINE)
  await page
    .locator('.flow')
    .getByRole('button', { name: /Start the race/ })
    .click(DEADLINE)
  await eventually(ledger).toMatch(/Race started.*Race opened.*Åsa Björkqvist/)
  await page.getByRole('button', { name: /Entered/ }).click()
  await eventually(() => textOf(page, 'aside')).toContain('Fastest valid lap')
  await press(page, 'Contact details')
  await eventually(() => textOf(page, '[aria-label="Contact details"]')).toContain(
    'asa@example.org'
  )
  await press(page, 'Disqualify')
  await page.getByLabel('Reason').fill('Car weight')
  await page.locator('form').getByRole('button', { name: 'Disqualify' }).click()
  await eventually(() => textOf(page, '.rank')).toBe('DSQ')
  await page
    .locator('.flow')
    .getByRole('button', { name: /Close the race/ })
    .click(DEADLINE)
  await press(page, 'Close it now')
  await eventually(() => textOf(page, '.flow')).toMatch(/Finishing|Provisional/)
  expect(problems).toEqual([])
})
