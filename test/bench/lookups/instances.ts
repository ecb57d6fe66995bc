import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { appSettings, identitySettings } from '../../../infra/local/appSettings.ts'
import type { Cloud } from '../../../infra/local/cloud.ts'
import { listen, stop } from '../../../infra/local/jsonServer.ts'
import { keepRunning } from '../../../infra/local/processes.ts'
import { startBalancer } from './balancer.ts'
import { startStoreDoor } from './storeDoor.ts'

const APP = 'public'
const HOST = new URL('../../../infra/local/parts/functionsHost.ts', import.meta.url)

/** Puts several processes of the app `public`, each with a counted way to the store, in the place of the cloud's one. */
export async function startInstances({ plan, parts }: Cloud, appDir: string, count: number) {
  await using undo = new AsyncDisposableStack()
  await parts.get(APP)?.stop()
  const identity = (await identitySettings(plan))(APP)
  const doors = []
  const urls: string[] = []
  for (let i = 0; i < count; i++) {
    const door = await startStoreDoor(plan, APP)
    undo.defer(() => door.close())
    const name = `${APP}-${i + 1}`
    const port = await freePort()
    const host = await keepRunning(
      {
        name,
        file: fileURLToPath(HOST),
        options: { appDir, dir: `${plan.dir}/hosts/${name}`, port },
        env: { ...appSettings(APP, plan), ...identity, COSMOS__accountEndpoint: door.url }
      },
      `${plan.dir}/logs`
    )
    undo.defer(() => host.stop())
    doors.push(door)
    urls.push(`http://127.0.0.1:${port}`)
  }
  const balancer = await startBalancer(plan.ports.public, urls)
  undo.defer(() => balancer.close())
  const all = undo.move()
  return { doors, balancer, close: () => all.disposeAsync() }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, 0)
  await stop(server)
  return port
}
