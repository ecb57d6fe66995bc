import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A copy of built pages with one more line, `<meta name="next">`, in the page of a folder, and a worker that belongs to it. */
export function nextVersion(pages: string, name: string): string {
  const next = mkdtempSync(join(tmpdir(), 'pages-'))
  cpSync(pages, next, { recursive: true })
  const folder = join(next, name)
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const changed = page.replace('<title>', '<meta name="next"><title>')
  const worker = readFileSync(join(folder, 'worker.js'), 'utf8')
  const known = JSON.stringify(page)
  if (!worker.includes(known)) throw new Error(`the worker of ${readdirSync(folder)} has no page`)
  const versioned = worker
    .replace(known, () => JSON.stringify(changed))
    .replace(/"version":"[^"]+"/, '"version":"next"')
  writeFileSync(join(folder, 'index.html'), changed)
  writeFileSync(join(folder, 'worker.js'), versioned)
  return next
}
