/** Below `information`, the host's default level. */
const QUIET = ['trace', 'debug']

/** Writes one line to stderr: level, function (or `host`), message. */
export function writeLog(level: string, source: string, message: string): void {
  if (QUIET.includes(level)) return
  process.stderr.write(`[${level}] ${source}: ${message.replaceAll(/\s*\n\s*/g, ' | ')}\n`)
}
