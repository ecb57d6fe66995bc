import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** SQLite: another process holds the lock. */
const BUSY = 5

export type Lock = { close(): Promise<void> }

/**
 * Holds a state folder for this process alone; undefined while another lives in it. The operating system keeps the lock,
 * so it ends with the process, however that ends.
 */
export function tryLock(dir: string): Lock | undefined {
  const lock = new DatabaseSync(join(dir, 'lock.sqlite'))
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return undefined
    throw error
  }
  return { close: async () => lock.close() }
}

/** Holds a state folder for this process alone; throws one sentence while another lives in it. */
export function lockFolder(dir: string): Lock {
  const lock = tryLock(dir)
  if (lock) return lock
  throw new Error(
    `Grandstand already runs in ${dir}: stop it, or use --state DIR for a second copy.`
  )
}
