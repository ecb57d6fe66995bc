import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { runChild } from '../child.ts'
import type { CloudPlan } from '../plan.ts'

const POLL_MS = 50

/** Azurite is a program, not a library: it reads the command line and says nothing when it serves. */
await runChild(async ({ dir, ports, tlsFiles }: CloudPlan) => {
  process.argv.splice(
    2,
    process.argv.length,
    ...['--blobHost', '127.0.0.1', '--blobPort', String(ports.storage)],
    ...['--location', `${dir}/storage`, '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
    ...['--oauth', 'basic', '--cert', tlsFiles.cert, '--key', tlsFiles.key]
  )
  createRequire(import.meta.url)('azurite/dist/src/blob/main.js')
  while (!(await answers(ports.storage))) await pause(POLL_MS)
  return { close: async () => undefined }
})

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
