import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCloud } from '../local/cloud.ts'
import { endpointsOf } from '../local/endpoints.ts'
import { required, runCommand } from './arguments.ts'
import { type Connection, connect, connectToLaptop } from './connection.ts'
import { rebuild } from './rebuild.ts'

const USAGE = `npm run replay -- --race ID [options]

Rebuilds a race from configuration, ledger and archive, and compares the final classifications byte for byte.

  --race ID         the race
  --into DIR        state folder of a running laptop that does not know the race, or new: an empty one for this alone (new)`

const OPTIONS = { race: { type: 'string' }, into: { type: 'string', default: 'new' } } as const

await runCommand(USAGE, OPTIONS, async (values, place) => {
  const raceId = required(values, 'race')
  const into = required(values, 'into')
  const source = await connect(place)
  try {
    const target = into === 'new' ? await startEmpty() : await connect({ state: into })
    try {
      const difference = await rebuild(source, target, raceId, console.log)
      console.log(difference ?? `${raceId}: equal, byte for byte.`)
      return difference === undefined ? 0 : 1
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
})

/** An empty cloud in a folder of its own, which goes when it is closed. */
async function startEmpty(): Promise<Connection> {
  if (!existsSync('dist/aggregate/index.cjs')) {
    throw new Error('There is no build to replay with: run npm run build first.')
  }
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-replay-'))
  const cloud = await startCloud({ dir })
  const connection = await connectToLaptop(endpointsOf(cloud.plan, {}))
  const close = async () => {
    await connection.close()
    await cloud.close()
    await rm(dir, { recursive: true, force: true })
  }
  return { ...connection, close }
}
