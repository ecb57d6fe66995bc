import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { DEADLINE } from './screenPage.ts'

/** A page of a browser that nobody is signed in at; what it does wrong is added to `problems`. */
export async function newOfficial(
  browser: Browser,
  problems: string[],
  options: BrowserContextOptions = {}
): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (/Content Security Policy|TrustedScript|CORS/.test(message.text()))
      problems.push(message.text())
  })
  return page
}

/** Presses a button by its name. */
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).click(DEADLINE)

/** Fills in Entra's form. */
export async function enterPassword(
  page: Page,
  { userName, password }: { userName: string; password: string }
): Promise<void> {
  await page.fill('input[name=userName]', userName, DEADLINE)
  await page.fill('input[name=password]', password)
  await press(page, 'Sign in')
}
