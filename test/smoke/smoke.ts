import { explain } from '../../infra/local/explain.ts'
import { readArguments, USAGE } from './arguments.ts'
import { type Result, runCheck } from './check.ts'
import { CHECKS } from './checks.ts'
import { countsOf, exitCodeOf, HEADER, rowOf } from './report.ts'
import { openTarget } from './target.ts'
import { openVenue } from './venue.ts'

/** Every check in turn, each told as soon as it is known. */
async function smoke(argv: string[]): Promise<number> {
  const args = readArguments(argv)
  if (args.help) {
    console.log(USAGE)
    return 0
  }
  const target = openTarget(args)
  const venue = openVenue(target, args)
  console.log(`Smoke test of ${target.gateway}\n\n${HEADER}`)
  const results: Result[] = []
  for (const check of CHECKS) {
    const result = await runCheck(check, venue)
    results.push(result)
    console.log(rowOf(result))
  }
  console.log(`\n${countsOf(results)}`)
  return exitCodeOf(results)
}

try {
  // A check that ran out of time may still be at it: nobody waits for that.
  process.exit(await smoke(process.argv.slice(2)))
} catch (error) {
  console.error(explain(error))
  process.exit(2)
}
