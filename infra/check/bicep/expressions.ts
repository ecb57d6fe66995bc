import type { LaterType, Place, Value } from '../model.ts'
import { suggestion } from '../nearest.ts'
import { decided } from './call.ts'
import type { Entity, Frame, Home, ResourceEntity } from './entities.ts'
import { findEntity } from './findEntity.ts'
import { operate } from './operators.ts'
import { Refusal, refusal } from './refusal.ts'
import { type Expression, isOfGraph, type Loop } from './syntax.ts'
import {
  arrayValue,
  asText,
  boolValue,
  called,
  intValue,
  isLost,
  isSure,
  type LaterValue,
  laterValue,
  nullValue,
  type ObjectValue,
  objectValue,
  textValue
} from './values.ts'

/** Evaluates the expressions of one file; throws a `Refusal` where there can be no value. */
export class Expressions {
  readonly #home: Home

  constructor(home: Home) {
    this.#home = home
  }

  /** Like `evaluate`, but a fault leaves a lost value behind, so that the rest is looked at too. */
  attempt(expression: Expression, frame: Frame | undefined): Value {
    try {
      return this.evaluate(expression, frame)
    } catch (error) {
      return this.#home.lose(error, expression)
    }
  }

  evaluate(expression: Expression, frame: Frame | undefined): Value {
    const { place } = expression
    switch (expression.kind) {
      case 'string':
        return this.#string(expression, frame)
      case 'int':
        return intValue(place, expression.value)
      case 'bool':
        return boolValue(place, expression.value)
      case 'null':
        return nullValue(place)
      case 'name':
        return this.#name(expression, frame)
      case 'object':
        return this.object(expression, frame)
      case 'array':
        return arrayValue(
          place,
          expression.items.map(item => this.attempt(item, frame))
        )
      case 'member':
        return this.#member(expression, frame)
      case 'index':
        return this.#index(expression, frame)
      case 'assured':
        return this.evaluate(expression.of, frame)
      case 'call':
        return this.#home.call(expression, frame)
      case 'ternary': {
        const { condition, yes, no } = expression
        return this.#branch(this.decide(condition, frame) ? yes : no, frame)
      }
      case 'for':
        return this.#loop(expression, frame)
      case 'unary':
      case 'binary':
        return this.#operation(expression, frame)
      case 'child':
        throw refusal(place, 'resource', `\`${expression.text}\` needs a property behind it`)
      case 'lambda':
        throw refusal(place, 'lambda', 'a lambda stands as the argument of a function alone')
    }
  }

  decide(condition: Expression, frame: Frame | undefined): boolean {
    return decided(this.evaluate(condition, frame), condition.place, condition.text)
  }

  /** An object; `without` names the properties that are left out. */
  object(
    expression: Expression & { kind: 'object' },
    frame: Frame | undefined,
    without: string[] = []
  ): ObjectValue {
    const object = objectValue(expression.place, [])
    for (const { key, keyPlace, value } of expression.entries) {
      const name = typeof key === 'string' ? key : this.#key(key, frame)
      if (name === undefined || without.includes(name)) continue
      object.properties.set(name, { key: keyPlace, value: this.attempt(value, frame) })
    }
    return object
  }

  /** The name of a resource or module, which must be a string; later parts stand in it as `«what»`. */
  nameText(written: Expression, frame: Frame | undefined): string {
    const value = this.evaluate(written, frame)
    if (isLost(value)) throw new Refusal()
    if (['string', 'any'].includes(called(value))) return asText(value)
    const message = `the name \`${written.text}\` must be a string, not ${called(value)}`
    throw refusal(written.place, 'name', message)
  }

