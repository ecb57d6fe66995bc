import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, defineConfig, type Plugin } from 'vite'
import { kept } from './kept.ts'
import { installable } from './mobile/installable.ts'

/** Most script that a page may load, in bytes gzipped: a phone less, officials what signing in takes. */
const PAGE_SCRIPT_BYTES = 45 * 1024
const SCRIPT_BYTES: Record<string, number> = { mobile: 40 * 1024, officials: 112 * 1024 }
/** Pages that sign people in are built apart, so that what they need never weighs on what everybody loads. */
const APART = ['officials', 'redirect']

const root = import.meta.dirname
const pages = readdirSync(root).filter(name => existsSync(join(root, name, 'index.html')))

/** Prints what each page loads and fails the build when it is too much. */
const scriptBudget = (): Plugin => ({
  name: 'script-budget',
  generateBundle(_, bundle) {
    const loaded = (file: string, seen = new Set<string>()): Set<string> => {
      const chunk = bundle[file]
      if (chunk?.type !== 'chunk' || seen.has(file)) return seen
      seen.add(file)
      for (const imported of chunk.imports) loaded(imported, seen)
      return seen
    }
    for (const entry of Object.values(bundle)) {
      if (entry.type !== 'chunk' || !entry.isEntry) continue
      const bytes = [...loaded(entry.fileName)]
        .map(file => bundle[file])
        .reduce(
          (sum, chunk) => sum + (chunk?.type === 'chunk' ? gzipSync(chunk.code).length : 0),
          0
        )
      const said = `${entry.name}: ${(bytes / 1024).toFixed(1)} kB of script gzipped`
      const most = SCRIPT_BYTES[entry.name] ?? PAGE_SCRIPT_BYTES
      if (bytes > most) this.error(`${said}, more than ${most / 1024} kB`)
      console.log(said)
    }
  }
})

/** Builds the pages apart after the others. */
const thenApart = (): Plugin => ({
  name: 'then-apart',
  async writeBundle({ dir = '' }) {
    await build({
      configFile: import.meta.filename,
      mode: 'apart',
      logLevel: 'warn',
      build: { outDir: dir, emptyOutDir: false }
    })
  }
})

export default defineConfig(({ mode }) => ({
  root,
  // Relative addresses: the pages work under any path of the front door.
  base: './',
  plugins: [
    svelte({ configFile: false }),
    scriptBudget(),
    ...(mode === 'apart'
      ? [kept(root, 'officials')]
      : // Most phones need one font, and a home screen keeps its icon itself.
        [installable(root), kept(root, 'mobile', /\.(woff2|png)$/), thenApart()])
  ],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Nothing inline, so that a strict content security policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { bundlerTimings: false },
      treeshake: { propertyReadSideEffects: false },
      input: Object.fromEntries(
        pages
          .filter(name => APART.includes(name) === (mode === 'apart'))
          .map(name => [name, join(root, name, 'index.html')])
      )
    }
  }
}))
