import type { StandIn } from './standIn.ts'

/** Runs one part of the cloud in a process of its own: tells the parent when it serves, ends with it or by SIGTERM. */
export async function runChild<O>(
  start: (options: O) => Promise<Pick<StandIn, 'close'>>
): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as O
  try {
    const part = await start(options)
    process.send?.({ ready: true })
    const end = async () => {
      await part.close()
      process.exit(0)
    }
    process.once('SIGTERM', end)
    process.once('disconnect', end)
    // Ctrl-C reaches the whole group: the parent decides the order in which to end.
    process.on('SIGINT', () => undefined)
  } catch (error) {
    process.send?.({ failed: error instanceof Error ? error.message : String(error) })
    console.error(error)
    process.exitCode = 1
    process.disconnect?.()
  }
}
