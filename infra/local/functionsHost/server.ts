import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen, stop as stopServer } from '../jsonServer.ts'
import type { StandIn } from '../standIn.ts'
import { type App, loadApp } from './core.ts'
import { createCatalog } from './durable/catalog.ts'
import { clientBinding, RPC_PATH, serveRpc } from './durable/rpc.ts'
import { removeStore } from './durable/store.ts'
import { startTaskHub } from './durable/taskHub.ts'
import { messageOf } from './errors.ts'
import { createInvoke, type Invoke } from './invoke.ts'
import { writeLog } from './log.ts'
import { createRouter } from './router.ts'
import { type HostSettings, readHostSettings } from './settings.ts'
import { runCosmosDb } from './triggers/cosmosDb.ts'
import { runEventHub } from './triggers/eventHub.ts'
import { readBody, serveHttp } from './triggers/http.ts'
import { runTimer } from './triggers/timer.ts'

/**
 * Stands in for the Azure Functions host with Durable Functions, for one app per process: loads
 * the app in `appDir` (host.json, package.json with `main`) and serves its triggers. `dir` holds
 * the task hub. Connections come from the environment as in Azure. Rejects if the app does not load
 * or binds something that is not served.
 */
export async function startFunctionsHost(options: {
  appDir: string
  dir: string
  port: number
}): Promise<StandIn> {
  const { appDir, dir } = options
  const settings = readHostSettings(appDir)
  const app = await loadApp(appDir)
  const match = createRouter(app.functions, settings.routePrefix)
  const catalog = createCatalog(app.functions)
  const server = createServer((request, response) => {
    answer(request, response).catch(error => {
      writeLog('error', 'host', `${request.method} ${request.url}: ${messageOf(error)}`)
      if (!response.headersSent) response.writeHead(error instanceof URIError ? 400 : 500)
      response.end()
    })
  })
  const port = await listen(server, options.port)
  const url = `http://127.0.0.1:${port}`
  // without it a durable client turns the addresses in its binding to the official tools' port
  process.env.WEBSITE_HOSTNAME ??= `127.0.0.1:${port}`
  const invoke = createInvoke(app, clientBinding(url, settings.taskHub))

  function start() {
    const stopping = new AbortController()
    const triggers = startTriggers(app, settings, invoke, stopping.signal)
    const taskHub = startTaskHub(dir, catalog, invoke, settings.maxEntityOperationBatchSize)
    return {
      taskHub,
      async stop() {
        stopping.abort()
        await Promise.all(triggers)
        await taskHub.stop()
      }
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request
    const address = new URL(path, url)
    if (!address.pathname.startsWith(RPC_PATH)) return serveHttp(request, response, match, invoke)
    const content = (await readBody(request)).toString()
    const { status, body } = await serveRpc(running.taskHub, catalog, method, address, content)
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

  let running = start()
  return {
    url,
    async reset() {
      await running.stop()
      removeStore(dir)
      running = start()
    },
    async close() {
      await app.runHooks('appTerminate', { hookData: {}, appHookData: {} })
      await running.stop()
      await stopServer(server)
    }
  }
}

function startTriggers(
  app: App,
  settings: HostSettings,
  invoke: Invoke,
  signal: AbortSignal
): Promise<void>[] {
  const withEmptyEntries = app.capabilities.IncludeEmptyEntriesInMessagePayload === 'true'
  return app.functions.flatMap(fn => {
    switch (fn.trigger.type) {
      case 'timerTrigger':
        return [runTimer(fn, invoke, signal)]
      case 'cosmosDBTrigger':
        return [runCosmosDb(fn, invoke, signal)]
      case 'eventHubTrigger':
        return [runEventHub(fn, invoke, settings.eventHubs, withEmptyEntries, signal)]
      default:
        return []
    }
  })
}
