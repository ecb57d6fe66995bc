import type { StandIn } from './standIn.ts'

/** Runs one part of the cloud in a process of its own: tells the parent when it serves, ends by SIGTERM or with it. */
export async function runChild<O>(
  start: (options: O) => Promise<Pick<StandIn, 'close'>>
): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as O
  // At once, as by a power cut: the parent's next start finds ports and files free.
  process.once('disconnect', () => process.exit(1))
  // Ctrl-C reaches the whole group: the parent decides the order in which to end.
  process.on('SIGINT', () => undefined)
  try {
    const part = await start(options)
    process.once('SIGTERM', async () => {
      await part.close()
      process.exit(0)
    })
    process.send?.({ ready: true })
  } catch (error) {
    console.error(error)
    process.exitCode = 1
    const failed = error instanceof Error ? error.message : String(error)
    process.send?.({ failed }, () => process.disconnect())
  }
}
