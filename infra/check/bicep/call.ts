import type { LaterType, Place, Value } from '../model.ts'
import { Refusal, refusal } from './refusal.ts'
import type { Scope } from './scope.ts'
import {
  type ArrayValue,
  arrayValue,
  called,
  fromJson,
  isLost,
  laterValue,
  type ObjectValue
} from './values.ts'

/** A lambda as a function is given it; arguments beyond its parameters are dropped. */
export type Lambda = { kind: 'lambda'; place: Place; apply: (...values: Value[]) => Value }
export type Argument = Value | Lambda

/** What functions may know beside their arguments. */
export type Surroundings = {
  scope: Scope
  /** Text of a file that is named relative to the Bicep file. */
  readBeside: (path: string) => string | undefined
}

type Definition = {
  /** Kinds of arguments by position; `?` ends what may be left out, `*` what comes any number of times. */
  takes: string
  gives: LaterType
  /** Whether it copes with arguments that only the deployment knows; else it answers a later value. */
  takesLater?: boolean
  run: (call: Call) => Value | Value[] | string | number | boolean
}
export type Functions = Record<string, Definition>

/** How many arguments a function takes. */
export function arity({ takes }: Definition): { least: number; most: number } {
  const kinds = takes === '' ? [] : takes.split(', ')
  const most = kinds.some(kind => kind.endsWith('*')) ? Number.POSITIVE_INFINITY : kinds.length
  return { least: kinds.filter(kind => !/[?*]$/.test(kind)).length, most }
}

/** Calls a function; refuses arguments of other kinds than it takes. */
export function callFunction(name: string, definition: Definition, call: Call): Value {
  const kinds = definition.takes.split(', ')
  let isKnown = true
  call.all.forEach((argument, index) => {
    const kind = (kinds[index] ?? kinds.at(-1) ?? 'any').replace(/[?*]$/, '')
    const given = argument.kind === 'lambda' ? 'lambda' : called(argument)
    if (argument.kind !== 'lambda' && isLost(argument)) throw new Refusal()
    const fits =
      (kind === 'lambda') === (given === 'lambda') &&
      (kind === 'any' || given === 'any' || kind.split('|').includes(given))
    const wanted = kind.replaceAll('|', ' or ')
    if (!fits)
      throw call.refuse(`${name}() wants ${wanted} as its argument ${index + 1}, not ${given}`)
    if (argument.kind === 'later' || (argument.kind === 'string' && !argument.sure)) isKnown = false
  })
  if (!isKnown && !definition.takesLater) return laterValue(call.place, definition.gives, call.text)
  const answer = definition.run(call)
  if (Array.isArray(answer)) return arrayValue(call.place, answer)
  return typeof answer === 'object' ? answer : fromJson(answer, call.place)
}

/** One call of a function: its arguments, whose kinds are checked already. */
export class Call {
  readonly place: Place
  readonly text: string
  readonly all: Argument[]
  readonly around: Surroundings

  constructor(written: { place: Place; text: string }, all: Argument[], around: Surroundings) {
    this.place = written.place
    this.text = written.text
    this.all = all
    this.around = around
  }

  refuse(message: string) {
    return refusal(this.place, 'function', message)
  }

  get values(): Value[] {
    return this.all.filter(argument => argument.kind !== 'lambda')
  }

  has(index: number): boolean {
    return this.all[index] !== undefined
  }

  value(index: number): Value {
    const argument = this.all[index]
    if (!argument || argument.kind === 'lambda') throw this.refuse('an argument is missing')
    return argument
  }

  plain(index: number): string {
    return this.#of(index, 'string').value
  }

  /** A number of items or letters: below zero is none. */
  count(index: number): number {
    return Math.max(0, this.#of(index, 'int').value)
  }

  array(index: number): ArrayValue {
    return this.#of(index, 'array')
  }

  object(index: number): ObjectValue {
    return this.#of(index, 'object')
  }

  lambda(index: number): Lambda['apply'] {
    const argument = this.all[index]
    if (argument?.kind !== 'lambda') throw this.refuse('a lambda is missing')
    return argument.apply
  }

  #of<K extends Value['kind']>(index: number, kind: K): Extract<Value, { kind: K }> {
    const value = this.value(index)
    if (value.kind === kind) return value as Extract<Value, { kind: K }>
    throw this.refuse(`\`${this.text}\` needs ${called(value)} before the deployment knows it`)
  }
}

/** What a condition says; refused where only the deployment could tell. */
export function decided(value: Value, place: Place, text: string): boolean {
  if (isLost(value)) throw new Refusal()
  if (value.kind === 'bool') return value.value
  if (value.kind !== 'later')
    throw refusal(place, 'condition', `\`${text}\` must be bool, not ${called(value)}`)
  throw refusal(
    place,
    'condition',
    `\`${text}\` must be decidable before the deployment, which alone knows ${value.what}`
  )
}
