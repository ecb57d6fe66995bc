import { type DemonstrationOptions, startDemonstration } from './demonstration.ts'

/** The one argument, written by whoever starts this process: all of `DemonstrationOptions` that JSON can hold. */
const options: Omit<DemonstrationOptions, 'now' | 'log'> = JSON.parse(process.argv[2] ?? '')

const log = (line: object) => console.log(JSON.stringify(line))
const demonstration = startDemonstration({ ...options, now: Date.now, log })
process.once('SIGTERM', () => void demonstration.stop())
process.once('disconnect', () => void demonstration.stop())
// Ctrl-C reaches the whole group: the parent decides the order in which to end.
process.on('SIGINT', () => undefined)
process.send?.({ ready: true })
await demonstration.done
if (process.connected) process.disconnect()
