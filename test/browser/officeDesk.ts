import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchChromium } from './chromium.ts'
import { enterPassword, newOfficial, press } from './officialsPage.ts'
import { type PlayedOffice, startPlayedOffice } from './playedOffice.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

/** An official before a played office, who begins each test anew. */
export type OfficeDesk = {
  readonly office: PlayedOffice
  readonly page: Page
  /** Begins anew in a window of another kind. */
  reopen(options: BrowserContextOptions): Promise<void>
  /** Signs in at a place of the officials' pages, as `#office/final`; the account's name is its password. */
  enter(place: string, name?: string): Promise<void>
  field(label: string | RegExp): ReturnType<Page['getByLabel']>
  text(selector: string): ReturnType<typeof textOf>
  eventually<T>(read: () => T | Promise<T>): ReturnType<typeof expect.poll<T>>
}

/** Sets the desk up for the tests of the file; a page that has had a problem fails its test. */
export function openOfficeDesk(): OfficeDesk {
  let office: PlayedOffice
  let browser: Browser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    office = await startPlayedOffice(await buildPages())
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await office?.close()
  })
  beforeEach(async () => {
    problems = []
    office.store.reset()
    office.asked.length = 0
    page = await newOfficial(browser, problems, { viewport: { width: 1280, height: 800 } })
  })
  afterEach(async () => {
    await page.context().close()
    expect(problems).toEqual([])
  })

  return {
    get office() {
      return office
    },
    get page() {
      return page
    },
    async reopen(options) {
      await page.context().close()
      page = await newOfficial(browser, problems, options)
    },
    async enter(place, name = 'admin') {
      await page.goto(`${office.url}/officials/${place}`)
      await press(page, 'Sign in')
      await enterPassword(page, { userName: `${name}@grandstand.example`, password: name })
      await page.locator('.flow, form, main h1, main h2').first().waitFor(DEADLINE)
    },
    field: label => page.getByLabel(label).last(),
    text: selector => textOf(page, selector),
    eventually: read => expect.poll(read, DEADLINE)
  }
}
