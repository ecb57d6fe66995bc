import { resolve } from 'node:path'
import topology from '#topology' with { type: 'json' }
import { buildAll, DIST } from '../../infra/build.ts'
import { coldImportMs } from '../../infra/coldImport.ts'
import { spreadOf } from './spread.ts'

/** Longest that loading a bundle may take at the median, in ms: a cold start waits for it. */
const COLD_IMPORT_MS = 300
/** Fresh processes for each bundle; one that loads it before the disk's cache knows it is not counted. */
const RUNS = 9

/** Measures each app's cold import, in ms. Says which take too long. */
export async function measurePackages() {
  await buildAll()
  const apps = Object.keys(topology.apps)
  const bundle = (app: string) => resolve(DIST, app, 'index.cjs')
  const samples = new Map<string, number[]>(apps.map(app => [app, []]))
  for (const app of apps) coldImportMs(bundle(app))
  // In turn, so that what else the machine does meets all of them.
  for (let run = 0; run < RUNS; run++) {
    for (const app of apps) samples.get(app)?.push(coldImportMs(bundle(app)))
  }
  const imports = Object.fromEntries([...samples].map(([app, each]) => [app, spreadOf(each)]))
  console.table(imports)
  const slow = apps.filter(app => !((imports[app]?.p50 ?? Number.NaN) <= COLD_IMPORT_MS))
  for (const app of slow) console.log(`FAILED: ${app} loads in more than ${COLD_IMPORT_MS} ms`)
  return { imports, slow }
}
