import * as v from 'valibot'
import type { Connection, Hub } from './hub.ts'

/** The one subprotocol served: without the reliable one's sequence numbers and recovery. */
export const SUBPROTOCOL = 'json.webpubsub.azure.v1'
/** Policy violation: the client does not try to recover the connection. */
const CLOSE_POLICY = 1008

const group = v.pipe(v.string(), v.minLength(1), v.maxLength(1024))
const ackId = v.optional(v.number())
const ClientFrame = v.pipe(
  v.string(),
  v.parseJson(),
  v.variant('type', [
    v.object({ type: v.literal('ping') }),
    v.object({ type: v.literal('joinGroup'), group, ackId }),
    v.object({ type: v.literal('leaveGroup'), group, ackId }),
    v.object({
      type: v.literal('sendToGroup'),
      group,
      ackId,
      noEcho: v.optional(v.boolean(), false),
      dataType: v.picklist(['json', 'text']),
      data: v.unknown()
    })
  ])
)

/** The first frame on a connection. */
export function greet({ socket, userId, id }: Connection) {
  socket.send(JSON.stringify({ type: 'system', event: 'connected', userId, connectionId: id }))
}

/** Does what a client's frame asks for. A frame that is not served ends the connection and says why. */
export function receive(hub: Hub, connection: Connection, text: string) {
  const { socket, roles } = connection
  const frame = v.safeParse(ClientFrame, text)
  if (!frame.success) {
    const message = `Not a frame that is served: ${v.summarize(frame.issues)}`
    socket.send(JSON.stringify({ type: 'system', event: 'disconnected', message }))
    socket.close(CLOSE_POLICY, 'Not a frame that is served')
    return
  }
  const asked = frame.output
  if (asked.type === 'ping') {
    socket.send('{"type":"pong"}')
    return
  }
  const role = `webpubsub.${asked.type === 'sendToGroup' ? 'sendToGroup' : 'joinLeaveGroup'}`
  const isAllowed = roles.has(role) || roles.has(`${role}.${asked.group}`)
  if (isAllowed) {
    if (asked.type === 'joinGroup') hub.join(connection, asked.group)
    else if (asked.type === 'leaveGroup') hub.leave(connection, asked.group)
    else {
      const { dataType, data } = asked
      hub.send(asked.group, { dataType, data }, connection, asked.noEcho ? connection : undefined)
    }
  }
  if (asked.ackId === undefined) return
  const message = `The client has no role ${role}.${asked.group}`
  const outcome = isAllowed
    ? { success: true }
    : { success: false, error: { name: 'Forbidden', message } }
  socket.send(JSON.stringify({ type: 'ack', ackId: asked.ackId, ...outcome }))
}
