import { parseArgs } from 'node:util'
import { loadGrammar } from './bicep/tokens.ts'
import { runMutations } from './mutations/run.ts'
import { checkTemplate, filesOf, readProject, resourceCounts } from './template.ts'

const ROOT = new URL('../..', import.meta.url).pathname

/** `npm run check:infra`: what is wrong with the template, without Azure; `--mutate` tries the check itself. */
async function run(): Promise<boolean> {
  const { values } = parseArgs({ options: { mutate: { type: 'boolean', default: false } } })
  await loadGrammar()
  const [files, project] = [filesOf(ROOT), readProject(ROOT)]
  const faults = checkTemplate(files, project)
  const counts = resourceCounts(files, project)
  for (const { place, rule, message } of faults) {
    console.error(`${place.file}:${place.line}:${place.column} ${rule} ${message}`)
  }
  for (const [name, count] of counts)
    console.log(`  ${String(count).padStart(4)} resources: ${name}`)
  console.log(`template: ${faults.length} faults in ${counts.size} cases`)
  if (faults.length || !values.mutate) return faults.length === 0
  return runMutations(ROOT)
}

process.exitCode = (await run()) ? 0 : 1
