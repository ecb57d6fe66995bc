import { suggestion } from '../nearest.ts'
import { AZURE_FUNCTIONS } from './azureFunctions.ts'
import type { Functions } from './call.ts'
import { COLLECTION_FUNCTIONS } from './collectionFunctions.ts'
import { TEXT_FUNCTIONS } from './textFunctions.ts'

/** Every function that can be evaluated, by name. */
export const FUNCTIONS: Functions = {
  ...TEXT_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
  ...AZURE_FUNCTIONS
}

/** Functions whose answer is or may hold a secret, which a template must not see. */
const SECRET = /^(list[A-Z]?\w*|getSecret|reference)$/

/** Why a function must not be called at all; undefined where it may. */
export function refusedFunction(name: string): string | undefined {
  if (SECRET.test(name)) return `${name}() answers secrets: give an identity a role instead`
  if (Object.hasOwn(FUNCTIONS, name)) return undefined
  const near = suggestion(name, Object.keys(FUNCTIONS))
  return `the checker knows no function ${name}${near}; others belong into infra/check/bicep/*Functions.ts`
}
