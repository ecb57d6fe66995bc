import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** All files under a folder, sorted, by their paths in it with `/`. None where there is no such folder. */
export async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(error => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(dir, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort()
}
