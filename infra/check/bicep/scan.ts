import type { Fault, Place } from '../model.ts'
import { suggestion } from '../nearest.ts'
import { arity } from './call.ts'
import { FUNCTIONS, refusedFunction } from './functions.ts'
import { besides, type Parsed, type ParsedFile } from './program.ts'
import type { Declaration, Expression, Loop, Name, ResourceDeclaration } from './syntax.ts'
import { within } from './walk.ts'

/** Names that an expression sees before those of its file: of loops, lambdas and nested resources. */
export type Locals = Map<string, ResourceDeclaration | undefined>

/** What stands around an expression. */
type Around = { locals: Locals; inDefault?: boolean; inPropertyLoop?: boolean }

/** Properties of resources that are known before the deployment. */
export const KNOWN = ['id', 'name', 'type', 'apiVersion']

/** Adds names that hide those of the file. */
export const hiding = (locals: Locals, names: Name[]): Locals =>
  new Map([...locals, ...names.map(({ name }): [string, undefined] => [name, undefined])])

/** The names that the turns of a loop see. */
export const loopNames = ({ item, index }: Loop): Name[] => (index ? [item, index] : [item])

/** Goes through the expressions of one file, resolves their names and remembers what they use. */
export class Scan {
  readonly parsed: Parsed
  readonly file: ParsedFile
  readonly faults: Fault[] = []
  readonly used = new Set<Declaration>()
  /** Outputs that are read: path of the module's file, name. */
  readonly outputsRead: [string, string][] = []

  constructor(parsed: Parsed, file: ParsedFile) {
    this.parsed = parsed
    this.file = file
  }

  fault(place: Place, rule: string, message: string): void {
    this.faults.push({ place, rule, message })
  }

  visit(expression: Expression, around: Around): void {
    switch (expression.kind) {
      case 'name':
        this.#name(expression, around.locals)
        return
      case 'call':
        this.#call(expression, around)
        break
      case 'member':
        this.#member(expression, around)
        break
      case 'lambda':
        this.visit(expression.body, {
          ...around,
          locals: hiding(around.locals, expression.parameters)
        })
        return
      case 'for':
        this.#loop(expression, around)
        return
      case 'object':
        this.#object(expression, around)
        return
    }
    for (const inner of within(expression)) this.visit(inner, around)
  }

  /** What a name or `name[index]`, `name!`, `name::child` stands for; undefined for a value. */
  declarationOf(expression: Expression, locals: Locals): Declaration | undefined {
    switch (expression.kind) {
      case 'name': {
        const { name } = expression
        return locals.has(name) ? locals.get(name) : this.file.symbols.get(name)
      }
      case 'assured':
      case 'index':
        return this.declarationOf(expression.of, locals)
      case 'child': {
        const owner = this.declarationOf(expression.of, locals)
        if (owner?.kind !== 'resource') return undefined
        return owner.body.children.find(child => child.name === expression.name)
      }
      default:
        return undefined
    }
  }

  #name({ name, place }: Expression & { kind: 'name' }, locals: Locals): void {
    if (locals.has(name)) return
    const declaration = this.file.symbols.get(name)
    if (declaration) this.used.add(declaration)
    else {
      const near = suggestion(name, [...locals.keys(), ...this.file.symbols.keys()])
      this.fault(place, 'symbol', `nothing is called ${name}${near}`)
    }
  }

  #call(expression: Expression & { kind: 'call' }, { inDefault }: Around): void {
    const { name, place, arguments: given } = expression
    const refused = refusedFunction(name)
    const definition = refused === undefined ? FUNCTIONS[name] : undefined
    if (refused !== undefined) this.fault(place, 'function', refused)
    if (!definition) return
    const { least, most } = arity(definition)
    if (given.length < least || given.length > most) {
      const wanted = least === most ? least : `at least ${least}`
      this.fault(place, 'function', `${name}() takes ${wanted} arguments, not ${given.length}`)
    }
    if (name === 'utcNow' && !inDefault)
      this.fault(place, 'function', `${name}() is allowed as a parameter's default alone`)
    if (name.startsWith('load')) this.#load(expression)
  }

  #load({ name, place, arguments: given }: Expression & { kind: 'call' }): void {
    const [path] = given
    const [text, ...more] = path?.kind === 'string' ? path.parts : []
    if (typeof text !== 'string' || more.length > 0)
      this.fault(place, 'file', `${name}() takes a path that is plainly written`)
    else if (this.parsed.read(besides(this.file.path, text)) === undefined)
      this.fault(path?.place ?? place, 'file', `there is no file ${besides(this.file.path, text)}`)
  }

  #member(expression: Expression & { kind: 'member' }, { locals }: Around): void {
    const { of, name, safe, named } = expression
    const declaration = this.declarationOf(of, locals)
    if (declaration?.kind === 'module') {
      if (!['name', 'outputs'].includes(name))
        this.fault(named, 'module', `a module has name and outputs, not ${name}`)
    }
    if (declaration?.kind === 'module' || declaration?.kind === 'resource') {
      const isKnown = declaration.kind === 'resource' ? KNOWN.includes(name) : name === 'name'
      const message = `${of.text} is deployed under a condition: write ${of.text}!.${name} or ${of.text}.?${name}`
      if (declaration.condition && of.kind !== 'assured' && !safe && !isKnown)
        this.fault(of.place, 'condition', message)
    }
    const module =
      of.kind === 'member' && of.name === 'outputs' && this.declarationOf(of.of, locals)
    if (module && module.kind === 'module')
      this.#output(besides(this.file.path, module.path), name, named)
  }

  #output(path: string, name: string, place: Place): void {
    this.outputsRead.push([path, name])
    const outputs = this.parsed.files.get(path)?.outputs
    const near = suggestion(name, outputs?.keys() ?? [])
    if (outputs && !outputs.has(name))
      this.fault(place, 'module', `${path} has no output ${name}${near}`)
  }

  #loop(expression: Expression & { kind: 'for' }, around: Around): void {
    const { loop, body } = expression
    this.visit(loop.collection, around)
    const inside = { ...around, locals: hiding(around.locals, loopNames(loop)) }
    this.visit(body, inside)
  }

  #object(expression: Expression & { kind: 'object' }, around: Around): void {
    for (const { key, value } of expression.entries) {
      if (typeof key !== 'string') this.visit(key, around)
      const isLoop = value.kind === 'for'
      if (isLoop && around.inPropertyLoop)
        this.fault(value.place, 'loop', 'loops in properties cannot be nested: use map()')
      const inPropertyLoop = isLoop || (around.inPropertyLoop ?? false)
      this.visit(value, { ...around, inPropertyLoop })
    }
  }
}
