import { parse } from 'yaml'
import type { Deployment, Fault, Place } from '../model.ts'
import { at, faultAt, own, textOf } from './read.ts'

const RULE = 'azd'

/** Files beside the template that speak of it, as text. */
export type AzdFiles = {
  azureYaml: string
  /** main.parameters.json. */
  parameters: string
  /** The page that explains every name of an environment. */
  guide: string
  /** Hooks, smoke test and workflows by path: what reads the outputs. */
  readers: Map<string, string>
}

/** Names that azd itself or the sign-in sets: no output of ours, no setting of an environment. */
const OF_AZD = [
  'AZURE_ENV_NAME',
  'AZURE_LOCATION',
  'AZURE_SUBSCRIPTION_ID',
  'AZURE_PRINCIPAL_ID',
  'AZURE_PRINCIPAL_TYPE',
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID'
]

const atStart = (file: string): Place => ({ file, line: 1, column: 1 })
const inFile = (file: string, message: string): Fault => ({
  place: atStart(file),
  rule: RULE,
  message
})

type Service = { host?: string; condition?: string }

/** Each service that is deployed here has one resource with its tag, and no tag is without service. */
export function taggedServices(deployment: Deployment, { azureYaml }: AzdFiles): Fault[] {
  const services: Record<string, Service> = parse(azureYaml).services ?? {}
  const tagged = deployment.resources.flatMap(resource => {
    const tag = own(at(resource.body, 'tags'), 'azd-service-name')
    return tag ? [{ resource, tag, service: textOf(tag) ?? '' }] : []
  })
  const deployed = Object.keys(services).filter(name => isOn(services[name], deployment))
  return [
    ...tagged
      .filter(({ service }) => !deployed.includes(service))
      .map(({ tag, service }) =>
        faultAt(tag, RULE, `azure.yaml deploys no service ${service} here`)
      ),
    ...deployed
      .filter(name => tagged.filter(({ service }) => service === name).length !== 1)
      .map(name =>
        inFile('azure.yaml', `exactly one resource must have the tag azd-service-name: ${name}`)
      )
  ]
}

/** Whether azd deploys the service: a condition is an output, `true` or not. */
function isOn(service: Service | undefined, { outputs }: Deployment): boolean {
  const { condition } = service ?? {}
  if (condition === undefined) return true
  const [, name] = /^\$\{(\w+)\}$/.exec(condition) ?? []
  if (!name) throw new Error(`azure.yaml: write the condition ${condition} as \${OUTPUT} alone`)
  return textOf(outputs.get(name))?.toLowerCase() === 'true'
}

/** main.parameters.json gives main.bicep's parameters and no others, from names that the guide explains. */
export function parameters(main: string, { parameters: text, guide }: AzdFiles): Fault[] {
  const file = 'infra/main.parameters.json'
  const given: Record<string, { value?: unknown }> = JSON.parse(text).parameters ?? {}
  const declared = [...main.matchAll(/^param (\w+) \w+( =)?/gm)]
  const names = declared.map(([, name = '']) => name)
  const required = declared.filter(([, , value]) => !value).map(([, name = '']) => name)
  const used = [...JSON.stringify(given).matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)
  return [
    ...Object.keys(given)
      .filter(name => !names.includes(name))
      .map(name => inFile(file, `main.bicep has no parameter ${name}`)),
    ...required
      .filter(name => !(name in given))
      .map(name => inFile(file, `give a value to main.bicep's parameter ${name}`)),
    ...used
      .filter(name => !OF_AZD.includes(name) && !guide.includes(name))
      .map(name => inFile(file, `explain ${name} in docs/deploy.md`))
  ]
}

/** How code names an output: quoted as azd spells it, or as a property of the environment. */
const ASKED_IN_CODE = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'|\benv(?:ironment)?\.([A-Z][A-Z0-9_]+)\b/g
const ASKED_ELSEWHERE = /\$\{([A-Z][A-Z0-9_]+)\}/g

/** Outputs are there to be read: each is, and what is read is an output. */
export function outputs(deployment: Deployment, files: AzdFiles): Fault[] {
  const texts = [['azure.yaml', files.azureYaml] as const, ...files.readers]
  const words = new Map<string, string>()
  for (const [file, text] of [
    ...texts,
    ['infra/main.parameters.json', files.parameters] as const
  ]) {
    for (const [word] of text.matchAll(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\b/g)) words.set(word, file)
  }
  const asked = texts.flatMap(([file, text]) =>
    [...text.matchAll(file.endsWith('.ts') ? ASKED_IN_CODE : ASKED_ELSEWHERE)].map(found => ({
      file,
      name: found.slice(1).find(Boolean) ?? ''
    }))
  )
  const fromEnvironment = new Set(
    [...files.parameters.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)
  )
  return [
    ...[...deployment.outputs]
      .filter(([name]) => !words.has(name) && !OF_AZD.includes(name))
      .map(([name, value]) =>
        faultAt(value, RULE, `nothing reads the output ${name}: leave it out`)
      ),
    ...asked
      .filter(
        ({ name }) =>
          !deployment.outputs.has(name) && !OF_AZD.includes(name) && !fromEnvironment.has(name)
      )
      .map(({ file, name }) => inFile(file, `${name} is read here and is no output of main.bicep`))
  ]
}
