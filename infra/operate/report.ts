import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { count } from './archive.ts'
import { required, runCommand } from './arguments.ts'
import { connect } from './connection.ts'
import { reportPage } from './page/document.ts'
import { readReport } from './raceReport.ts'

const USAGE = `npm run report -- --race ID [options]

Writes a page about a race that has ended: power or score and position over time, drop-outs, lag, classification.

  --race ID         the race
  --out FILE        where the page is written (report-ID.html)`

const OPTIONS = { race: { type: 'string' }, out: { type: 'string' } } as const

/** Sources of the page: fonts stay out, as they would be most of it. */
const local = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const STYLES = [
  '../../web/tokens.css',
  '../../node_modules/uplot/dist/uPlot.min.css',
  'page/report.css'
]
const FONT_FACE = /@font-face\s*\{[^}]*\}/g

await runCommand(USAGE, OPTIONS, async (values, place) => {
  const raceId = required(values, 'race')
  const file = values.out === undefined ? `report-${raceId}.html` : required(values, 'out')
  const connection = await connect(place)
  try {
    const report = await readReport(connection, raceId, console.log)
    await writeFile(file, reportPage(report, await style(), await script()))
    const { riders } = report.data
    console.log(
      `${file}: ${count(report.readings, 'reading')} of ${count(riders.length, 'rider')}.`
    )
    return 0
  } finally {
    await connection.close()
  }
})

async function style(): Promise<string> {
  const parts = await Promise.all(STYLES.map(path => readFile(local(path), 'utf8')))
  return parts.join('\n').replaceAll(FONT_FACE, '')
}

async function script(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [local('page/plots.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022'
  })
  // A script that spoke of its own end would end there.
  return (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script')
}
