import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const INSTALLED = '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** `CHROMIUM_PATH`, the system's browser, or the one that the package ships. */
async function executable(): Promise<string> {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  if (existsSync(INSTALLED)) return INSTALLED
  // The package unpacks the libraries that plain systems lack (libnss3) only where it believes to be in its cloud.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'
  const { default: shipped } = await import('@sparticuz/chromium')
  return shipped.executablePath()
}

/** A browser with a fresh profile of its own, which goes when it is closed. */
export const launchChromium = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await executable(), args: FLAGS })
