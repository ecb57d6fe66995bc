import { beforeAll, expect, test } from 'vitest'
import { parseBicep } from '../../../infra/check/bicep/program.ts'
import { loadGrammar } from '../../../infra/check/bicep/tokens.ts'
import { mutationsOf } from '../../../infra/check/mutations/generate.ts'
import {
  type Kind,
  misspelt,
  mutated,
  wrongVersion
} from '../../../infra/check/mutations/mutation.ts'
import { explanationOf } from '../../../infra/check/mutations/survivors.ts'
import { loadTypes } from '../../../infra/check/types/library.ts'

const VAULT = `@description('Where.')
param location string
param days int = 7

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: 'kv-one'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    softDeleteRetentionInDays: days
  }
}

output uri string = vault.properties.vaultUri
`

beforeAll(loadGrammar)

function mutantsOf(text: string, kind?: Kind): string[] {
  const knowledge = {
    types: loadTypes(),
    isNamed: (_type: string, path: string) => path === 'properties.enableRbacAuthorization',
    isDemanded: () => false,
    isFreeText: (what: string) => what.endsWith('@description')
  }
  const parsed = parseBicep('small.bicep', path => (path === 'small.bicep' ? text : undefined))
  expect(parsed.faults).toEqual([])
  return mutationsOf(parsed, knowledge)
    .filter(mutation => !kind || mutation.kind === kind)
    .map(mutation => mutated(text, mutation))
}

/** The lines that each mutant has and the original lacks. */
const changesOf = (text: string, kind: Kind) =>
  mutantsOf(text, kind).map(mutant => {
    const lines = text.split('\n')
    return mutant
      .split('\n')
      .filter(line => !lines.includes(line))
      .join('\n')
      .trim()
  })

test('every key, parameter, output, decorator and type is misspelt once', () => {
  expect(changesOf(VAULT, 'rename')).toEqual([
    "@descrjption('Where.')",
    'param locauion string',
    'param dazs int = 7',
    "resource vault 'Microsoft.KezVault/vaults@2025-05-01' = {",
    "nane: 'kv-one'",
    'locauion: location',
    'propesties: {',
    'tenaotId: tenant().tenantId',
    "slu: { family: 'A', name: 'standard' }",
    "sku: { famjly: 'A', name: 'standard' }",
    "sku: { family: 'A', nane: 'standard' }",
    'enableRbacAvthorization: true',
    'softDeleteReuentionInDays: days',
    'output usi string = vault.properties.vaultUri'
  ])
})

test('every value and type becomes another', () => {
  expect(changesOf(VAULT, 'retype')).toEqual(
    expect.arrayContaining([
      'param location int',
      'param days string = 7',
      "param days int = '7'",
      'name: 7',
      'location: 7',
      "sku: 'text'",
      "sku: { family: 7, name: 'standard' }",
      "enableRbacAuthorization: 'true'",
      "softDeleteRetentionInDays: '7'"
    ])
  )
})

test('words that Azure knows are missed narrowly, other texts as well', () => {
  expect(changesOf(VAULT, 'wrong word')).toEqual([
    "sku: { family: 'B', name: 'standard' }",
    "sku: { family: 'A', name: 'staneard' }"
  ])
  expect(changesOf(VAULT, 'wrong text')).toEqual(["name: 'kv-pne'"])
})

test('versions are of another day', () => {
  expect(changesOf(VAULT, 'wrong version')).toEqual([
    "resource vault 'Microsoft.KeyVault/vaults@2025-05-02' = {"
  ])
})

test('what Azure or the rules demand is dropped, and nothing else', () => {
  const dropped = mutantsOf(VAULT, 'drop').map(mutant =>
    VAULT.split('\n')
      .filter(line => !mutant.includes(line))
      .map(line => line.trim())
  )
  expect(dropped.map(([first]) => first)).toEqual([
    "@description('Where.')",
    'param days int = 7',
    "name: 'kv-one'",
    'location: location',
    'properties: {',
    'tenantId: tenant().tenantId',
    "sku: { family: 'A', name: 'standard' }",
    "sku: { family: 'A', name: 'standard' }",
    "sku: { family: 'A', name: 'standard' }",
    'enableRbacAuthorization: true',
    'output uri string = vault.properties.vaultUri'
  ])
})

test('no mutation breaks the syntax, which would catch it for nothing', () => {
  for (const mutant of mutantsOf(VAULT)) {
    const parsed = parseBicep('small.bicep', () => mutant)
    expect(parsed.faults).toEqual([])
  }
})

test('a letter and a day later', () => {
  expect(misspelt('Zz')).toBe('Za')
  expect(misspelt('123')).toBeUndefined()
  expect(wrongVersion('2021-05-01-preview')).toBe('2021-05-02-preview')
  expect(wrongVersion('v1.0')).toBe('v1.1')
})

test('a survivor is explained by its kind and what it is', () => {
  const place = { file: 'a.bicep', line: 1, column: 1 }
  const mutation = { file: 'a.bicep', place, start: 0, end: 1, text: '' }
  const what = 'var sizes.dev.pages'
  expect(explanationOf({ ...mutation, kind: 'wrong text', what })).toBeDefined()
  expect(explanationOf({ ...mutation, kind: 'drop', what })).toBeUndefined()
})
