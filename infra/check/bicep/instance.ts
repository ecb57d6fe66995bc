import type { LaterType, Origin, Place, Resource, TypeLibrary, Value } from '../model.ts'
import { mismatch, violation } from './conform.ts'
import type { Entities, Entity, Frame, Home, Meaning, ResourceEntity } from './entities.ts'
import { evaluateCall } from './evaluateCall.ts'
import { Expressions } from './expressions.ts'
import { besides, type Parsed, type ParsedFile } from './program.ts'
import { Refusal, refusal } from './refusal.ts'
import { resourceEntity } from './resources.ts'
import { type Scope, scopeOf } from './scope.ts'
import type {
  Declaration,
  Expression,
  ModuleDeclaration,
  ParamDeclaration,
  ResourceDeclaration
} from './syntax.ts'
import { laterValue, lostValue, nullValue, type ObjectValue, objectValue } from './values.ts'
import { entryOf } from './walk.ts'

/** What all files of one evaluation share. */
export type Run = {
  parsed: Parsed
  types: TypeLibrary
  resources: Resource[]
  enter: (module: ModuleDeclaration, file: string) => void
  fault: (place: Place, rule: string, message: string) => void
  reach: (node: object) => void
  /** Takes the name of a module's deployment, which must be there once. */
  name: (key: string, place: Place, name: string) => void
}

/** Parameters as given to a file: the value, and where a fault of it is shown. */
export type Given = Map<string, { value: Value; place: Place }>

/** A module is a deployment, whose name Azure limits. */
const LONGEST_MODULE_NAME = 64

/** One file with its parameters: the entry, or a module as often as it is entered. */
export class Instance implements Home {
  readonly file: ParsedFile
  readonly scope: Scope
  readonly #run: Run
  readonly #given: Given
  readonly #known = new Map<object, Meaning>()
  readonly #open = new Set<object>()
  readonly #nested = new Map<ResourceEntity, Map<ResourceDeclaration, Entities>>()
  readonly #expressions = new Expressions(this)
  #outputs: ObjectValue | undefined

  constructor(run: Run, file: ParsedFile, scope: Scope, given: Given) {
    this.#run = run
    this.file = file
    this.scope = scope
    this.#given = given
  }

