/** One sentence for what a person can mend; anything else is a defect and is returned as it is, with its stack. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { message } = error
  const code = 'code' in error ? String(error.code) : ''
  const told = (name: string) => code === name || message.includes(name)
  // Parts of the cloud run in processes of their own: of their errors only the message arrives.
  if (told('ENOSPC') || message.includes('database or disk is full')) {
    return 'The disk is full: make room and start again.'
  }
  if (told('EADDRINUSE')) return `A port is busy (${message}): choose another --port-base.`
  if (told('EACCES') || told('EPERM') || told('EROFS')) return `No permission to write: ${message}`
  if (told('EEXIST') || told('ENOTDIR')) return `--state must be a folder: ${message}`
  if (told('ECONNREFUSED') || told('ECONNRESET')) {
    return `Nobody answers there (${message}): start it, or wait until it has stopped.`
  }
  if (code === 'ERR_SQLITE_ERROR') return `The state folder cannot be used: ${message}`
  if (code.startsWith('ERR_PARSE_ARGS')) return `${message.split('. ')[0]}. See --help.`
  return error.constructor === Error ? message : error
}
