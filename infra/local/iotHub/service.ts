import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import type { JWTPayload } from 'jose'
import * as v from 'valibot'
import { type Answer, answerJson, bearerOf, notServed, Refusal } from '../jsonServer.ts'
import type { CheckToken } from '../tokens.ts'
import type { Broker } from './broker.ts'
import type { Methods } from './methods.ts'
import type { Entry, Registry } from './registry.ts'
import { shownToService } from './twin.ts'

const AUDIENCE = 'https://iothubs.azure.net'
const API_VERSION = '2021-04-12'
/** Most twins in one answer of a query. */
const PAGE_MAX_TWINS = 100
/** What IoT Hub says of the time when a device was last active that never was. */
const NEVER = '0001-01-01T00:00:00Z'
/** IoT Hub's numbers of its errors. */
const ERROR_CODES: Record<string, number> = {
  ArgumentInvalid: 400_004,
  IotHubUnauthorizedAccess: 401_002,
  DeviceNotFound: 404_001,
  DeviceNotOnline: 404_103,
  PreconditionFailed: 412_001,
  GatewayTimeout: 504_101
}

/** What a token of Entra ID must allow: twins read and written, methods invoked. */
export type Right = 'read' | 'write' | 'invoke'

const QUERY = /^\s*select\s+\*\s+from\s+devices\s*$/i
const Query = v.strictObject({ query: v.string() })
const TwinPatch = v.strictObject({
  properties: v.strictObject({ desired: v.record(v.string(), v.unknown()) })
})
const seconds = (min: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(300))
const MethodCall = v.strictObject({
  methodName: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/)),
  payload: v.optional(v.unknown(), null),
  responseTimeoutInSeconds: v.optional(seconds(5), 30),
  connectTimeoutInSeconds: v.optional(seconds(0), 0)
})

/** The side of the hub that services call: twins and direct methods, by tokens of Entra ID. */
export function createService(options: {
  registry: Registry
  broker: Broker
  methods: Methods
  checkToken: CheckToken
  isAllowed: (claims: JWTPayload, right: Right) => boolean
}): RequestListener {
  const { registry, broker, methods } = options

  async function authorize(request: IncomingMessage, right: Right): Promise<void> {
    const claims = await options.checkToken(bearerOf(request), AUDIENCE).catch(error => {
      throw new Refusal(401, 'IotHubUnauthorizedAccess', String(error))
    })
    if (!options.isAllowed(claims, right))
      throw new Refusal(403, 'Forbidden', `${claims.app_displayname} may not ${right}`)
  }

  function find(id: string): Entry {
    const entry = registry.entries.get(decodeURIComponent(id))
    if (entry) return entry
    throw new Refusal(404, 'DeviceNotFound', `There is no device ${id}.`)
  }

  const twinOf = ({ device, desired, reported, lastActivity }: Entry) => ({
    deviceId: device.deviceId,
    etag: base64Of(desired.version),
    status: device.disabled ? 'disabled' : 'enabled',
    connectionState: broker.isConnected(device.deviceId) ? 'Connected' : 'Disconnected',
    lastActivityTime: lastActivity?.toISOString() ?? NEVER,
    authenticationType: device.key === undefined ? 'certificateAuthority' : 'sas',
    version: desired.version + reported.version,
    properties: { desired: shownToService(desired), reported: shownToService(reported) }
  })

  async function patchTwin(entry: Entry, request: IncomingMessage): Promise<Answer> {
    const patch = await read(request, TwinPatch)
    const match = request.headers['if-match']?.replaceAll('"', '') ?? '*'
    if (match !== '*' && match !== base64Of(entry.desired.version))
      throw new Refusal(412, 'PreconditionFailed', 'The twin has changed: read it again.')
    await broker.patchDesired(entry, patch.properties.desired).catch(error => {
      throw new Refusal(400, 'ArgumentInvalid', String(error))
    })
    return { status: 200, body: twinOf(entry) }
  }

  async function query(request: IncomingMessage): Promise<Answer> {
    const wanted = await read(request, Query)
    if (!QUERY.test(wanted.query)) throw notServed(`The query ${wanted.query}`)
    const wish = Number(request.headers['x-ms-max-item-count'] ?? PAGE_MAX_TWINS)
    const token = String(request.headers['x-ms-continuation'] ?? '')
    const from = Number(Buffer.from(token, 'base64').toString())
    if (Number.isNaN(from))
      throw new Refusal(400, 'ArgumentInvalid', `${token} continues no query.`)
    const to = from + Math.min(wish, PAGE_MAX_TWINS)
    const all = [...registry.entries.values()]
    return {
      status: 200,
      body: all.slice(from, to).map(twinOf),
      headers: to < all.length ? { 'x-ms-continuation': base64Of(to) } : {}
    }
  }

  async function handle(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost')
    const [, collection, id = '', part] = pathname.split('/')
    const call = `${request.method} ${collection}${part === undefined ? '' : ` ${part}`}`
    const checked = async (right: Right) => {
      await authorize(request, right)
      if (searchParams.get('api-version') !== API_VERSION)
        throw new Refusal(400, 'ArgumentInvalid', `api-version must be ${API_VERSION}`)
    }
    if (call === 'GET twins') {
      await checked('read')
      return { status: 200, body: twinOf(find(id)) }
    }
    if (call === 'PATCH twins') {
      await checked('write')
      return patchTwin(find(id), request)
    }
    if (call === 'POST twins methods') {
      await checked('invoke')
      const { device } = find(id)
      const method = await read(request, MethodCall)
      return { status: 200, body: await methods.invoke(device.deviceId, method) }
    }
    if (call === 'POST devices' && id === 'query') {
      await checked('read')
      return query(request)
    }
    throw notServed(`${request.method} ${pathname}`)
  }

  return answerJson(handle, ({ status, code, message }) => {
    const errorCode = ERROR_CODES[code] ?? status * 1_000
    const timestampUtc = new Date().toISOString()
    const error = { errorCode, trackingId: randomUUID(), message, timestampUtc }
    return {
      // IoT Hub has its errors as JSON within JSON.
      body: { Message: JSON.stringify(error), ExceptionMessage: '' },
      headers: { 'iothub-errorcode': code }
    }
  })
}

const base64Of = (number: number): string => Buffer.from(String(number)).toString('base64')

async function read<S extends v.GenericSchema>(
  request: IncomingMessage,
  schema: S
): Promise<v.InferOutput<S>> {
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await text(request))
  if (body.success) return body.output
  throw new Refusal(400, 'ArgumentInvalid', body.issues.map(({ message }) => message).join('; '))
}
