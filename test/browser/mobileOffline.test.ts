import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { manyNames, manyRows } from './bigField.ts'
import { timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { nextVersion } from './nextVersion.ts'
import { isKept, newPhone, show } from './phonePage.ts'
import { startPlayedRace } from './playedRace.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

describe('a phone without a network', { timeout: 40_000 }, () => {
  let pages: string
  let race: Awaited<ReturnType<typeof startPlayedRace>>
  let browser: Browser
  let phone: BrowserContext
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    pages = await buildPages()
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())

  beforeEach(async () => {
    race = await startPlayedRace(pages)
    problems = []
    phone = await newPhone(browser, problems)
    race.set(timeTrial('final', Date.now()))
    race.classify('final', { rows: manyRows(1_000, 7_412, 46) })
    race.name(manyNames('final', 1_000))
    page = await phone.newPage()
  })
  afterEach(async () => {
    await phone.close()
    await race.close()
    expect(problems).toEqual([])
  })

  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  const visit = async () => {
    await page.goto(`${race.url}/mobile/?race=final`)
    await eventually(() => textOf(page, '.top tr[data-bib="1"] .name')).toBe('Siobhán Ní Bhriain')
    expect(await isKept(page)).toBe(true)
  }
  const stores = () => page.evaluate(() => caches.keys())

  it('opens after the first visit with the last answers, and says how old they are', async () => {
    await visit()
    await page.fill('input[type=search]', '412')
    await page.click('.hits tr[data-bib="412"] .me')
    await page.fill('input[type=search]', '')
    await eventually(() => page.locator('.around tbody tr').count()).toBe(7)
    race.cut('all')
    await phone.setOffline(true)
    await page.reload()
    await eventually(() => textOf(page, '.top tr[data-bib="1"] .name')).toBe('Siobhán Ní Bhriain')
    await eventually(() => textOf(page, 'aside .rank')).toBe('412')
    expect(await page.locator('.around tbody tr').count()).toBe(7)
    await page.fill('input[type=search]', 'turbo toast')
    await eventually(() => page.locator('.hits tr[data-bib="33"]').count()).toBe(1)
    await eventually(() => page.locator('.lost').count()).toBe(1)
    expect(await textOf(page, '.as-of')).toMatch(/^data as of/)

    race.cut(false)
    await phone.setOffline(false)
    await eventually(() => page.locator('.lost').count()).toBe(0)
  })

  it('keeps the files of its page, the settings and the last answers, and nothing else', async () => {
    await visit()
    await eventually(stores).toHaveLength(2)
    const kept = await page.evaluate(async () => {
      const addresses: string[] = []
      for (const name of await caches.keys()) {
        const store = await caches.open(name)
        for (const request of await store.keys()) addresses.push(new URL(request.url).pathname)
      }
      return addresses
    })
    const allowed = /^\/(mobile\/|config\.json$|assets\/|api\/races)/
    expect(kept.filter(address => !allowed.test(address))).toEqual([])
    expect(kept.filter(address => /screen/.test(address))).toEqual([])
    expect(kept).toContain('/api/races/final/standings')
    expect(kept).toContain('/mobile/')
  })

  it('can be installed: the manifest leads to the page and to icons that are there', async () => {
    await visit()
    const manifest = await page.evaluate(async () => {
      const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')
      const answer = await fetch(link?.href ?? '')
      const found: { start_url: string; icons: { src: string; purpose: string }[] } =
        await answer.json()
      const icons = await Promise.all(
        found.icons.map(async ({ src, purpose }) => {
          const icon = await fetch(new URL(src, answer.url))
          return `${purpose} ${icon.status} ${icon.headers.get('content-type')}`
        })
      )
      return { start: new URL(found.start_url, answer.url).pathname, icons }
    })
    expect(manifest.start).toBe('/mobile/')
    expect(manifest.icons).toEqual(['any 200 image/svg+xml', 'maskable 200 image/svg+xml'])
  })

  it('takes a new version whole, while nobody looks', async () => {
    await visit()
    await page.reload()
    await eventually(() => page.locator('.top tbody tr').count()).toBe(20)
    const [before] = (await stores()).filter(name => name.startsWith('pages-'))

    const next = nextVersion(pages, 'mobile')
    try {
      race.deploy(next)
      await page.reload()
      expect(await page.locator('meta[name=next]').count()).toBe(0)
      await eventually(() =>
        page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)
      ).toBe('installed')
      await show(page, 'hidden')
      await eventually(() => page.locator('meta[name=next]').count()).toBe(1)
      const after = (await stores()).filter(name => name.startsWith('pages-'))
      expect(after).toHaveLength(1)
      expect(after).not.toEqual([before])
    } finally {
      rmSync(next, { recursive: true })
    }
  })

  it('takes no worker whose page is not there yet', async () => {
    await visit()
    const [before] = (await stores()).filter(name => name.startsWith('pages-'))
    const next = nextVersion(pages, 'mobile')
    try {
      // As in the middle of a deployment: the new worker beside the old page.
      cpSync(join(pages, 'mobile/index.html'), join(next, 'mobile/index.html'))
      race.deploy(next)
      const refused = await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready
        return new Promise<string>(resolve => {
          registration.addEventListener('updatefound', () => {
            const worker = registration.installing
            worker?.addEventListener('statechange', () => resolve(worker.state))
          })
          registration.update()
        })
      })
      expect(refused).toBe('redundant')
      race.cut('all')
      await phone.setOffline(true)
      await page.reload()
      await eventually(() => page.locator('.top tbody tr').count()).toBe(20)
      expect((await stores()).filter(name => name.startsWith('pages-'))).toContain(before)
    } finally {
      rmSync(next, { recursive: true })
    }
  })
})
