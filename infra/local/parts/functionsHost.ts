import { runChild } from '../child.ts'
import { startFunctionsHost } from '../functionsHost/server.ts'

await runChild((options: { appDir: string; dir: string; port: number }) =>
  startFunctionsHost(options)
)