  #key(key: Expression, frame: Frame | undefined): string | undefined {
    const value = this.attempt(key, frame)
    if (value.kind === 'string' && value.sure) return value.value
    const message = `the name of a property, \`${key.text}\`, must be known before the deployment`
    if (!isLost(value)) this.#home.lose(refusal(key.place, 'object', message), key)
    return undefined
  }

  /** The frames of a loop's turns. */
  turns(loop: Loop, frame: Frame | undefined): { index: number; frame: Frame }[] {
    const { item, index, collection } = loop
    const among = this.evaluate(collection, frame)
    if (isLost(among)) throw new Refusal()
    if (among.kind !== 'array') {
      const what = `\`${collection.text}\` must be an array that is known before the deployment`
      throw refusal(collection.place, 'loop', `${what}, not ${called(among)}`)
    }
    return among.items.map((value, turn) => {
      const values = new Map([[item.name, value]])
      if (index) values.set(index.name, intValue(index.place, turn))
      return { index: turn, frame: { values, next: frame } }
    })
  }

  #loop({ loop, body, place }: Expression & { kind: 'for' }, frame: Frame | undefined): Value {
    const turns = this.turns(loop, frame)
    return arrayValue(
      place,
      turns.map(turn => this.attempt(body, turn.frame))
    )
  }

  #branch(expression: Expression, frame: Frame | undefined): Value {
    this.#home.reach(expression)
    return this.evaluate(expression, frame)
  }

  #string(expression: Expression & { kind: 'string' }, frame: Frame | undefined): Value {
    let [text, sure] = ['', true]
    for (const part of expression.parts) {
      if (typeof part === 'string') {
        text += part
        continue
      }
      const value = this.evaluate(part, frame)
      if (isLost(value)) throw new Refusal()
      text += asText(value)
      sure &&= isSure(value)
    }
    return textValue(expression.place, text, sure)
  }

  #name(expression: Expression & { kind: 'name' }, frame: Frame | undefined): Value {
    for (let local = frame; local; local = local.next) {
      const value = local.values.get(expression.name)
      if (value) return value
    }
    const meaning = this.#home.meaning(expression.name)
    if ('value' in meaning) return meaning.value
    const message = `${expression.name} is no value: read one of its properties`
    throw refusal(expression.place, 'resource', message)
  }

  /** The resource or module that an expression stands for; undefined where it is a value. */
  entity(expression: Expression, frame: Frame | undefined): Entity | undefined {
    return findEntity(this.#home, expression, frame, index => this.evaluate(index, frame))
  }

  #member(expression: Expression & { kind: 'member' }, frame: Frame | undefined): Value {
    const { of, name, safe, named } = expression
    const entity = this.entity(of, frame)
    if (!entity) return this.#property(this.evaluate(of, frame), name, expression, named)
    if (!entity.isDeployed) {
      if (safe) return nullValue(expression.place)
      const message = `${entity.label} is not deployed in this case: read it with .? or under its condition`
      throw refusal(of.place, 'condition', message)
    }
    if (entity.kind === 'resource') return this.#answer(entity, name, expression)
    if (name === 'outputs') return entity.outputs()
    if (name === 'name') return textValue(expression.place, entity.name)
    throw refusal(named, 'property', `a module has name and outputs, not ${name}`)
  }

  /** Graph's resources get their ids from the service and have no name but where their type has one. */
  #answer(resource: ResourceEntity, name: string, asked: Expression): Value {
    const { type, apiVersion, authored, id } = resource
    const known = { type, apiVersion, ...(isOfGraph(type) ? {} : { name: authored, id }) }
    const text = Object.entries(known).find(([key]) => key === name)?.[1]
    if (text === undefined) return this.#home.property(resource, [name], asked)
    return textValue(asked.place, text, !text.includes('«'))
  }

  #index(expression: Expression & { kind: 'index' }, frame: Frame | undefined): Value {
    const { of, place, text } = expression
    const value = this.evaluate(of, frame)
    const index = this.evaluate(expression.index, frame)
    if (isLost(value) || isLost(index)) throw new Refusal()
    if (index.kind === 'string' && index.sure)
      return this.#property(value, index.value, expression, expression.index.place)
    if (value.kind === 'null' && isSafe(of)) return nullValue(place)
    if ([value.kind, index.kind].includes('later') || index.kind === 'string')
      return laterValue(place, 'any', text)
    if (value.kind !== 'array' || index.kind !== 'int') {
      const message = `\`${of.text}\` is ${called(value)}: ${called(index)} is no index of it`
      throw refusal(place, 'property', message)
    }
    const item = value.items[index.value]
    if (item) return item
    const count = value.items.length
    throw refusal(place, 'property', `\`${of.text}\` has ${count} items, none at ${index.value}`)
  }

  #property(
    value: Value,
    name: string,
    asked: Expression & { kind: 'member' | 'index' },
    named: Place
  ): Value {
    const { of, place } = asked
    if (isLost(value)) throw new Refusal()
    if (value.kind === 'null' && isSafe(asked)) return nullValue(place)
    if (value.kind === 'later') return this.#laterProperty(value, name, asked)
    if (value.kind !== 'object') {
      const message = `\`${of.text}\` is ${called(value)}, it has no ${name}`
      throw refusal(named, 'property', message)
    }
    const property = value.properties.get(name)
    if (property) return property.value
    if (asked.kind === 'member' && asked.safe) return nullValue(place)
    const near = suggestion(name, value.properties.keys())
    throw refusal(named, 'property', `\`${of.text}\` has no property ${name}${near}`)
  }

  #laterProperty(
    value: LaterValue,
    name: string,
    asked: Expression & { kind: 'member' | 'index' }
  ): Value {
    const { origin, type, what } = value
    if (type !== 'object' && type !== 'any')
      throw refusal(asked.place, 'property', `\`${asked.of.text}\` is ${type}, it has no ${name}`)
    if (!origin) return laterValue(asked.place, 'any', `${what}.${name}`)
    return this.#home.property(origin.of, [...origin.path, name], asked)
  }

  #operation(
    expression: Expression & { kind: 'unary' | 'binary' },
    frame: Frame | undefined
  ): Value {
    if (expression.kind === 'unary')
      return operate(expression, [this.evaluate(expression.operand, frame)])
    const { operator, left, right } = expression
    if (operator === '&&' || operator === '||') {
      const deciding = operator === '||'
      if (this.decide(left, frame) === deciding) return boolValue(expression.place, deciding)
      return boolValue(expression.place, this.decide(right, frame))
    }
    const first = this.evaluate(left, frame)
    if (operator !== '??') return operate(expression, [first, this.evaluate(right, frame)])
    if (isLost(first)) throw new Refusal()
    if (first.kind === 'later' && isSafe(left)) {
      const other = this.#branch(right, frame)
      const type: LaterType = called(other) === first.type ? first.type : 'any'
      return laterValue(expression.place, type, expression.text)
    }
    return first.kind === 'null' ? this.#branch(right, frame) : first
  }
}

/** Whether a chain of properties holds a `.?`, which makes all of it null. */
function isSafe(expression: Expression): boolean {
  if (expression.kind === 'index') return isSafe(expression.of)
  return expression.kind === 'member' && (expression.safe || isSafe(expression.of))
}
