import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { manyNames, manyRows } from './bigField.ts'
import { timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { newPage, newPhone } from './phonePage.ts'
import { startPlayedRace } from './playedRace.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

const COUNT = 1_000
const POLL_MS = 5_000
/** A phone on a slow mobile network, 1.6 Mbit/s with 150 ms, and four times slower than this machine. */
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 200_000,
  uploadThroughput: 93_750
}
const CPU_RATE = 4
/** Most that may be loaded before the first row is there, without fonts. */
const FIRST_ROW_REQUESTS = 10
const FIRST_ROW_KB = 60

describe('a phone costs little', { timeout: 30_000 }, () => {
  let race: Awaited<ReturnType<typeof startPlayedRace>>
  let browser: Browser
  let phone: BrowserContext
  let page: Page
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
    race.classify('final', { rows: manyRows(COUNT, 7_412, 46), laps: new Map() })
    race.name(manyNames('final', COUNT))
  })
  afterEach(async () => {
    await phone.close()
    expect(problems).toEqual([])
  })

  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  /** What the API has answered since, as `304 /standings`. */
  const answered = () =>
    race.answers.map(({ status, path }) => `${status} ${path.replace('/races/final', '')}`)
  const open = async () => {
    page = await newPage(phone)
    await page.goto(`${race.url}/mobile/?race=final`)
    await eventually(() => page.locator('.top tbody tr').count()).toBe(20)
  }
  const beMe = async (bib: number) => {
    await page.fill('input[type=search]', String(bib))
    await page.clock.runFor(300)
    await page.click(`.hits tr[data-bib="${bib}"] .me`)
    await page.fill('input[type=search]', '')
    await eventually(() => page.locator('.around tbody tr').count()).toBe(7)
  }
  /** One poll, and what it asked. */
  const poll = async (done: string) => {
    race.answers.length = 0
    await page.clock.fastForward(POLL_MS)
    await eventually(answered).toContain(done)
    await page.evaluate(() => fetch('/config.json'))
    return answered().toSorted()
  }

  it('before its first row', async () => {
    page = await phone.newPage()
    const cdp: CDPSession = await phone.newCDPSession(page)
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', NETWORK)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE })
    const loads = new Map<string, { url: string; bytes: number }>()
    cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
      loads.set(requestId, { url: request.url, bytes: 0 })
    })
    cdp.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
      const load = loads.get(requestId)
      if (load) load.bytes += encodedDataLength
    })
    const began = performance.now()
    await page.goto(`${race.url}/mobile/?race=final`, { waitUntil: 'commit' })
    await page.locator('.top tbody tr[data-bib="1"]').waitFor()
    const took = performance.now() - began
    // Rows do not wait for fonts.
    const before = [...loads.values()].filter(({ url }) => !url.endsWith('.woff2'))
    const bytes = before.reduce((sum, load) => sum + load.bytes, 0)
    console.log(
      `first row after ${Math.round(took)} ms: ${before.length} requests, ${(bytes / 1_024).toFixed(1)} kB and fonts`
    )
    expect(before.length).toBeLessThanOrEqual(FIRST_ROW_REQUESTS)
    expect(bytes / 1_024).toBeLessThanOrEqual(FIRST_ROW_KB)
  })

  it('while nothing happens: one answer without a body each poll', async () => {
    await open()
    await beMe(412)
    for (let i = 0; i < 3; i++) expect(await poll('304 /standings')).toEqual(['304 /standings'])
  })

  it('when something happens elsewhere: the head, and no page that is not shown', async () => {
    await open()
    await beMe(412)
    const rows = manyRows(COUNT, 7_412, 46)
    const elsewhere = rows.map(each => (each.bib === 950 ? { ...each, laps: 5 } : each))
    race.classify('final', { rows: elsewhere, laps: new Map() })
    expect(await poll('200 /standings')).toEqual(['200 /standings'])
  })

  it('when its owner’s page changes: the head and that page', async () => {
    await open()
    await beMe(412)
    const rows = manyRows(COUNT, 7_412, 46)
    const near = rows.map(each => (each.bib === 411 ? { ...each, laps: 5 } : each))
    race.classify('final', { rows: near, laps: new Map() })
    expect(await poll('200 /standings/ranks/4')).toEqual([
      '200 /standings',
      '200 /standings/ranks/4'
    ])
  })

  it('after a reload: what it kept is asked for by its tag', async () => {
    await open()
    await beMe(412)
    race.answers.length = 0
    await page.reload()
    await eventually(() => page.locator('.around tbody tr').count()).toBe(7)
    await eventually(answered).toContain('304 /standings')
    await page.evaluate(() => fetch('/config.json'))
    expect(answered().filter(each => each.startsWith('200') && each !== '200 /races')).toEqual([])
    expect(answered().filter(each => each.endsWith('/competitors'))).toEqual([])
  })

  it('after a reload it believes the service, even where a race began anew with lower versions', async () => {
    await open()
    race.classify('final', { rows: manyRows(COUNT, 6_000, 46), laps: new Map() })
    expect(await poll('200 /standings')).toContain('200 /standings')
    await eventually(() => textOf(page, '.top tr[data-bib="1"] .value .marked')).toBe('6.000')
    race.set(timeTrial('final', Date.now()))
    race.classify('final', { rows: manyRows(COUNT, 9_000, 46), laps: new Map() })
    await page.reload()
    await eventually(() => textOf(page, '.top tr[data-bib="1"] .value .marked')).toBe('9.000')
  })

  it('when names change: the head and the names', async () => {
    await open()
    race.name(manyNames('final', COUNT, 2))
    expect(await poll('200 /competitors')).toEqual(['200 /competitors', '200 /standings'])
    expect(await poll('304 /standings')).toEqual(['304 /standings'])
  })

  it('when the race is final: what it costs while nothing happens, as names may still change', async () => {
    race.set({ ...timeTrial('final', Date.now()), phase: 'official', validity: 'official' })
    race.classify('final', { rows: manyRows(COUNT, 7_412, 46) })
    await open()
    await eventually(answered).toContain('200 /competitors')
    for (let i = 0; i < 3; i++) expect(await poll('304 /standings')).toEqual(['304 /standings'])
    expect(await textOf(page, '.as-of')).toMatch(/^data as of/)
    expect(await page.locator('.lost').count()).toBe(0)
  })

  it('when the service asks to be left alone: nothing until then', async () => {
    await open()
    race.refuse({ status: 503, retryAfter: '30' })
    race.requests.length = 0
    await page.clock.fastForward(POLL_MS)
    await eventually(() => race.requests.length).toBeGreaterThan(0)
    await eventually(() => page.locator('.lost').count()).toBe(1)
    race.requests.length = 0
    race.refuse(undefined)
    await page.clock.fastForward(25_000)
    await page.evaluate(() => fetch('/config.json'))
    expect(race.requests).toEqual([])
    await page.clock.fastForward(10_000)
    await eventually(() => race.requests).toContain('GET /races/final/standings')
  })
})
