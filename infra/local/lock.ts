import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Holds a state folder for this process alone; rejects with one sentence while another lives in it. */
export async function lockFolder(dir: string): Promise<{ release(): Promise<void> }> {
  const file = join(dir, 'lock')
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw new Error(
      `Grandstand already runs in ${dir} (process ${holder}): stop it, or use --state DIR for a second copy.`
    )
  }
  await writeFile(file, String(process.pid))
  return { release: () => rm(file, { force: true }) }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