  /** Evaluates all that the file declares. */
  deploy(): void {
    for (const declaration of this.file.syntax.declarations) {
      if (declaration.kind === 'param') this.#parameter(declaration)
      else if (declaration.kind === 'resource') {
        for (const entity of this.#entities(declaration).all)
          if (entity.kind === 'resource') this.#deployResource(entity)
      } else if (declaration.kind === 'module') {
        for (const entity of this.#entities(declaration).all)
          if (entity.kind === 'module' && entity.isDeployed) entity.outputs()
      }
    }
    this.outputs()
  }

  /** The outputs, each fitting its declared type. */
  outputs(): ObjectValue {
    this.#outputs ??= objectValue({ file: this.file.path, line: 1, column: 1 }, this.#output())
    return this.#outputs
  }

  *#output(): Generator<[string, Value]> {
    for (const { name, value: expression, type, decorators } of this.file.outputs.values()) {
      const value = this.#expressions.attempt(expression, undefined)
      const where = `the output ${name}`
      const wrong = mismatch(value, type, where) ?? violation(value, decorators, where)
      if (wrong) this.#run.fault(expression.place, 'output', wrong)
      yield [name, value]
    }
  }

  meaning(name: string): Meaning {
    const declaration = this.file.symbols.get(name)
    if (!declaration) throw new Refusal()
    const known = this.#known.get(declaration)
    if (known) return known
    if (this.#open.has(declaration)) throw new Refusal()
    this.#open.add(declaration)
    const meaning = this.#mean(declaration)
    this.#open.delete(declaration)
    this.#known.set(declaration, meaning)
    return meaning
  }

  #mean(declaration: Declaration): Meaning {
    switch (declaration.kind) {
      case 'param':
        return { value: this.#parameter(declaration) }
      case 'var':
        return { value: this.#expressions.attempt(declaration.value, undefined) }
      case 'resource':
      case 'module':
        return { entities: this.#entities(declaration) }
      case 'output':
        throw new Error(`the output ${declaration.name} is among the names of its file`)
    }
  }

  /** A parameter as given, or its default; the default is looked at in any case. */
  #parameter(declaration: ParamDeclaration): Value {
    const known = this.#known.get(declaration)
    if (known && 'value' in known) return known.value
    const { name, type, decorators } = declaration
    const where = `the parameter ${name}`
    const check = (value: Value, place: Place) => {
      const wrong = mismatch(value, type, where) ?? violation(value, decorators, where)
      if (!wrong) return value
      this.#run.fault(place, 'parameter', wrong)
      return lostValue(place)
    }
    const preset = declaration.default
    const usual = preset && check(this.#expressions.attempt(preset, undefined), preset.place)
    const given = this.#given.get(name)
    const value = given ? check(given.value, given.place) : (usual ?? nullValue(declaration.place))
    this.#known.set(declaration, { value })
    return value
  }

  #entities(declaration: ResourceDeclaration | ModuleDeclaration): Entities {
    const known = this.#known.get(declaration)
    if (known && 'entities' in known) return known.entities
    const entities = this.#make(declaration, undefined)
    this.#known.set(declaration, { entities })
    return entities
  }

  nested(owner: ResourceEntity, name: string): Entities | undefined {
    const declaration = owner.declaration.body.children.find(child => child.name === name)
    if (!declaration) return undefined
    const children = this.#nested.get(owner) ?? new Map<ResourceDeclaration, Entities>()
    this.#nested.set(owner, children)
    const entities = children.get(declaration) ?? this.#make(declaration, owner)
    children.set(declaration, entities)
    return entities
  }

  #make(declaration: ResourceDeclaration | ModuleDeclaration, owner?: ResourceEntity): Entities {
    const { loop, condition, name } = declaration
    const outer = owner?.frame
    try {
      const turns = loop ? this.#expressions.turns(loop, outer) : [{ index: 0, frame: outer }]
      const all = turns.map(({ index, frame }): Entity => {
        const isWanted = !condition || this.#expressions.decide(condition, frame)
        const label = loop ? `${name}[${index}]` : name
        if (declaration.kind === 'module') return this.#module(declaration, label, frame, isWanted)
        const isDeployed = isWanted && (owner?.isDeployed ?? true)
        const about = { declaration, label, isDeployed, frame, owner }
        return resourceEntity(this.#expressions, this.scope, about)
      })
      return { all, isLoop: loop !== undefined }
    } catch (error) {
      this.lose(error, declaration.body)
      return { all: [], isLoop: loop !== undefined, isLost: true }
    }
  }

  #deployResource(entity: ResourceEntity): void {
    const { declaration, frame } = entity
    if (!entity.isDeployed) return
    this.#run.reach(declaration)
    const { type, apiVersion, name, id, scopeId: scope } = entity
    const { typed: declared, existing, name: symbol } = declaration
    const body = this.#expressions.object(declaration.body, frame, ['parent', 'scope', 'dependsOn'])
    const about = { type, apiVersion, declared, symbol, name, id, scope, existing, body }
    this.#run.resources.push(about)
    for (const child of declaration.body.children)
      for (const nested of this.nested(entity, child.name)?.all ?? [])
        if (nested.kind === 'resource') this.#deployResource(nested)
  }

  #module(
    declaration: ModuleDeclaration,
    label: string,
    frame: Frame | undefined,
    isDeployed: boolean
  ): Entity {
    const written = isDeployed ? entryOf(declaration, 'name')?.value : undefined
    const name = written ? this.#expressions.nameText(written, frame) : label
    if (written) {
      const message = `the name ${name} is longer than ${LONGEST_MODULE_NAME}`
      if (name.length > LONGEST_MODULE_NAME) this.#run.fault(written.place, 'module', message)
      this.#run.name(`${this.scope.id} ${name}`.toLowerCase(), written.place, name)
    }
    let outputs: Value | undefined
    const enter = () => {
      outputs ??= this.#enter(declaration, frame)
      return outputs
    }
    return { kind: 'module', declaration, label, name, isDeployed, outputs: enter }
  }

  #enter(declaration: ModuleDeclaration, frame: Frame | undefined): Value {
    const path = besides(this.file.path, declaration.path)
    const file = this.#run.parsed.files.get(path)
    if (!file) return lostValue(declaration.place)
    this.#run.enter(declaration, path)
    try {
      const written = entryOf(declaration, 'scope')?.value
      const scope = written
        ? scopeOf(this.#expressions.entity(written, frame), written)
        : this.scope
      if (scope.kind !== file.syntax.targetScope) {
        const message = `${path} is for a ${file.syntax.targetScope}, not for a ${scope.kind}: set its scope`
        throw refusal(declaration.place, 'scope', message)
      }
      const inside = new Instance(this.#run, file, scope, this.#givenTo(declaration, frame))
      inside.deploy()
      return inside.outputs()
    } catch (error) {
      return this.lose(error, declaration.body)
    }
  }

  #givenTo(declaration: ModuleDeclaration, frame: Frame | undefined): Given {
    const given: Given = new Map()
    const params = entryOf(declaration, 'params')?.value
    for (const { key, value } of params?.kind === 'object' ? params.entries : [])
      if (typeof key === 'string')
        given.set(key, { value: this.#expressions.attempt(value, frame), place: value.place })
    return given
  }

  property(resource: Origin['of'], path: string[], asked: Expression): Value {
    const { type, apiVersion, label } = resource
    const what = [label, ...path].join('.')
    let found: LaterType | undefined = 'any'
    if (this.#run.types.has(type, apiVersion))
      found = this.#run.types.propertyOf(type, apiVersion, path)
    const message = `${type}@${apiVersion} has no property ${path.join('.')}`
    if (!found) throw refusal(asked.place, 'property', message)
    return laterValue(asked.place, found, what, { of: resource, path })
  }

  call(expression: Expression & { kind: 'call' }, frame: Frame | undefined): Value {
    const readBeside = (path: string) => this.#run.parsed.read(besides(this.file.path, path))
    const around = { scope: this.scope, readBeside }
    return evaluateCall(this.#expressions, expression, frame, around)
  }

  reach(node: object): void {
    this.#run.reach(node)
  }

  lose(error: unknown, { place }: Expression): Value {
    if (!(error instanceof Refusal)) throw error
    if (error.fault) this.#run.fault(error.fault.place, error.fault.rule, error.fault.message)
    return lostValue(place)
  }
}
