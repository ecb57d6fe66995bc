import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** SQLite: another process holds the lock. */
const BUSY = 5

/**
 * Holds a state folder for this process alone; throws one sentence while another lives in it. The operating system
 * keeps the lock, so it ends with the process, however that ends.
 */
export function lockFolder(dir: string): { close(): Promise<void> } {
  const lock = new DatabaseSync(join(dir, 'lock.sqlite'))
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error && error.errcode === BUSY)) throw error
    throw new Error(
      `Grandstand already runs in ${dir}: stop it, or use --state DIR for a second copy.`
    )
  }
  return { close: async () => lock.close() }
}
