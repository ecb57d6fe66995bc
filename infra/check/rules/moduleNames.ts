import type { Parsed } from '../bicep/program.ts'
import type { Fault } from '../model.ts'

/** Names of modules are texts, and in a loop no two are the same. */
export function moduleNames({ files }: Parsed): Fault[] {
  const modules = [...files.values()].flatMap(({ syntax }) =>
    syntax.declarations.filter(declaration => declaration.kind === 'module')
  )
  return modules.flatMap(({ body, loop }) => {
    const name = body.entries.find(({ key }) => key === 'name')?.value
    if (!name) return []
    const isText = name.kind === 'string' && (!loop || name.parts.length > 1)
    const message = "a module's name is a text, in a loop with the item in it: or leave it out"
    return isText ? [] : [{ place: name.place, rule: 'module', message }]
  })
}
