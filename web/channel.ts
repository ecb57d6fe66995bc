import * as v from 'valibot'
import { Frame } from '#contract/channel'

/** The service's subprotocol: JSON envelopes and its own ping. */
const SUBPROTOCOL = 'json.webpubsub.azure.v1'
/** A silent socket is asked for a sign of life after this long, in ms; given up after the second. */
const QUIET_MS = 2_000
const DEAD_MS = 8_000
const HEARTBEAT_MS = 1_000
/** Waiting before a new attempt doubles from the first to the second, in ms, and is jittered. */
const BACKOFF_MIN_MS = 500
const BACKOFF_MAX_MS = 15_000

const Envelope = v.variant('type', [
  v.object({ type: v.literal('message'), data: v.unknown() }),
  v.object({ type: v.literal('system'), event: v.string() }),
  v.object({ type: v.literal('pong') })
])

type ChannelOptions = {
  /** Asks for an address for every attempt: they expire. */
  address(): Promise<string>
  /** The service has accepted the socket; frames follow, and some may have been missed. */
  onOpen(): void
  onClose(): void
  onFrame(frame: Frame): void
  /** The service answered a ping. */
  onPong(): void
  /** What went wrong: an address refused, a message that breaks the contract. */
  onError(error: unknown): void
  /** Between 0 and 1, for the jitter of attempts. */
  random(): number
}

/** Keeps one socket to the race's group open until closed. */
export function openChannel(options: ChannelOptions): { close(): void } {
  let socket: WebSocket | undefined
  let closed = false
  let attempts = 0
  let silentMs = 0

  const receive = (text: unknown): void => {
    silentMs = 0
    const envelope = v.parse(Envelope, JSON.parse(String(text)))
    if (envelope.type === 'message') options.onFrame(v.parse(Frame, envelope.data))
    else if (envelope.type === 'pong') options.onPong()
    else if (envelope.event === 'connected') {
      attempts = 0
      options.onOpen()
    }
  }

  const retry = (): void => {
    if (closed) return
    const wait = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** attempts++)
    setTimeout(connect, wait * (0.5 + options.random() / 2))
  }

  const drop = (): void => {
    const dropped = socket
    if (!dropped) return
    socket = undefined
    dropped.close()
    options.onClose()
    retry()
  }

  const connect = async (): Promise<void> => {
    try {
      const address = await options.address()
      if (closed) return
      const opening = new WebSocket(address, SUBPROTOCOL)
      socket = opening
      silentMs = 0
      opening.onmessage = event => {
        if (opening !== socket) return
        try {
          receive(event.data)
        } catch (error) {
          options.onError(error)
        }
      }
      opening.onclose = () => {
        if (opening === socket) drop()
      }
    } catch (error) {
      options.onError(error)
      retry()
    }
  }

  const heartbeat = setInterval(() => {
    silentMs += HEARTBEAT_MS
    if (silentMs > DEAD_MS) drop()
    else if (socket?.readyState === WebSocket.OPEN && silentMs >= QUIET_MS) {
      socket.send('{"type":"ping"}')
    }
  }, HEARTBEAT_MS)
  connect()

  return {
    close() {
      closed = true
      clearInterval(heartbeat)
      socket?.close()
      socket = undefined
    }
  }
}
