import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client'
import type { Board, Frame, Head, Negotiation } from '#contract'
import { apply, boardOf } from '#race/delta'

/** A board as an official client of Web PubSub came to know it; `at` by `Date.now()`. */
export type Received = { at: number; board: Board }

/** Follows a race by socket: `received` grows with every frame. Where one is missed, the head is asked for, as pages do. */
export async function openSocket(race: string, key: string) {
  const received: Received[] = []
  const take = (frame: Frame): void => {
    if (frame.type === 'directory' || frame.type === 'seats') return
    const board = apply(received.at(-1)?.board, frame)
    if (board === 'gap') void readHead()
    else if (board !== 'old') received.push({ at: Date.now(), board })
  }
  const readHead = async (): Promise<void> => {
    const head = (await (await fetch(`${race}/standings`)).json()) as Head
    take({ type: 'snapshot', board: boardOf(head) })
  }
  const getClientAccessUrl = async (): Promise<string> => {
    const headers = { authorization: `Bearer ${key}` }
    const answer = await fetch(`${race}/negotiate`, { method: 'POST', headers })
    return ((await answer.json()) as Negotiation).url
  }
  const protocol = WebPubSubJsonProtocol()
  const client = new WebPubSubClient({ getClientAccessUrl }, { protocol })
  client.on('group-message', ({ message }) => take(message.data as unknown as Frame))
  await client.start()
  await readHead()
  return { received, stop: () => client.stop() }
}
