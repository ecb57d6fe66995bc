import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import topology from '#topology' with { type: 'json' }
import { appPackage, pagesPackage } from './package.ts'

/** Where the counts are left for whoever sums them up, in the shape of a test runner's report. */
const REPORT = 'node_modules/.vitest/checks.json'

/** One check: its command, or a function that returns what is wrong. */
type Check = { name: string; run: string[] | (() => string[] | Promise<string[]>) }

const CHECKS: Check[] = [
  { name: 'format and lint', run: ['biome', 'ci', '--colors=off', '--error-on-warnings', '.'] },
  { name: 'types', run: ['tsc', '--noEmit'] },
  {
    name: 'types of pages',
    run: ['svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings']
  },
  { name: 'dead code', run: ['knip'] },
  { name: 'generated files', run: ['node', 'infra/schemas.ts', '--check'] },
  { name: 'packages', run: wrongPackages },
  {
    name: 'template, and what its check notices',
    run: ['node', 'infra/check/check.ts', '--mutate']
  },
  { name: 'the laptop stays smaller than the product', run: laptopTooLarge }
]

/** What of the built packages must not be uploaded. The pages' budgets are kept by their own build. */
async function wrongPackages(): Promise<string[]> {
  const apps = Object.keys(topology.apps).map(app => appPackage(`dist/${app}`))
  const packages = await Promise.all([...apps, pagesPackage('dist/web')])
  return packages.flatMap(({ wrong }) => wrong)
}

/** The product, as far as the laptop's cloud is measured against it. */
const PRODUCT = /^(functions|web)\/|\.bicep$|^infra\/gateway\/policies\//
const LAPTOP = /^infra\/local\//

/** Lines of tracked code, printed: the laptop's cloud rehearses the product and must not outgrow it. */
function laptopTooLarge(): string[] {
  const files = spawnSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).stdout.split('\0')
  const lines = (name: string, which: RegExp): number => {
    const sum = files
      .filter(file => which.test(file) && /\.(ts|svelte|css|html|xml|bicep)$/.test(file))
      .reduce((total, file) => total + readFileSync(file, 'utf8').split('\n').length, 0)
    console.log(`  ${name.padEnd(34)}${String(sum).padStart(6)} lines`)
    return sum
  }
  const product = lines('functions, web, Bicep and policies', PRODUCT)
  const laptop = lines('infra/local', LAPTOP)
  lines('infra/check', /^infra\/check\//)
  lines('test', /^test\//)
  return laptop < product ? [] : [`infra/local has ${laptop} lines, the product ${product}`]
}

let failed = 0
for (const { name, run } of CHECKS) {
  console.log(`— ${name}`)
  if (Array.isArray(run)) {
    const [command = '', ...args] = run
    if (spawnSync(command, args, { stdio: 'inherit' }).status !== 0) failed++
  } else {
    const wrong = await run()
    for (const sentence of wrong) console.error(sentence)
    if (wrong.length) failed++
  }
}
const passed = CHECKS.length - failed
console.log(`checks: ${passed} of ${CHECKS.length} passed`)
mkdirSync(dirname(REPORT), { recursive: true })
writeFileSync(
  REPORT,
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, success: failed === 0 })
)
process.exitCode = failed ? 1 : 0
