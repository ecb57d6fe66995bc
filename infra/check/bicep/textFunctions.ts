import { createHash } from 'node:crypto'
import type { Functions } from './call.ts'
import {
  arrayValue,
  asText,
  boolValue,
  fromJson,
  intValue,
  isSure,
  type Json,
  laterValue,
  textValue,
  toJson
} from './values.ts'

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

const isSameLetters = (a: string, b: string, where: 'startsWith' | 'endsWith') =>
  a.toLowerCase()[where](b.toLowerCase())

/** Functions of strings and numbers; those of .NET that ignore case do so here. */
export const TEXT_FUNCTIONS: Functions = {
  uniqueString: {
    takes: 'string, string*',
    gives: 'string',
    takesLater: true,
    run: call => textValue(call.place, uniqueString(call.values.map(asText)))
  },
  guid: {
    takes: 'string, string*',
    gives: 'string',
    takesLater: true,
    run: call => textValue(call.place, guid(call.values.map(asText)))
  },
  toLower: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, call.plain(0).toLowerCase())
  },
  toUpper: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, call.plain(0).toUpperCase())
  },
  trim: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, call.plain(0).trim())
  },
  startsWith: {
    takes: 'string, string',
    gives: 'bool',
    run: call => boolValue(call.place, isSameLetters(call.plain(0), call.plain(1), 'startsWith'))
  },
  endsWith: {
    takes: 'string, string',
    gives: 'bool',
    run: call => boolValue(call.place, isSameLetters(call.plain(0), call.plain(1), 'endsWith'))
  },
  replace: {
    takes: 'string, string, string',
    gives: 'string',
    run: call =>
      textValue(
        call.place,
        call.plain(0).replaceAll(call.plain(1), () => call.plain(2))
      )
  },
  substring: {
    takes: 'string, int, int?',
    gives: 'string',
    run(call) {
      const [text, start] = [call.plain(0), call.number(1)]
      const length = call.has(2) ? call.number(2) : text.length - start
      if (start < 0 || length < 0 || start + length > text.length)
        throw call.refuse(`${start} and ${length} reach beyond '${text}'`)
      return textValue(call.place, text.slice(start, start + length))
    }
  },
  split: {
    takes: 'string, string|array',
    gives: 'array',
    run(call) {
      const by = call.value(1)
      const signs = by.kind === 'array' ? by.items.map(asText) : [asText(by)]
      const parts = signs.reduce(
        (all, sign) => all.flatMap(part => part.split(sign)),
        [call.plain(0)]
      )
      return fromJson(parts, call.place)
    }
  },
  padLeft: {
    takes: 'string|int, int, string?',
    gives: 'string',
    run: call =>
      textValue(
        call.place,
        asText(call.value(0)).padStart(call.number(1), call.has(2) ? call.plain(2) : ' ')
      )
  },
  format: {
    takes: 'string, any*',
    gives: 'string',
    takesLater: true,
    run(call) {
      const values = call.values.slice(1)
      const text = call
        .plain(0)
        .replace(/\{(\d+)([^}]*)\}/g, (all, index: string, style: string) => {
          const value = values[Number(index)]
          if (!value || style) throw call.refuse(`format() has no value for ${all}`)
          return asText(value)
        })
      return textValue(call.place, text, call.values.every(isSure))
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
  int: {
    takes: 'string|int',
    gives: 'int',
    run(call) {
      const text = asText(call.value(0))
      if (!/^-?\d+$/.test(text)) throw call.refuse(`'${text}' is no whole number`)
      return intValue(call.place, Number(text))
    }
  },
  bool: {
    takes: 'string|int|bool',
    gives: 'bool',
    run(call) {
      const text = asText(call.value(0)).toLowerCase()
      if (!/^(true|false|[01])$/.test(text))
        throw call.refuse(`'${text}' is neither true nor false`)
      return boolValue(call.place, text === 'true' || text === '1')
    }
  },
  json: {
    takes: 'string',
    gives: 'any',
    run(call) {
      try {
        return fromJson(JSON.parse(call.plain(0)) as Json, call.place)
      } catch (error) {
        throw call.refuse(`\`${call.text}\` is no JSON: ${String(error)}`)
      }
    }
  },
  base64: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, Buffer.from(call.plain(0)).toString('base64'))
  },
  base64ToString: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, Buffer.from(call.plain(0), 'base64').toString())
  },
  uri: {
    takes: 'string, string',
    gives: 'string',
    run(call) {
      if (!URL.canParse(call.plain(0))) throw call.refuse(`'${call.plain(0)}' is no absolute URI`)
      return textValue(call.place, new URL(call.plain(1), call.plain(0)).href)
    }
  },
  uriComponent: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, encodeURIComponent(call.plain(0)))
  },
  uriComponentToString: {
    takes: 'string',
    gives: 'string',
    run: call => textValue(call.place, decodeURIComponent(call.plain(0)))
  },
  join: {
    takes: 'array, string',
    gives: 'string',
    run(call) {
      const { items } = call.array(0)
      const text = items.map(asText).join(call.plain(1))
      return textValue(call.place, text, items.every(isSure))
    }
  },
  concat: {
    takes: 'any, any*',
    gives: 'any',
    takesLater: true,
    run(call) {
      const { values, place } = call
      const arrays = values.filter(value => value.kind === 'array')
      if (arrays.length === values.length)
        return arrayValue(
          place,
          arrays.flatMap(array => array.items)
        )
      if (arrays.length > 0) throw call.refuse('concat() joins arrays or texts, not both')
      if (values.some(value => value.kind === 'object'))
        throw call.refuse('use union() for objects')
      return textValue(place, values.map(asText).join(''), values.every(isSure))
    }
  },
  any: { takes: 'any', gives: 'any', takesLater: true, run: call => call.value(0) },
  array: {
    takes: 'any',
    gives: 'array',
    takesLater: true,
    run(call) {
      const value = call.value(0)
      return value.kind === 'array' ? value : arrayValue(call.place, [value])
    }
  },
  length: {
    takes: 'string|array|object',
    gives: 'int',
    run(call) {
      const value = call.value(0)
      if (value.kind === 'object') return intValue(call.place, value.properties.size)
      return intValue(
        call.place,
        value.kind === 'array' ? value.items.length : call.plain(0).length
      )
    }
  },
  empty: {
    takes: 'string|array|object|null',
    gives: 'bool',
    takesLater: true,
    run(call) {
      const value = call.value(0)
      if (value.kind === 'string') return boolValue(call.place, value.value === '')
      // A service that names a host, an id or an address of its own does not name an empty one.
      if (value.kind === 'later' && value.type === 'string') return boolValue(call.place, false)
      if (value.kind === 'later') return laterValue(call.place, 'bool', call.text)
      const json = toJson(value)
      return boolValue(call.place, json === null || Object.keys(json).length === 0)
    }
  }
}
