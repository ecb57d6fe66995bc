import { expect, test } from 'vitest'
import { SECURITY, settings } from '../../../../infra/check/rules/settings.ts'
import { deployment, resource } from '../build.ts'

/** An object that holds `right` at each path. */
function nested(paths: [string, unknown][]): object {
  const root: Record<string, unknown> = {}
  for (const [path, right] of paths) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let object = root
    for (const key of keys) {
      object[key] ??= {}
      object = object[key] as Record<string, unknown>
    }
    object[last] = right
  }
  return root
}

const faultsOf = (type: string, content: object) =>
  settings(deployment([resource(type, 'one', content)])).map(({ message }) => message)

test.each(Object.entries(SECURITY))('%s needs each of its security settings', (type, wanted) => {
  const all = Object.entries(wanted)
  expect(faultsOf(type, nested(all))).toEqual([])
  for (const [path, right] of all) {
    const others = all.filter(([one]) => one !== path)
    expect(faultsOf(type, nested(others))).toEqual([expect.stringContaining(path)])
    const wrong = typeof right === 'boolean' ? !right : `${right}x`
    expect(faultsOf(type, nested([...others, [path, wrong]]))).toEqual([
      expect.stringContaining(path)
    ])
  }
})

test('what exists already is not ours to set', () => {
  const vault = { ...resource('Microsoft.KeyVault/vaults', 'old'), existing: true }
  expect(settings(deployment([vault]))).toEqual([])
})
