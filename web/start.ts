import { readSettings, type Settings } from './settings.ts'

/** A page that starts before its server, or without a link, tries again after this long, in ms. */
const RETRY_MS = 5_000

/** Problems that nobody in front of a page can do anything about. */
export const report = (error: unknown): void => console.warn(error)

/** Shows the page as soon as its settings can be read. */
export async function start(show: (settings: Settings) => void): Promise<void> {
  try {
    show(await readSettings())
  } catch (error) {
    report(error)
    setTimeout(start, RETRY_MS, show)
  }
}
