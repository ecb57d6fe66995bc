import type { Queue } from '#contract'
import { queueOf } from '#race/ledgerQueue'
import { type LedgerPorts, readLedger } from './readLedger.ts'

/** Shows officials who races next and what was timed lately; throws `Refused` for races without laps or not open yet. */
export function createQueue(ports: LedgerPorts): (raceId: string) => Promise<Queue> {
  return async raceId => {
    const [ledger, directory] = await Promise.all([
      readLedger(ports, raceId),
      ports.readDirectory(raceId)
    ])
    return queueOf(ledger, directory?.entries ?? [], ports.now())
  }
}
