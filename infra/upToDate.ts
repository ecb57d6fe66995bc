import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { filesIn } from './filesIn.ts'

/** SQLite: another process holds the lock. */
const BUSY = 5
/** How long one build waits for another, in ms. */
const WAIT_MS = 300_000
/** Not folders of the build: the lock, what the folders were made from, and where the next ones are made. */
const LOCK = '.lock'
const MADE_FROM = '.made-from'
const NEXT = '.next'

/**
 * Brings the folders in `dist` up to date: `make` writes them into the folder that it is given, but only when a file
 * of `inputs` (files and folders) has changed since. Several processes may ask at once, as azd does for each service:
 * one makes them, the others wait. A reader always finds every file of a folder, whole.
 */
export async function bringUpToDate(
  dist: string,
  inputs: string[],
  make: (into: string) => Promise<void>
): Promise<void> {
  await mkdir(dist, { recursive: true })
  // The operating system ends the lock with its process, however that ends.
  const lock = new DatabaseSync(join(dist, LOCK), { timeout: WAIT_MS })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if (!(cause instanceof Error && 'errcode' in cause && cause.errcode === BUSY)) throw cause
    throw new Error(`Another build holds ${dist} for more than ${WAIT_MS} ms: end it.`, { cause })
  }
  try {
    const madeFrom = join(dist, MADE_FROM)
    const now = await fingerprint(inputs)
    if (now === (await readFile(madeFrom, 'utf8').catch(() => undefined))) return
    const next = join(dist, NEXT)
    await rm(next, { recursive: true, force: true })
    await make(next)
    await rm(madeFrom, { force: true })
    for (const name of await readdir(next)) await replaceFolder(join(next, name), join(dist, name))
    const kept = [LOCK, MADE_FROM, ...(await readdir(next))]
    for (const name of await readdir(dist)) {
      if (!kept.includes(name)) await rm(join(dist, name), { recursive: true })
    }
    await writeFile(madeFrom, now)
  } finally {
    lock.close()
  }
}

async function fingerprint(inputs: string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const input of inputs) {
    const inside = (await stat(input)).isDirectory()
    const files = inside ? (await filesIn(input)).map(file => join(input, file)) : [input]
    for (const file of files) {
      const content = await readFile(file)
      hash.update(`${file}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex')
}

/** Moves the files of one folder over those of another, each in one step, and takes away what is no longer there. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const files = await filesIn(from)
  // Pages last: whoever reads one finds what it refers to.
  for (const file of files.sort((a, b) => Number(isPage(a)) - Number(isPage(b)))) {
    await mkdir(dirname(join(to, file)), { recursive: true })
    await rename(join(from, file), join(to, file))
  }
  for (const file of await filesIn(to)) if (!files.includes(file)) await rm(join(to, file))
}

/** Whether a file of the pages refers to others, which must be there before it. */
export const isPage = (file: string): boolean => file.endsWith('.html')
