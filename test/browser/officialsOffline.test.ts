import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { soundFleet } from './fleets.ts'
import { nextVersion } from './nextVersion.ts'
import { newOfficial } from './officialsPage.ts'
import { isKept, show } from './phonePage.ts'
import { startPlayedTrack } from './playedTrack.ts'
import { buildPages } from './screenPage.ts'
import { PEOPLE, timekeeperAt } from './timekeeperPage.ts'

/** Longer than a token holds, in ms. */
const TOKEN_MS = 3_700_000

describe('officials without a network', { timeout: 60_000 }, () => {
  let pages: string
  let track: Awaited<ReturnType<typeof startPlayedTrack>>
  let browser: Browser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    // A copy, for the deployments of these tests.
    pages = mkdtempSync(join(tmpdir(), 'pages-'))
    cpSync(await buildPages(), pages, { recursive: true })
    track = await startPlayedTrack(pages)
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await track?.close()
    rmSync(pages, { recursive: true })
  })
  beforeEach(async () => {
    problems = []
    track.reset(timeTrial('final', Date.now()), PEOPLE, soundFleet())
    page = await newOfficial(browser, problems)
  })
  afterEach(async () => {
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.context().close()
    expect(problems).toEqual([])
  })

  const { eventually, text, state, signIn, start, laps, told, drive } = timekeeperAt(
    () => page,
    () => track
  )
  const cut = async (isDown: boolean) => {
    track.cut(isDown)
    await page.context().setOffline(isDown)
  }
  /** Whether anything of the network answers the page's worker. */
  const reaches = () =>
    page
      .context()
      .serviceWorkers()[0]
      ?.evaluate(() =>
        fetch('/404.html').then(
          () => true,
          () => false
        )
      )
  const kept = () => eventually(() => isKept(page)).toBe(true)
  const stores = () => page.evaluate(() => caches.keys())
  /** Without the answers that tests put in, which a reload would cut off. */
  const reload = async () => {
    await page.unrouteAll({ behavior: 'wait' })
    await page.reload()
    await eventually(state).toBe('idle')
  }
  const waiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)
  const hasNext = () => page.locator('meta[name=next]').count()

  it.each([
    ['a token that holds', 1_000],
    ['a token that has ended', TOKEN_MS]
  ])(
    'goes on timing over a reload with %s, and all of it arrives once, in order',
    async (_, ms) => {
      await page.clock.install()
      await signIn()
      await kept()
      await start()
      await eventually(() => told('runs')).toHaveLength(1)
      await cut(true)
      expect(await reaches()).toBe(false)
      track.pass(ms)
      await page.clock.fastForward(ms)
      await page.reload()
      await eventually(state).toBe('running')
      expect(await text('h1')).toBe('Jude “Apex” Adeyemi')
      expect(await text('.person [role=status]')).toBe('Offline')
      for (const lapMs of [7_000, 8_000]) {
        await drive(lapMs)
        await page.keyboard.press('Space')
      }
      await eventually(() => text('.state')).toMatch(/^Offline, 2 queued/)
      expect(await laps()).toHaveLength(2)
      expect(told('laps')).toEqual([])

      await cut(false)
      await drive(16_000)
      await eventually(() => told('laps').map(({ lap }) => lap)).toEqual([1, 2])
      await eventually(() => text('.person [role=status]')).toBe('')
      await eventually(() => text('.person .quiet')).toBe('timekeeper')
      await drive(16_000)
      expect(track.got.map(({ path }) => path.split('/').at(-1))).toEqual(['runs', 'laps', 'laps'])
    }
  )

  it('has every part of the officials’ pages, also what is loaded later, and their letters', async () => {
    await page.goto(`${track.url}/officials/`)
    await kept()
    await cut(true)
    await page.reload()
    await eventually(() => text('h1')).toBe('Grandstand officials')
    const fetched = await page.evaluate(async () => {
      const [name = ''] = await caches.keys()
      const store = await caches.open(name)
      const files = (await store.keys()).map(({ url }) => url)
      const parts = files.filter(url => url.includes('/assets/'))
      const answers = await Promise.all(parts.map(part => fetch(part)))
      return answers.map(({ url, ok }) => (ok ? url : 'not there'))
    })
    for (const file of [/Track-.*js$/, /Track-.*css$/, /Office-.*js$/, /arabic.*woff2$/])
      expect(fetched).toContainEqual(expect.stringMatching(file))
  })

  it('keeps the files of its pages and the settings, and neither answers nor tokens', async () => {
    await signIn()
    await kept()
    await reload()
    await start()
    const found = await page.evaluate(async () => {
      const addresses: string[] = []
      for (const name of await caches.keys()) {
        const store = await caches.open(name)
        for (const { url } of await store.keys()) addresses.push(url)
      }
      return addresses
    })
    const { origin } = new URL(track.url)
    const allowed = /^\/(officials\/|config\.json|assets\/[\w.-]+)$/
    expect(found.filter(url => !allowed.test(url.replace(origin, '')))).toEqual([])
    expect(found.filter(url => /screen-|mobile-/.test(url))).toEqual([])
    expect(found).toContain(`${origin}/config.json`)
  })

  it('leaves a phone’s files on the same device alone, and the phone leaves these', async () => {
    for (const folder of ['officials', 'mobile', 'officials']) {
      await page.goto(`${track.url}/${folder}/`)
      await kept()
    }
    const names = await stores()
    for (const folder of ['officials', 'mobile'])
      expect(names.filter(name => name.startsWith(`pages-${track.url}/${folder}/`))).toHaveLength(1)
  })

  it('takes a new version while nobody looks, and not in the middle of a sentence', async () => {
    await signIn()
    await kept()
    const before = await stores()
    const next = nextVersion(pages, 'officials')
    cpSync(next, pages, { recursive: true })
    rmSync(next, { recursive: true })
    await reload()
    await eventually(waiting).toBe('installed')
    await page.getByRole('searchbox').fill('ju')
    await show(page, 'hidden')
    expect(await hasNext()).toBe(0)
    expect(await waiting()).toBe('installed')
    await page.getByRole('searchbox').fill('')
    await show(page, 'hidden')
    await eventually(hasNext).toBe(1)
    await eventually(state).toBe('idle')
    await eventually(stores).toHaveLength(1)
    expect(await stores()).not.toEqual(before)
  })
})
