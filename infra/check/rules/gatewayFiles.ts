import { readdirSync, readFileSync } from 'node:fs'

/** What API Management is given, by name without ending: the same files that the laptop's gateway runs. */
export type GatewayFiles = {
  policies: Map<string, string>
  fragments: Map<string, string>
  /** JSON schemas as text. */
  schemas: Map<string, string>
  openapi: string
}

/** Reads the gateway's files from a folder such as `infra/gateway`. */
export function readGatewayFiles(folder: string): GatewayFiles {
  const read = (inner: string, ending: string) =>
    new Map(
      readdirSync(`${folder}/${inner}`)
        .filter(file => file.endsWith(ending))
        .map(file => [
          file.slice(0, -ending.length),
          readFileSync(`${folder}/${inner}/${file}`, 'utf8')
        ])
    )
  return {
    policies: read('policies', '.xml'),
    fragments: read('policies/fragments', '.xml'),
    schemas: read('schemas', '.json'),
    openapi: readFileSync(`${folder}/openapi.yaml`, 'utf8')
  }
}

/** Names that policies and fragments use in a pattern's first group, each once. */
export function namesUsed({ policies, fragments }: GatewayFiles, pattern: RegExp): string[] {
  const texts = [...policies.values(), ...fragments.values()]
  return [
    ...new Set(texts.flatMap(text => [...text.matchAll(pattern)].map(([, name]) => name ?? '')))
  ]
}

/** Named values that policies and fragments use. */
export const namedValuesOf = (files: GatewayFiles): string[] =>
  namesUsed(files, /\{\{([\w-]+)\}\}/g)
