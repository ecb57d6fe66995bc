import type { AppFunction } from '../core.ts'

/** Finds the function of a trigger type by its name, whose case does not matter to Durable. */
export type Catalog = (
  type: 'orchestration' | 'entity' | 'activity',
  name: string
) => AppFunction | undefined

export function createCatalog(functions: AppFunction[]): Catalog {
  const key = (trigger: string, name: string) => `${trigger}/${name.toLowerCase()}`
  const byKey = new Map(functions.map(fn => [key(fn.trigger.type, fn.name), fn]))
  return (type, name) => byKey.get(key(`${type}Trigger`, name))
}
