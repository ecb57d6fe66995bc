import * as v from 'valibot'
import {
  Frame,
  Negotiation,
  Problem,
  RaceDetail,
  type RideReading,
  Seat,
  type SeatRequest,
  SYNTHETIC_RACE
} from '#contract'
import { setting } from './settings.ts'

/** A request, and the opening of a socket, may take so long, in ms. */
const TIMEOUT_MS = 10_000
/** Web PubSub's own subprotocol: JSON envelopes. */
const SUBPROTOCOL = 'json.webpubsub.azure.v1'
const RACE = `/races/${SYNTHETIC_RACE}`

const Underway = v.pick(RaceDetail, ['phase', 'startsAt'])
const Envelope = v.variant('type', [
  v.object({ type: v.literal('message'), data: v.unknown() }),
  v.object({ type: v.literal('system'), event: v.string() })
])

/** One request to the public API, as anybody's: through the gateway, without this app's identity. */
const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${setting('PUBLIC_API')}${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })

const post = (path: string, token?: string, body?: object): Promise<Response> =>
  ask(path, {
    method: 'POST',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' })
    },
    ...(body && { body: JSON.stringify(body) })
  })

/** The body of a success; throws what the service says is wrong. */
async function bodyOf<const S extends v.GenericSchema>(
  answer: Response,
  schema: S
): Promise<v.InferOutput<S>> {
  if (!answer.ok) throw await refusalOf(answer)
  return v.parse(schema, await answer.json())
}

async function refusalOf(answer: Response): Promise<Error> {
  const problem = v.safeParse(Problem, await answer.json().catch(() => undefined))
  const said = problem.success ? problem.output.detail : answer.statusText
  return new Error(`${new URL(answer.url).pathname} answered ${answer.status}: ${said}`)
}

/** The public doors of the synthetic rider's race; each rejects when it does not open. */
export const publicApi = {
  async readRace(): Promise<v.InferOutput<typeof Underway> | undefined> {
    const answer = await ask(RACE)
    return answer.status === 404 ? undefined : bodyOf(answer, Underway)
  },

  async takeSeat(request: SeatRequest): Promise<Seat> {
    return bodyOf(await post(`${RACE}/seats`, undefined, request), Seat)
  },

  /** Undefined where the seat is held no more. */
  async renewSeat({ bib, token }: Seat): Promise<Seat | undefined> {
    const answer = await post(`${RACE}/seats/${bib}/renewal`, token)
    return [401, 404, 409].includes(answer.status) ? undefined : bodyOf(answer, Seat)
  },

  async sendReading(token: string, reading: RideReading): Promise<void> {
    const answer = await post(`${RACE}/telemetry`, token, reading)
    if (!answer.ok) throw await refusalOf(answer)
  },

  /** Resolves to what closes the socket, once the service has accepted it. */
  async listen(token: string, onFrame: (frame: Frame) => void): Promise<() => void> {
    const { url } = await bodyOf(await post(`${RACE}/negotiate`, token), Negotiation)
    const socket = new WebSocket(url, SUBPROTOCOL)
    const accepted = Promise.withResolvers<void>()
    const late = setTimeout(
      () => accepted.reject(new Error('the socket does not open')),
      TIMEOUT_MS
    )
    socket.onclose = ({ code }) => accepted.reject(new Error(`the socket closed with ${code}`))
    socket.onmessage = ({ data }) => {
      const envelope = v.safeParse(Envelope, JSON.parse(String(data)))
      if (!envelope.success) return
      if (envelope.output.type === 'system') accepted.resolve()
      else onFrame(v.parse(Frame, envelope.output.data))
    }
    try {
      await accepted.promise
    } catch (error) {
      socket.close()
      throw error
    } finally {
      clearTimeout(late)
    }
    return () => socket.close()
  }
}
