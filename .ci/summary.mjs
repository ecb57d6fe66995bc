import { readFileSync } from 'node:fs'

/** Sums the counts of all runners; a runner without a report counts as one failure. */
const counts = process.argv.slice(2).map(file => {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + (report.success || report.numFailedTests ? 0 : 1),
      skipped: report.numPendingTests ?? 0
    }
  } catch (error) {
    console.error(`no report in ${file}: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
})
const sum = key => counts.reduce((total, count) => total + count[key], 0)
const skipped = sum('skipped') ? `, ${sum('skipped')} skipped` : ''
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`)
