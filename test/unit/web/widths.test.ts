import { expect, it } from 'vitest'
import { extraDigits } from '../../../web/screen/widths.ts'

it('widens a column by the digits of its longest number, a colon being half of one', () => {
  expect(extraDigits([])).toBe(0)
  expect(extraDigits(['7.412', '–', undefined])).toBe(0)
  expect(extraDigits(['7.412', '15.870'])).toBe(1)
  expect(extraDigits(['+0.117', '1:05.870'])).toBe(2.5)
})
