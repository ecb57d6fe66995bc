/** Runs what azd calls as a hook, with the environment's outputs as variables; says in one sentence why it fails. */
export async function runHook(
  run: (env: Record<string, string | undefined>) => Promise<void>
): Promise<void> {
  try {
    await run(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
