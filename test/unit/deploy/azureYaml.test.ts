import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import topology from '#topology' with { type: 'json' }

type Hook = Record<'windows' | 'posix', { shell: string; run: string }>
type Service = {
  host: string
  language: string
  project: string
  dist: string
  remoteBuild?: boolean
  condition?: string
  hooks?: Record<string, Hook>
}
type AzureYaml = {
  infra: { provider: string; path: string; module: string }
  workflows: { up: { steps: { azd: string }[] } }
  services: Record<string, Service>
  hooks: Record<string, Hook>
}

const read = (file: string) => readFileSync(file, 'utf8')
const { infra, workflows, services, hooks }: AzureYaml = parse(read('azure.yaml'))
const { web, ...apps } = services
const template = read(join(infra.path, `${infra.module}.bicep`))

test('each app of the topology is a service, uploaded as it is built', () => {
  expect(apps).toEqual(
    Object.fromEntries(
      Object.keys(topology.apps).map(app => [
        app,
        {
          host: 'function',
          language: 'js',
          project: '.',
          dist: `dist/${app}`,
          remoteBuild: false
        }
      ])
    )
  )
})

test('nothing tells azd to leave packages out, which it refuses without a remote build', () => {
  expect(existsSync('.funcignore')).toBe(false)
})

test('the pages are a service where the template says that Static Web Apps has them', () => {
  expect(web).toMatchObject({ host: 'staticwebapp', project: '.', dist: 'dist/web' })
  const output = /^\$\{(\w+)\}$/.exec(web?.condition ?? '')?.[1]
  expect(template).toMatch(new RegExp(`^output ${output} string`, 'm'))
})

test('services are chosen after the template has said which there are', () => {
  expect(workflows.up.steps).toEqual([{ azd: 'provision' }, { azd: 'deploy --all' }])
})

test('hooks do the same everywhere, with node from the lockfile and files that exist', () => {
  const all = [hooks, web?.hooks ?? {}].flatMap(each => Object.values(each))
  expect(all.length).toBe(3)
  for (const { windows, posix } of all) {
    expect([windows.shell, posix.shell]).toEqual(['pwsh', 'sh'])
    expect(windows.run).toBe(posix.run)
    const file = /^npm exec node (\S+)$/.exec(posix.run)?.[1]
    expect(file === undefined ? posix.run.startsWith('npm install ') : existsSync(file)).toBe(true)
  }
})
