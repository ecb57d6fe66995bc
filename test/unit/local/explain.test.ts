import { describe, expect, it } from 'vitest'
import { readArguments } from '../../../infra/local/arguments.ts'
import { explain } from '../../../infra/local/explain.ts'

const failure = (code: string, message: string) => Object.assign(new Error(message), { code })

describe('what is said when the laptop’s cloud cannot start', () => {
  it('is one sentence about a full disk, wherever it was met', () => {
    const full = 'The disk is full: make room and start again.'
    expect(explain(failure('ENOSPC', 'write'))).toBe(full)
    expect(explain(new Error('ENOSPC: no space left on device, write'))).toBe(full)
    expect(explain(failure('ERR_SQLITE_ERROR', 'database or disk is full'))).toBe(full)
  })

  it('is one sentence about ports, permissions and folders', () => {
    const sentenceOf = (error: unknown) => String(explain(error))
    expect(sentenceOf(new Error('listen EADDRINUSE: 127.0.0.1:7071'))).toMatch(
      /^A port is busy .*7071.*--port-base\.$/
    )
    expect(sentenceOf(failure('EACCES', "mkdir '/race'"))).toBe(
      "No permission to write: mkdir '/race'"
    )
    expect(sentenceOf(failure('EEXIST', "mkdir '/race'"))).toContain('--state must be a folder')
  })

  it('names the option that is wrong', () => {
    const said = (...argv: string[]): unknown => {
      try {
        return readArguments(argv)
      } catch (error) {
        return explain(error)
      }
    }
    expect(said('--riders', 'many')).toBe(
      '--riders must be a whole number from 1 to 1000, not "many".'
    )
    expect(said('--race-seconds', '5')).toMatch(/^--race-seconds must be .* from 10 to 3600/)
    expect(said('--seed', '')).toMatch(/^--seed must be/)
    expect(said('--port-base', '80')).toMatch(/^--port-base must be/)
    expect(said('--state', '')).toBe('--state must name a folder.')
    expect(said('--laps', '3')).toBe("Unknown option '--laps'. See --help.")
    expect(said('--riders')).toMatch(/--riders.*See --help\.$/)
    expect(said('ride')).toMatch(/'ride'.*See --help\.$/)
  })

  it('is one sentence about a cloud that does not answer', () => {
    expect(explain(failure('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:43109'))).toBe(
      'Nobody answers there (connect ECONNREFUSED 127.0.0.1:43109): start it, or wait until it has stopped.'
    )
  })

  it('keeps the stack of a defect', () => {
    const defect = new TypeError('undefined is not a function')
    expect(explain(defect)).toBe(defect)
  })
})
