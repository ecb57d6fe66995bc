import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, defineConfig, type Plugin } from 'vite'
import { kept } from './kept.ts'
import { installable } from './mobile/installable.ts'

/**
 * Most script that a page may load, in bytes gzipped: a phone less, ride and game more for all that they do without a
 * network, officials what signing in takes.
 */
const PAGE_SCRIPT_BYTES = 45 * 1024
const SCRIPT_BYTES: Record<string, number> = {
  screen: 46 * 1024,
  mobile: 40 * 1024,
  ride: 60 * 1024,
  arcade: 60 * 1024,
  officials: 112 * 1024
}
/**
 * Builds after the first one, each with pages of its own: what pages that sign people in need, the room's board and the
 * boards of all races never weigh on what everybody loads.
 */
const APART: Record<string, readonly string[]> = {
  signedIn: ['officials', 'ride', 'arcade', 'redirect'],
  room: ['room'],
  boards: ['boards']
}

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

/** Builds the other pages after the first ones. */
const thenApart = (): Plugin => ({
  name: 'then-apart',
  async writeBundle({ dir = '' }) {
    for (const mode of Object.keys(APART)) {
      await build({
        configFile: import.meta.filename,
        mode,
        logLevel: 'warn',
        build: { outDir: dir, emptyOutDir: false }
      })
    }
  }
})

export default defineConfig(({ mode }) => ({
  root,
  // Relative addresses: the pages work under any path of the front door.
  base: './',
  plugins: [
    svelte({ configFile: false }),
    scriptBudget(),
    ...(mode in APART
      ? mode === 'signedIn'
        ? [kept(root, 'officials')]
        : []
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
          .filter(name =>
            mode in APART
              ? APART[mode]?.includes(name)
              : !Object.values(APART).some(names => names.includes(name))
          )
          .map(name => [name, join(root, name, 'index.html')])
      )
    }
  }
}))
