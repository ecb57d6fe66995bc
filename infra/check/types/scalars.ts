import { type BicepType, type StringType, TypeBaseKind, type UnionType } from 'bicep-types'
import { nearest } from '../nearest.ts'
import { type Words, wordsAt } from './allowed.ts'
import { keysAt } from './keys.ts'
import type { Types } from './library.ts'
import { numbersAt } from './limits.ts'
import type { Spot } from './spot.ts'
import { knownParts, mayBe } from './unsure.ts'

/** What is wrong with a value: the rule that it breaks and the sentence about it, which follows the property's path. */
export type Complaint = { rule: string; message: string }

/**
 * Names of properties that Azure types as plain strings although it takes few words only. Where the template gives
 * one a literal, `allowed.ts` must know the words.
 */
const WORDS = new Set([
  ...['tier', 'family', 'size', 'kind', 'type', 'operator', 'publicNetworkAccess', 'action'],
  ...['category', 'categoryGroup', 'evaluationFrequency', 'windowSize', 'metricName', 'timeGrain'],
  ...['allowedMemberTypes', 'conditionVersion', 'ruleSetType', 'ruleSetVersion', 'minTlsVersion'],
  ...['minimumTlsVersion', 'logAnalyticsDestinationType', 'anonymousConnectPolicy', 'blobTypes']
])

const isWord = (path: string) =>
  path === 'sku.name' || WORDS.has(path.replaceAll('.[]', '').split('.').at(-1) ?? '')

/** What is wrong with a string whose parts `«…»` are unknown; what they leave open is not complained about. */
export function stringComplaint(
  value: string,
  shape: BicepType,
  types: Types,
  { type, path }: Spot
): Complaint | undefined {
  const literals = literalsOf(shape, types)
  const words = wordsAt(type, path)
  if (words) return wordComplaint('allowed', value, words)
  if (shape.type === TypeBaseKind.StringType) {
    if (isWord(path) && knownParts(value).length === 1) return notListed(value, type, path, [])
    return textComplaint(value, shape)
  }
  if (!literals.open) return wordComplaint('choice', value, literals.words)
  if (!literals.words.some(word => mayBe(value, word)))
    return notListed(value, type, path, literals.words)
  return undefined
}

function literalsOf(shape: BicepType, types: Types): { words: string[]; open: boolean } {
  const elements = shape.type === TypeBaseKind.UnionType ? union(shape, types) : [shape]
  const words = elements.flatMap(one =>
    one.type === TypeBaseKind.StringLiteralType ? one.value : []
  )
  return { words, open: elements.some(one => one.type === TypeBaseKind.StringType) }
}

const union = (shape: UnionType, types: Types) => shape.elements.map(types.shape)

function wordComplaint(rule: string, value: string, words: Words): Complaint | undefined {
  if (words.some(word => mayBe(value, word))) return undefined
  return { rule, message: `is '${value}'; ${choose(value, words)}` }
}

/** What is wrong with a key of an open object. */
export function keyComplaint(key: string, { type, path }: Spot): Complaint | undefined {
  const words = keysAt(type, path)
  if (!words || words.some(word => mayBe(key, word))) return undefined
  return { rule: 'key', message: `has the key '${key}'; ${choose(key, words)}` }
}

function notListed(value: string, type: string, path: string, words: string[]): Complaint {
  const known = words.length > 0 ? ` ${choose(value, words)}, or` : ''
  return {
    rule: 'open-enumeration',
    message:
      `is '${value}', which Azure may refuse:${known} list the value under '${type}' and ` +
      `'${path}' in infra/check/types/allowed.ts`
  }
}

function choose(value: string, words: Words): string {
  const meant = nearest(
    value,
    words.filter(word => typeof word === 'string')
  )
  if (meant) return `write '${meant}'`
  const shown = words.map(word => (typeof word === 'string' ? `'${word}'` : `what matches ${word}`))
  return `write ${shown.length > 1 ? 'one of ' : ''}${shown.join(', ')}`
}

/** What is wrong with the length or the letters of a free string. */
function textComplaint(value: string, shape: StringType): Complaint | undefined {
  const parts = knownParts(value)
  const length = parts.join('').length
  const { minLength, maxLength, pattern } = shape
  if (maxLength !== undefined && length > maxLength)
    return { rule: 'length', message: `has ${length} letters or more; write at most ${maxLength}` }
  if (parts.length === 1 && minLength !== undefined && length < minLength)
    return { rule: 'length', message: `has ${length} letters; write at least ${minLength}` }
  if (pattern !== undefined && !mayBe(value, new RegExp(pattern)))
    return { rule: 'pattern', message: `is '${value}'; write what matches ${pattern}` }
  return undefined
}

/** What is wrong with a number. */
export function numberComplaint(
  value: number,
  shape: BicepType,
  { type, path }: Spot
): Complaint | undefined {
  const { minValue = -Infinity, maxValue = Infinity } =
    shape.type === TypeBaseKind.IntegerType ? shape : {}
  const own = numbersAt(type, path)
  if (own && !('from' in own)) {
    if (own.includes(value)) return undefined
    return { rule: 'allowed', message: `is ${value}; write one of ${own.join(', ')}` }
  }
  const { from, to, step } = { from: -Infinity, to: Infinity, step: 0, ...own }
  const least = Math.max(minValue, from)
  const most = Math.min(maxValue, to)
  if (value < least) return { rule: 'range', message: `is ${value}; write at least ${least}` }
  if (value > most) return { rule: 'range', message: `is ${value}; write at most ${most}` }
  if (step > 0 && value % step !== 0)
    return { rule: 'range', message: `is ${value}; write a multiple of ${step}` }
  return undefined
}
