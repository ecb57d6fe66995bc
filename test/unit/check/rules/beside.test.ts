import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { appSettings, unreadSettings } from '../../../../infra/check/rules/appSettings.ts'
import { type AzdFiles, parameters } from '../../../../infra/check/rules/azd.ts'
import { type CodeSettings, readCodeSettings } from '../../../../infra/check/rules/codeSettings.ts'
import { laptopSettings } from '../../../../infra/check/rules/laptop.ts'
import { deployment, resource } from '../build.ts'

const MAIN = "param environmentName string\nparam size string = 'small'\n"
const azd = (values: object, guide = 'SIZE'): AzdFiles => ({
  azureYaml: '',
  readers: new Map(),
  guide,
  parameters: JSON.stringify({ parameters: values })
})
/** A name that azd or Bicep puts a value in the place of. */
const inserted = (expression: string) => `\${${expression}}`
const name = { environmentName: { value: inserted('AZURE_ENV_NAME') } }
const saidOf = (files: AzdFiles) => parameters(MAIN, files).map(({ message }) => message)

test("main.parameters.json gives main.bicep's parameters and no others", () => {
  expect(saidOf(azd({ ...name, size: { value: inserted('SIZE=small') } }))).toEqual([])
  expect(saidOf(azd({}))).toEqual(["give a value to main.bicep's parameter environmentName"])
  expect(saidOf(azd({ ...name, colour: { value: 'red' } }))).toEqual([
    'main.bicep has no parameter colour'
  ])
})

test('every name of an environment is explained', () => {
  const size = { ...name, size: { value: inserted('SIZE=small') } }
  expect(saidOf(azd(size, 'nothing'))).toEqual(['explain SIZE in docs/deploy.md'])
})

const code = (change: Partial<CodeSettings> = {}): CodeSettings => ({
  ...readCodeSettings('functions'),
  ...change
})

test('code and laptop agree on settings', () => {
  expect(unreadSettings(code(), laptopSettings)).toEqual([])
  const more = unreadSettings(code(), app => [...laptopSettings(app), 'NEW_SETTING'])
  expect(more).toEqual(['no code reads NEW_SETTING, which the laptop sets'])
  const read = [...code().read, 'NEW_SETTING']
  expect(unreadSettings(code({ read }), laptopSettings)).toEqual([
    'functions/azure/settings.ts reads NEW_SETTING, which the laptop never sets'
  ])
})

test("a trigger's connection needs settings", () => {
  const site = resource('Microsoft.Web/sites', 'public-abc')
  const connections = new Map([['public', new Set(['QUEUE'])]])
  const faults = appSettings(deployment([site]), code({ connections }), () => [])
  expect(faults.map(({ message }) => message)).toContain(
    'a trigger of public names QUEUE: no setting begins with it'
  )
})

test('settings and connections are read out of the code itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const part of ['apps', 'azure']) mkdirSync(join(folder, part))
  const settings = join(folder, 'azure/settings.ts')
  writeFileSync(settings, 'const Settings = v.object({ ONE: v.string(), TWO: v.string() })')
  writeFileSync(join(folder, 'apps/one.ts'), "app.eventHub('a', { connection: 'HUB' })")
  expect(readCodeSettings(folder)).toEqual({
    read: ['ONE', 'TWO'],
    connections: new Map([['one', new Set(['HUB'])]])
  })
  writeFileSync(join(folder, 'apps/one.ts'), "app.eventHub('a', { connection: HUB })")
  expect(() => readCodeSettings(folder)).toThrow('as a string literal')
  writeFileSync(settings, 'const Other = v.object({})')
  expect(() => readCodeSettings(folder)).toThrow('must hold const Settings')
})
