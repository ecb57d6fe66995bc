import { readFileSync } from 'node:fs'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { PolicyRefused } from './errors.ts'
import { checkElement } from './grammar.ts'

/** One element of a policy file. */
export type Element = {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
  /** File and element, for refusals. */
  where: string
}

/** A policy's sections, fragments put in their places. */
export type Sections = Record<'inbound' | 'backend' | 'outbound' | 'on-error', Element[]>

type Parsed = { [name: string]: Parsed[] | Record<string, string> | string }

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false
})

function elementOf(parsed: Parsed, file: string): Element {
  const name = Object.keys(parsed).find(key => key !== ':@') ?? ''
  const inside = parsed[name] as Parsed[]
  return {
    name,
    attributes: (parsed[':@'] ?? {}) as Record<string, string>,
    children: inside.filter(child => !('#text' in child)).map(child => elementOf(child, file)),
    text: inside.map(child => String(child['#text'] ?? '').trim()).join(''),
    where: `${file}, <${name}>`
  }
}

/** Named values in their places, as text that keeps the file well-formed. */
const fillIn = (text: string, file: string, namedValues: Record<string, string>): string =>
  text.replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => {
    const value = namedValues[name]
    if (value === undefined) throw new PolicyRefused(file, `the named value ${name} is not given`)
    return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  })

/** Reads `{name}.xml` with the fragments that it includes and refuses what the grammar does not hold. */
export function readPolicy(
  folder: URL,
  name: string,
  namedValues: Record<string, string>
): Sections {
  // Strict XML only: the service takes less, but this parser would cut an expression short.
  const read = (file: string, rootName: string): Element => {
    const text = fillIn(readFileSync(new URL(file, folder), 'utf8'), file, namedValues)
    const valid = XMLValidator.validate(text)
    if (valid !== true)
      throw new PolicyRefused(file, `not strict XML, line ${valid.err.line}: ${valid.err.msg}`)
    const root = elementOf((parser.parse(text) as [Parsed])[0], file)
    if (root.name !== rootName) throw new PolicyRefused(root.where, `must be <${rootName}>`)
    return root
  }
  const root = read(`${name}.xml`, 'policies')
  for (const section of root.children)
    section.children = section.children.flatMap(element => {
      if (element.name !== 'include-fragment') return [element]
      return read(`fragments/${element.attributes['fragment-id']}.xml`, 'fragment').children
    })
  checkElement(root)
  return Object.fromEntries(root.children.map(({ name, children }) => [name, children])) as Sections
}

export const attribute = (element: Element, name: string): string => element.attributes[name] ?? ''

export const childOf = (element: Element, name: string): Element | undefined =>
  element.children.find(child => child.name === name)

/** The texts of the elements inside the element `list`. */
export const textsOf = (element: Element, list: string): string[] =>
  childOf(element, list)?.children.map(child => child.text) ?? []
