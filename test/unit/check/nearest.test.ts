import { expect, test } from 'vitest'
import { nearest } from '../../../infra/check/nearest.ts'

test('the nearest of some names differs by casing or few letters', () => {
  const names = ['partitionCount', 'status', 'name']
  expect(nearest('PARTITIONCOUNT', names)).toBe('partitionCount')
  expect(nearest('partitonCount', names)).toBe('partitionCount')
  expect(nearest('sattus', names)).toBe('status')
  expect(nearest('captureDescription', names)).toBeUndefined()
})
