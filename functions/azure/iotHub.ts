import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
  type PipelineResponse
} from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import * as v from 'valibot'
import type { FleetPorts } from '../stages/fleet.ts'
import { credential } from './credential.ts'
import { deviceOf } from './deviceTwin.ts'
import { setting } from './settings.ts'

const API_VERSION = '2021-04-12'
const SCOPE = 'https://iothubs.azure.net/.default'

/** The gateway waits 10 s for an answer: twins read, an order written and a device called must fit, repeats included. */
const TWINS_WITHIN_MS = 2_000
const CALL_WITHIN_MS = 5_500
/** How long a device may take for its answer, in s: the least that IoT Hub knows. */
const ANSWER_WITHIN_S = 5
/** What failed is sent again soon: an emergency does not wait for the pipeline's usual seconds. */
const RETRY = { maxRetries: 3, retryDelayInMs: 100, maxRetryDelayInMs: 500 }
/** Most devices in one answer; a hub that gives fewer says so. */
const PAGE_DEVICES = 1_000

const Twins = v.array(v.unknown())
const MethodAnswer = v.object({ status: v.number() })

type Call = {
  method: HttpMethods
  path: string
  body: object
  headers?: Record<string, string>
  within: AbortSignal
}

/** The devices of the hub at `host()`, by its REST API and the rights of one identity. */
export function createIotHub(
  host: () => string,
  identity: TokenCredential,
  pageDevices = PAGE_DEVICES
): Omit<FleetPorts, 'now'> {
  const client = createDefaultHttpClient()
  const token = bearerTokenAuthenticationPolicy({ credential: identity, scopes: SCOPE })
  const twins = createPipelineFromOptions({ retryOptions: RETRY })
  // IoT Hub says by 504 that a device is silent: that is an answer.
  const methods = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } })
  for (const pipeline of [twins, methods]) pipeline.addPolicy(token)

  async function send(
    pipeline: Pipeline,
    { method, path, body, headers, within }: Call
  ): Promise<PipelineResponse> {
    return pipeline.sendRequest(
      client,
      createPipelineRequest({
        url: `https://${host()}${path}?api-version=${API_VERSION}`,
        method,
        headers: createHttpHeaders({ 'content-type': 'application/json', ...headers }),
        body: JSON.stringify(body),
        abortSignal: within
      })
    )
  }

  return {
    async readDevices() {
      const found: unknown[] = []
      const within = AbortSignal.timeout(TWINS_WITHIN_MS)
      let continuation: string | undefined
      do {
        const answer = await send(twins, {
          method: 'POST',
          path: '/devices/query',
          body: { query: 'SELECT * FROM devices' },
          within,
          headers: {
            'x-ms-max-item-count': String(pageDevices),
            ...(continuation && { 'x-ms-continuation': continuation })
          }
        })
        found.push(...bodyOf(answer, Twins))
        continuation = answer.headers.get('x-ms-continuation')
      } while (continuation)
      return found.map(deviceOf).filter(device => device !== undefined)
    },
    async orderStop(deviceId, stop) {
      const answer = await send(twins, {
        method: 'PATCH',
        path: `/twins/${deviceId}`,
        body: { properties: { desired: { stop } } },
        within: AbortSignal.timeout(TWINS_WITHIN_MS)
      })
      if (codeOf(answer) === 'DeviceNotFound') return false
      bodyOf(answer, v.unknown())
      return true
    },
    async callDevice(deviceId, method) {
      const answer = await send(methods, {
        method: 'POST',
        path: `/twins/${deviceId}/methods`,
        body: {
          methodName: method,
          payload: null,
          connectTimeoutInSeconds: 0,
          responseTimeoutInSeconds: ANSWER_WITHIN_S
        },
        within: AbortSignal.timeout(CALL_WITHIN_MS)
      })
      if (codeOf(answer) === 'DeviceNotFound') return { kind: 'unknown' }
      if (answer.status === 404) return { kind: 'offline' }
      if (answer.status === 504) return { kind: 'silent' }
      return { kind: 'answered', status: bodyOf(answer, MethodAnswer).status }
    }
  }
}

/** IoT Hub's name of the error that it answers, or empty. */
const codeOf = ({ headers }: PipelineResponse): string => headers.get('iothub-errorcode') ?? ''

/** What the hub has done; throws where it has not. */
function bodyOf<S extends v.GenericSchema>(answer: PipelineResponse, schema: S): v.InferOutput<S> {
  const { status, bodyAsText, request } = answer
  if (status < 300) return v.parse(schema, JSON.parse(bodyAsText || 'null'))
  throw new Error(
    `IoT Hub answered ${status} ${codeOf(answer)} to ${request.method} ${request.url}`
  )
}

/** The IoT Hub of this deployment, as this app. */
export const iotHub = createIotHub(() => setting('IOT_HUB_HOST'), credential)
