import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { environmentOf, NAMES, readEnvironment } from '../../smoke/environment.ts'

const whole = NAMES.map(name => `${name}="value of ${name}"\n`).join('')

test('reads the values as azd writes them, and others may be there', () => {
  const values = environmentOf(`${whole}AZURE_ENV_NAME="dev"\n`)
  expect(values.GATEWAY_URL).toBe('value of GATEWAY_URL')
})

test('names everything that is missing or empty', () => {
  const text = whole
    .replace('GATEWAY_URL="value of GATEWAY_URL"', 'GATEWAY_URL=""')
    .replace(/^EVENT_HUB=.*$/m, '')
  expect(() => environmentOf(text)).toThrow('The environment lacks GATEWAY_URL, EVENT_HUB')
})

test('finds an environment by its name, and says what to do where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'azd-'))
  try {
    mkdirSync(join(folder, 'dev'))
    writeFileSync(join(folder, 'dev', '.env'), whole)
    expect(readEnvironment('dev', folder).EVENT_HUB).toBe('value of EVENT_HUB')
    expect(() => readEnvironment('prod', folder)).toThrow('azd env new')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('every value but azd’s own is an output of the template', () => {
  const template = readFileSync(new URL('../../../infra/main.bicep', import.meta.url), 'utf8')
  const outputs = [...template.matchAll(/^output (\w+) /gm)].map(([, name]) => name)
  const azd = ['AZURE_SUBSCRIPTION_ID']
  for (const name of NAMES) expect([...outputs, ...azd]).toContain(name)
})
