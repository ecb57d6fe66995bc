import { beforeAll } from 'vitest'
import { evaluate } from '../../../../infra/check/bicep/evaluate.ts'
import { loadGrammar } from '../../../../infra/check/bicep/tokens.ts'
import { CASES } from '../../../../infra/check/cases.ts'
import type { Case, Deployment } from '../../../../infra/check/model.ts'
import { ruleFaults } from '../../../../infra/check/rules/all.ts'
import {
  filesOf,
  type Project,
  readProject,
  readTemplate
} from '../../../../infra/check/template.ts'

/** What the rules say of our own template after a change: in the dev environment, or in prod behind Front Door. */
export type Said = (of: 'dev' | 'prod', change: (deployment: Deployment) => Deployment) => string[]

/** Evaluates the template before all tests of a file. */
export function whatIsSaid(): Said {
  let project: Project
  const sound = new Map<Case, Deployment>()
  beforeAll(async () => {
    await loadGrammar()
    project = readProject('.')
    const parsed = readTemplate(filesOf('.'))
    for (const one of CASES) sound.set(one, evaluate(parsed, one.parameters, project.types))
  })
  return (of, change) => {
    const one = CASES.find(({ parameters }) => parameters.environmentType === of)
    const deployment = one && sound.get(one)
    if (!deployment) throw new Error(`no case deploys ${of}`)
    return [...ruleFaults(change(deployment), one, project.beside)].map(
      ({ rule, message }) => `${rule}: ${message}`
    )
  }
}
