import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { build as buildPages } from 'vite'
import topology from '#topology' with { type: 'json' }

/** Where everything that is deployed is built. */
export const DIST = 'dist'

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
    sourcemap: true,
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

/** Builds all apps and pages anew. */
export async function buildAll(): Promise<void> {
  await rm(DIST, { recursive: true, force: true })
  await Promise.all([
    ...Object.keys(topology.apps).map(app => buildApp(app)),
    buildPages({ configFile: 'web/vite.config.ts', logLevel: 'warn' })
  ])
}

if (import.meta.main) await buildAll()
