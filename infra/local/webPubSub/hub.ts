import type { WebSocket } from 'ws'

/** A socket that has more than this unsent is closed, in bytes. */
const MAX_BUFFERED_BYTES = 1_048_576

export type Connection = {
  id: string
  userId: string | undefined
  roles: ReadonlySet<string>
  socket: WebSocket
}

/** A message as JSON or text. */
export type Payload = { dataType: 'json' | 'text'; data: unknown }

/** The hub's groups. Nothing of it is stored: as at the service's own restarts, clients reconnect and join again. */
export function createHub() {
  const groups = new Map<string, Set<Connection>>()

  function leave(connection: Connection, group: string) {
    const members = groups.get(group)
    if (members?.delete(connection) && members.size === 0) groups.delete(group)
  }

  return {
    join(connection: Connection, group: string) {
      const members = groups.get(group) ?? new Set()
      groups.set(group, members.add(connection))
    },

    leave,

    /** Leaves every group. */
    drop(connection: Connection) {
      for (const group of groups.keys()) leave(connection, group)
    },

    /**
     * Sends to everyone in the group but `except`, by one frame for all. Who cannot keep up is closed rather than
     * skipped: a client that reconnects knows that it missed something.
     */
    send(group: string, payload: Payload, sender?: Connection, except?: Connection) {
      const fromUserId = sender?.userId
      const message = { type: 'message', from: 'group', fromUserId, group, ...payload }
      const frame = Buffer.from(JSON.stringify(message))
      for (const connection of groups.get(group) ?? []) {
        if (connection === except) continue
        if (connection.socket.bufferedAmount > MAX_BUFFERED_BYTES) connection.socket.terminate()
        else connection.socket.send(frame, { binary: false })
      }
    }
  }
}

export type Hub = ReturnType<typeof createHub>
