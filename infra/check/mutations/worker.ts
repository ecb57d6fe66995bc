import { parentPort, workerData } from 'node:worker_threads'
import { type Share, tryShare } from './share.ts'

parentPort?.postMessage(await tryShare(workerData as Share))
