import type { Browser } from 'playwright-core'

/** The language of the page under test. */
export const LANGUAGE = 'en'
/** Rows shown at once: all that a screen receives, so that no page has to turn. */
const ROWS = '20'

/** What a page showed from `at` (its `Date.now()`) on: `bib value` of each row. */
export type Paint = { at: number; rows: string[] }

/**
 * Runs in the page: whenever a value in the table changes, waits for the next picture and stamps it afterwards.
 * A message sent from the animation frame arrives when style, layout and paint of that frame are done.
 */
function watchPaints(): void {
  const paints: Paint[] = []
  const waiting: Paint[] = []
  Object.assign(window, { paints })
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    const at = Date.now()
    for (const paint of waiting.splice(0)) paints.push({ ...paint, at })
  }
  let last = ''
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll<HTMLElement>('tbody tr[data-bib]')].map(
      row => `${row.dataset.bib} ${row.querySelector('td.value')?.textContent?.trim()}`
    )
    if (rows.join() === last) return
    last = rows.join()
    waiting.push({ at: 0, rows })
    requestAnimationFrame(() => port2.postMessage(null))
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

/** Opens the built venue page with a screen link; resolves when its socket is opening. `paints` asks for all so far. */
export async function openScreen(browser: Browser, pages: string, race: string, key: string) {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.addInitScript(watchPaints)
  const socket = page.waitForEvent('websocket')
  const query = new URLSearchParams({ race, key, rows: ROWS, lang: LANGUAGE })
  await page.goto(`${pages}/screen/?${query}`)
  await socket
  return () => page.evaluate(() => (window as unknown as { paints: Paint[] }).paints)
}
