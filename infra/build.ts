import { cp, mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { build as buildPages } from 'vite'
import topology from '#topology' with { type: 'json' }
import { bringUpToDate } from './upToDate.ts'

/** Where everything that is deployed is built. */
export const DIST = 'dist'

/** All that a build depends on; versions of packages are in the lockfile. */
const INPUTS = [
  'functions',
  'infra',
  'web',
  'host.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json'
]

/**
 * Bundles one app to `dist/<app>`: code, host.json and a package.json, all that the Functions host needs.
 * `replace` puts other files in the place of some (a test's way to take a safeguard out).
 */
export async function buildApp(
  app: string,
  outDir = `${DIST}/${app}`,
  replace: Record<string, string> = {}
): Promise<void> {
  await mkdir(outDir, { recursive: true })
  await build({
    entryPoints: [`functions/apps/${app}.ts`],
    outfile: `${outDir}/index.cjs`,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    external: ['@azure/functions-core'],
    plugins: [
      {
        name: 'replace',
        setup(setup) {
          for (const [file, other] of Object.entries(replace)) {
            const filter = new RegExp(`${file.replaceAll('.', '\\.')}$`)
            setup.onLoad({ filter }, () => ({ contents: other, loader: 'ts' }))
          }
        }
      }
    ]
  })
  await cp('host.json', `${outDir}/host.json`)
  const description = { name: `grandstand-${app}`, private: true, main: 'index.cjs' }
  await writeFile(`${outDir}/package.json`, `${JSON.stringify(description, null, 2)}\n`)
}

/**
 * Builds all apps and pages where something has changed: `dist/<app>` and `dist/web` hold what is uploaded, `dist/maps`
 * the apps' source maps, which would only make their cold starts longer.
 */
export async function buildAll(dist = DIST): Promise<void> {
  await bringUpToDate(dist, INPUTS, async into => {
    await mkdir(join(into, 'maps'), { recursive: true })
    await Promise.all([
      ...Object.keys(topology.apps).map(async app => {
        await buildApp(app, join(into, app))
        await rename(join(into, app, 'index.cjs.map'), join(into, 'maps', `${app}.cjs.map`))
      }),
      buildPages({
        configFile: 'web/vite.config.ts',
        publicDir: resolve('infra/deploy/root'),
        logLevel: 'warn',
        build: { outDir: resolve(into, 'web') }
      })
    ])
  })
}

if (import.meta.main) await buildAll()
