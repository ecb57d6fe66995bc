import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import topology from '#topology' with { type: 'json' }

const ROOT = new URL('../../../', import.meta.url)
const FOLDER = '.github/workflows'
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

type Permissions = Record<string, string>
type Values = Record<string, string>
type Step = { uses?: string; run?: string; env?: Values }
type Job = {
  'timeout-minutes'?: number
  permissions?: Permissions
  environment?: string
  env?: Values
  steps: Step[]
}
type Workflow = { permissions?: Permissions; concurrency?: object; jobs: Record<string, Job> }

const names = readdirSync(new URL(FOLDER, ROOT))
const workflows = names.map(name => ({
  name,
  workflow: parse(read(`${FOLDER}/${name}`)) as Workflow
}))
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, definition]) => ({
    at: `${name} ${job}`,
    ...definition
  }))
)
const steps = jobs.flatMap(({ at, steps }) => steps.map(step => ({ at, ...step })))
const runs = steps.flatMap(({ at, run }) => (run ? [{ at, run }] : []))

const { scripts } = JSON.parse(read('package.json')) as { scripts: Values }
const template = read('infra/main.bicep')
const outputs = [...template.matchAll(/^output (\w+) /gm)].map(([, name = '']) => name)
/** What main.parameters.json takes from the environment. */
const parameters = [...read('infra/main.parameters.json').matchAll(/\$\{(\w+)/g)].map(
  ([, name = '']) => name
)
/** azd's own, and what chooses the sign-in of Azure's libraries. */
const TOOLS = [
  'AZURE_CLIENT_ID',
  'AZURE_TENANT_ID',
  'AZURE_SUBSCRIPTION_ID',
  'AZURE_TOKEN_CREDENTIALS'
]
/** What `test/local` reads to find Microsoft's emulators. */
const EMULATORS = ['AZURE_LIVE', 'EVENT_HUBS_CONNECTION_STRING', 'COSMOS_KEY']

describe('The workflows', () => {
  it('are the three that docs/deploy.md tells of', () => {
    expect(names.sort()).toEqual(['checks.yml', 'deploy.yml', 'emulators.yml'])
  })

  it.each(runs)('call only npm scripts that exist ($at: $run)', ({ run }) => {
    const called = [...run.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(
      ([, script = '']) => script
    )
    for (const script of called) expect(Object.keys(scripts)).toContain(script)
    for (const [, script = ''] of run.matchAll(/\bnpm (test|start)\b/g)) {
      expect(Object.keys(scripts)).toContain(script)
    }
  })

  it.each(runs)('name only files that exist ($at: $run)', ({ run }) => {
    const named = [...run.matchAll(/\b(?:test|infra)\/[\w/.]+\.\w+/g)].map(([file]) => file)
    for (const file of named) expect([file, existsSync(new URL(file, ROOT))]).toEqual([file, true])
  })

  it('give the template and the tests only values that these read', () => {
    const known = [...outputs, ...parameters, ...TOOLS, ...EMULATORS]
    const given = [...jobs, ...steps].flatMap(({ env }) => Object.keys(env ?? {}))
    for (const name of given) expect(known).toContain(name)
  })

  it('take each variable of the repository under its own name', () => {
    for (const { env } of jobs) {
      for (const [name, value] of Object.entries(env ?? {})) {
        const [, variable] = /\$\{\{ vars\.(\w+) \}\}/.exec(value) ?? []
        if (variable) expect(variable).toBe(name)
      }
    }
  })

  it('deploy with every parameter that has no default', () => {
    const needed = [...read('infra/main.parameters.json').matchAll(/\$\{(\w+)\}/g)]
      .map(([, name = '']) => name)
      // azd knows who is signed in.
      .filter(name => !name.startsWith('AZURE_PRINCIPAL_'))
    const deploy = jobs.find(({ at }) => at === 'deploy.yml deploy')
    expect(Object.keys(deploy?.env ?? {})).toEqual(expect.arrayContaining(needed))
  })

  it('hold no secret', () => {
    for (const name of names) expect(read(`${FOLDER}/${name}`)).not.toContain('secrets.')
  })

  it.each(workflows)('$name may only read, and runs once at a time', ({ workflow }) => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(workflow.concurrency).toBeDefined()
  })

  it('sign in to Azure in one job alone, which waits for its environment’s approval', () => {
    const more = jobs.filter(({ permissions }) => permissions)
    expect(more.map(({ at }) => at)).toEqual(['deploy.yml deploy'])
    expect(more[0]?.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(more[0]?.environment).toBeDefined()
  })

  it.each(jobs)('$at ends in time', ({ 'timeout-minutes': minutes }) => {
    expect(minutes).toBeGreaterThan(0)
    expect(minutes).toBeLessThanOrEqual(120)
  })

  it.each(steps.filter(({ uses }) => uses))('pin $uses ($at)', ({ uses }) => {
    expect(uses).toMatch(/^[\w-]+\/[\w/-]+@(v\d+(\.\d+)*|[0-9a-f]{40})$/)
  })
})

describe('The emulators', () => {
  it('have the hub of the topology with its partitions and consumer groups', () => {
    const { hub, partitions, consumerGroups } = topology.eventHubs
    expect(JSON.parse(read('test/emulators/eventHubs.json'))).toMatchObject({
      UserConfig: {
        NamespaceConfig: [
          {
            Entities: [
              {
                Name: hub,
                PartitionCount: String(partitions),
                ConsumerGroups: consumerGroups.map(Name => ({ Name }))
              }
            ]
          }
        ]
      }
    })
  })

  it('have the task hub of host.json', () => {
    const { services } = parse(read('test/emulators/compose.yaml')) as {
      services: Record<string, { environment?: Values }>
    }
    const { hubName } = JSON.parse(read('host.json')).extensions.durableTask
    expect(services.scheduler?.environment?.DTS_TASK_HUB_NAMES).toBe(hubName)
  })

  it('listen on this machine alone', () => {
    const { services } = parse(read('test/emulators/compose.yaml')) as {
      services: Record<string, { ports: string[] }>
    }
    for (const { ports } of Object.values(services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    }
  })
})

describe('The development container', () => {
  it('is plain JSON with the tools of docs/deploy.md', () => {
    const { image, features } = JSON.parse(read('.devcontainer/devcontainer.json'))
    expect(image).toMatch(/:24$/)
    expect(Object.keys(features).join()).toMatch(/azd.*azure-cli.*apt-packages/)
  })
})
