import { createHash } from 'node:crypto'
import type { Call, Functions } from './call.ts'
import { asText, isSure, laterValue, textValue, toJson } from './values.ts'

const BASE_32 = 'abcdefghijklmnopqrstuvwxyz234567'
const UNIQUE_LENGTH = 13

const digest = (parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest()

function uniqueString(parts: string[]): string {
  const bytes = digest(parts).subarray(0, UNIQUE_LENGTH)
  return [...bytes].map(byte => BASE_32[byte % BASE_32.length]).join('')
}

/** A GUID made of a text: always the same, and not the one that Azure makes. */
function guid(parts: string[]): string {
  const hex = digest(parts).toString('hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function concat(call: Call) {
  const { values, place } = call
  const arrays = values.filter(value => value.kind === 'array')
  if (arrays.length === values.length) return arrays.flatMap(array => array.items)
  if (arrays.length > 0) throw call.refuse('concat() joins arrays or texts, not both')
  if (values.some(value => value.kind === 'object')) throw call.refuse('use union() for objects')
  return textValue(place, values.map(asText).join(''), values.every(isSure))
}

function empty(call: Call) {
  const value = call.value(0)
  if (value.kind === 'string') return value.value === ''
  // A service that names a host, an id or an address of its own does not name an empty one.
  if (value.kind === 'later' && value.type === 'string') return false
  if (value.kind === 'later') return laterValue(call.place, 'bool', call.text)
  return Object.keys(toJson(value) ?? {}).length === 0
}

/** Functions of strings, and of whatever has a length. */
export const TEXT_FUNCTIONS: Functions = {
  uniqueString: {
    takes: 'string, string*',
    gives: 'string',
    takesLater: true,
    run: call => uniqueString(call.values.map(asText))
  },
  guid: {
    takes: 'string, string*',
    gives: 'string',
    takesLater: true,
    run: call => guid(call.values.map(asText))
  },
  toLower: { takes: 'string', gives: 'string', run: call => call.plain(0).toLowerCase() },
  toUpper: { takes: 'string', gives: 'string', run: call => call.plain(0).toUpperCase() },
  replace: {
    takes: 'string, string, string',
    gives: 'string',
    run: call => call.plain(0).replaceAll(call.plain(1), () => call.plain(2))
  },
  split: {
    takes: 'string, string',
    gives: 'array',
    run: call =>
      call
        .plain(0)
        .split(call.plain(1))
        .map(part => textValue(call.place, part))
  },
  join: {
    takes: 'array, string',
    gives: 'string',
    run(call) {
      const { items } = call.array(0)
      return textValue(call.place, items.map(asText).join(call.plain(1)), items.every(isSure))
    }
  },
  string: {
    takes: 'any',
    gives: 'string',
    takesLater: true,
    run(call) {
      const value = call.value(0)
      return textValue(call.place, value.kind === 'null' ? 'null' : asText(value), isSure(value))
    }
  },
  any: { takes: 'any', gives: 'any', takesLater: true, run: call => call.value(0) },
  concat: { takes: 'any, any*', gives: 'any', takesLater: true, run: concat },
  empty: { takes: 'string|array|object|null', gives: 'bool', takesLater: true, run: empty },
  length: {
    takes: 'string|array|object',
    gives: 'int',
    run(call) {
      const value = call.value(0)
      if (value.kind === 'object') return value.properties.size
      return value.kind === 'array' ? value.items.length : call.plain(0).length
    }
  }
}
