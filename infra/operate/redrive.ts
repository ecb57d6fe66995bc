import * as v from 'valibot'
import { DeadLetterReason } from '#contract'
import { count } from './archive.ts'
import { runCommand, type Values } from './arguments.ts'
import { connect } from './connection.ts'
import { resend } from './resend.ts'

const USAGE = `npm run redrive -- [options]

Sends again what became dead letters, once what was wrong is put right. What is refused again becomes one again.

  --reason R        of this reason alone, such as no-race
  --race ID         of this race alone
  --dry-run         say what would be sent, and send nothing`

const OPTIONS = {
  reason: { type: 'string' },
  race: { type: 'string' },
  'dry-run': { type: 'boolean', default: false }
} as const

await runCommand(USAGE, OPTIONS, async (values, place) => {
  const raceId = values.race === undefined ? undefined : String(values.race)
  const dryRun = values['dry-run'] === true
  const wanted = { reason: reasonOf(values), raceId, dryRun }
  const connection = await connect(place)
  try {
    const told = await resend(connection, wanted)
    if (!told.size) console.log('There are no such dead letters.')
    for (const [reason, { found, sent, missing, ofDevices }] of told) {
      const parts = [
        `${sent} ${dryRun ? 'would be sent' : 'sent'}`,
        `${missing} not in the archive yet`,
        ...(ofDevices ? [`${ofDevices} of devices, which send for themselves`] : [])
      ]
      console.log(`${reason}: ${count(found, 'dead letter')}, ${parts.join(', ')}.`)
    }
    return 0
  } finally {
    await connection.close()
  }
})

function reasonOf({ reason }: Values): DeadLetterReason | undefined {
  if (reason === undefined) return undefined
  if (v.is(DeadLetterReason, reason)) return reason
  throw new Error(`--reason must be one of ${DeadLetterReason.options.join(', ')}.`)
}
