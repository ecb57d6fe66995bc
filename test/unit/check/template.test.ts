import { beforeAll, expect, test } from 'vitest'
import { loadGrammar } from '../../../infra/check/bicep/tokens.ts'
import {
  checkTemplate,
  filesOf,
  type Project,
  readProject,
  resourceCounts
} from '../../../infra/check/template.ts'

let project: Project
beforeAll(async () => {
  await loadGrammar()
  project = readProject('.')
})

test('nothing is wrong with the template, and some case reaches every branch of it', () => {
  expect(checkTemplate(filesOf('.'), project)).toEqual([])
})

test('each case deploys something', () => {
  for (const count of resourceCounts(filesOf('.'), project).values())
    expect(count).toBeGreaterThan(100)
})

test('a fault is told once, with its place', () => {
  const files = filesOf('.')
  const vault = 'infra/modules/keyVault.bicep'
  const text = files(vault)?.replace('enablePurgeProtection: true', 'enablePurgeProtection: false')
  const faults = checkTemplate(path => (path === vault ? text : files(path)), project)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatchObject({ rule: 'security', place: { file: vault } })
})
