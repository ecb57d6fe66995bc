import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { vi } from 'vitest'
import { buildAll } from '../../infra/build.ts'

const PAGES = join(import.meta.dirname, '../../dist/web')
/** Most that anything may take, in ms. */
export const DEADLINE = { timeout: 10_000 }

/** Brings the build up to date, and says where its pages are. Other processes may ask for that at the same time. */
export async function buildPages(): Promise<string> {
  // The runner's own mode would give a development build.
  vi.stubEnv('NODE_ENV', 'production')
  await buildAll()
  vi.unstubAllEnvs()
  return PAGES
}

/** A full HD page whose clock the test can move; what it does wrong is added to `problems`. */
export async function newScreen(browser: Browser, problems: string[]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text())
  })
  // Counts the moves, which are too short to be caught in the act.
  await page.addInitScript(() => {
    const animate = Element.prototype.animate
    Element.prototype.animate = function (...args) {
      const { dataset } = document.documentElement
      dataset.moves = `${Number(dataset.moves ?? 0) + 1}`
      return animate.apply(this, args)
    }
  })
  await page.clock.install()
  return page
}

/** How many cells have been set in motion. */
export const movesOf = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.documentElement.dataset.moves ?? 0))

/** The text of the first match, in one line. */
export const textOf = async (page: Page, selector: string): Promise<string | undefined> =>
  (await page.locator(selector).first().textContent(DEADLINE))?.replace(/\s+/g, ' ').trim()

/** The visible texts of all matches now, without spaces. */
export const textsOf = async (page: Page, selector: string): Promise<string[]> =>
  (await page.locator(selector).allInnerTexts()).map(found => found.replace(/\s+/g, ''))

/** Lets time pass as it does in a hall: second by second, with answers arriving. */
export async function pass(page: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await page.clock.runFor(1_000)
    await page.evaluate(() => fetch('/config.json'))
  }
}

/** The serious and critical faults that axe finds once what moves has arrived: a colour half way is nobody's choice. */
export async function graveFaults(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    for (const motion of document.getAnimations()) {
      if (motion.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) motion.finish()
    }
  })
  await page.evaluate(axe.source)
  const found = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] })
  )
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)
}
