import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

/** Names of settings that the code asks for. */
export type CodeSettings = {
  /** Keys of `Settings` in functions/azure/settings.ts: all that code of ours reads. */
  read: string[]
  /** Connections that triggers name, by app. */
  connections: Map<string, Set<string>>
}

/** Reads the settings' names out of the sources below a folder such as `functions`. */
export function readCodeSettings(folder: string): CodeSettings {
  const apps = readdirSync(`${folder}/apps`).filter(file => file.endsWith('.ts'))
  return {
    read: keysOfSettings(parse(`${folder}/azure/settings.ts`)),
    connections: new Map(
      apps.map(file => [file.slice(0, -3), connectionsOf(parse(`${folder}/apps/${file}`))])
    )
  }
}

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)

function keysOfSettings(source: ts.SourceFile): string[] {
  const keys: string[] = []
  visit(source, node => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== 'Settings') return
    const [shape] =
      node.initializer && ts.isCallExpression(node.initializer) ? node.initializer.arguments : []
    if (shape && ts.isObjectLiteralExpression(shape)) {
      keys.push(...shape.properties.flatMap(property => property.name?.getText() ?? []))
    }
  })
  if (!keys.length) throw new Error(`${source.fileName} must hold const Settings = v.object({ … })`)
  return keys
}

function connectionsOf(source: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  visit(source, node => {
    if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'connection') return
    if (!ts.isStringLiteral(node.initializer)) {
      throw new Error(`${source.fileName}: write a trigger's connection as a string literal`)
    }
    names.add(node.initializer.text)
  })
  return names
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  node.forEachChild(child => visit(child, see))
}
