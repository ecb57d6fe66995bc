import type { Browser, BrowserContext, Page } from 'playwright-core'

/** A phone as the design has it: 390 by 844, a finger, two dots a pixel. */
const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true
}

/** A phone with nothing on it; what its pages do wrong is added to `problems`. */
export async function newPhone(browser: Browser, problems: string[]): Promise<BrowserContext> {
  const phone = await browser.newContext(PHONE)
  phone.on('weberror', error => problems.push(error.error().message))
  phone.on('console', message => {
    if (/Content Security Policy|TrustedScript/.test(message.text())) problems.push(message.text())
  })
  return phone
}

/** A page of the phone whose clock the test can move. */
export async function newPage(phone: BrowserContext): Promise<Page> {
  const page = await phone.newPage()
  await page.clock.install()
  return page
}

/** Waits until the page can be opened without a network. */
export const isKept = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    return registration.active?.state === 'activated'
  })

/** The page becomes hidden, or is looked at again. */
export const show = (page: Page, state: 'visible' | 'hidden'): Promise<void> =>
  page.evaluate(now => {
    Object.defineProperty(document, 'visibilityState', { value: now, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
