import topology from '#topology' with { type: 'json' }
import { loadGrammar } from '../bicep/tokens.ts'
import { isSetting } from '../rules/appSettings.ts'
import { namedValuesOf } from '../rules/gatewayFiles.ts'
import { laptopSettings } from '../rules/laptop.ts'
import { isNamed } from '../rules/named.ts'
import { filesOf, type Project, readProject, readTemplate, templateFaults } from '../template.ts'
import { isFreeText } from './freeText.ts'
import { type Knowledge, mutationsOf } from './generate.ts'
import { type Mutation, mutated } from './mutation.ts'

/** Which mutations one worker tries: every one of `of`, beginning with number `index`. */
export type Share = { root: string; index: number; of: number }
/** What came out: all mutations of the share, and those that the check did not notice. */
export type Outcome = { tried: Mutation[]; survived: Mutation[] }

/** Tries a share of all mutations of the template in `root`. */
export async function tryShare({ root, index, of }: Share): Promise<Outcome> {
  await loadGrammar()
  const project = readProject(root)
  const files = filesOf(root)
  const all = mutationsOf(readTemplate(files), knowledgeOf(project))
  const tried = all.filter((_, i) => i % of === index)
  return { tried, survived: tried.filter(mutation => survives(mutation, files, project)) }
}

/** What decides which properties must not be dropped, and which texts are nobody's business. */
function knowledgeOf({ types, beside: { gateway } }: Project): Knowledge {
  const files = [gateway.policies, gateway.fragments, gateway.schemas]
  const demanded = new Set([
    ...Object.keys(topology.apps).flatMap(laptopSettings),
    ...files.flatMap(texts => [...texts.keys()]),
    ...namedValuesOf(gateway)
  ])
  const isDemanded = (key: string) => demanded.has(key) || isSetting(key)
  return { types, isNamed, isFreeText, isDemanded }
}

/** Whether the check says nothing about the template with one change. */
function survives(
  mutation: Mutation,
  files: ReturnType<typeof filesOf>,
  project: Project
): boolean {
  const other = mutated(files(mutation.file) ?? '', mutation)
  const parsed = readTemplate(path => (path === mutation.file ? other : files(path)))
  try {
    return templateFaults(parsed, project).next().done === true
  } catch (cause) {
    const { file, line, column } = mutation.place
    const where = `${file}:${line}:${column}`
    throw new Error(`the check broke at ${mutation.kind} of ${mutation.what} (${where})`, { cause })
  }
}
