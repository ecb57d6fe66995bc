import { expect, test } from 'vitest'
import type { Outcome, Result } from '../../smoke/check.ts'
import { countsOf, exitCodeOf, rowOf } from '../../smoke/report.ts'

const result = (outcome: Outcome, note = ''): Result => ({
  name: 'a check',
  proves: 'a fact',
  outcome,
  note,
  seconds: 1.26
})

test('a row has the check, what it proves, its result with the reason, and the seconds', () => {
  expect(rowOf(result('passed'))).toBe('| a check | a fact | passed | 1.3 |')
  expect(rowOf(result('failed', 'no ETag'))).toBe('| a check | a fact | failed: no ETag | 1.3 |')
})

test('a reason of several lines and with bars stays one cell', () => {
  expect(rowOf(result('failed', 'a | b\n  c'))).toBe(
    '| a check | a fact | failed: a \\| b c | 1.3 |'
  )
})

test('the last line counts all results', () => {
  const results = [result('passed'), result('passed'), result('failed'), result('not applicable')]
  expect(countsOf(results)).toBe('2 passed, 1 failed, 1 not applicable')
})

test.each<{ outcomes: Outcome[]; code: number }>([
  { outcomes: ['passed'], code: 0 },
  { outcomes: ['passed', 'not applicable'], code: 0 },
  { outcomes: ['passed', 'failed'], code: 1 },
  { outcomes: ['failed'], code: 1 },
  { outcomes: ['not applicable'], code: 1 },
  { outcomes: [], code: 1 }
])('$outcomes exits with $code', ({ outcomes, code }) => {
  expect(exitCodeOf(outcomes.map(outcome => result(outcome)))).toBe(code)
})
