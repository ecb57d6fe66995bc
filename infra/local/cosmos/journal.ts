import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A journal smaller than this is never rewritten, in bytes. */
const REWRITE_MIN_BYTES = 64 * 1024 * 1024
/** A journal is rewritten when it is this many times as large as what it says. */
const REWRITE_FACTOR = 4
/** Lines of a snapshot that are written at once. */
const PIECE_LINES = 1_000

/** What the journal tells of: the present state as lines, and about how many characters they are. */
export type Snapshot = { lines(): Iterable<string>; chars(): number }

/** One append-only file of JSON lines. All lines of a turn share one fdatasync. */
export class Journal {
  readonly #path: string
  readonly #snapshot: Snapshot
  #file: FileHandle
  #bytes: number
  #lines: string[] = []
  #isRewriteDue = false
  #next: Promise<void> | undefined
  #written: Promise<void> = Promise.resolve()

  private constructor(path: string, file: FileHandle, bytes: number, snapshot: Snapshot) {
    this.#path = path
    this.#file = file
    this.#bytes = bytes
    this.#snapshot = snapshot
  }

  /** Opens the file and gives `replay` each line's value. A last line that was not written whole is cut off: it was never acknowledged. */
  static async open(path: string, replay: (record: unknown) => void, snapshot: Snapshot) {
    const file = await open(path, 'a+')
    const content = await readFile(path)
    let start = 0
    let end = content.indexOf('\n')
    while (end >= 0) {
      replay(JSON.parse(content.toString('utf8', start, end)))
      start = end + 1
      end = content.indexOf('\n', start)
    }
    await file.truncate(start)
    await syncFolder(path)
    return new Journal(path, file, start, snapshot)
  }

  /** Takes a line of what the state holds already. */
  append(line: string): void {
    this.#lines.push(`${line}\n`)
    this.#next ??= this.#written.then(() => this.#flush())
  }

  /** Replaces the file by the present state, now. */
  rewrite(): Promise<void> {
    this.#isRewriteDue = true
    this.#next ??= this.#written.then(() => this.#flush())
    return this.#next
  }

  /** Resolves when all that was appended so far is on disk; rejects for ever after a failed write, when nobody knows what the file holds. */
  durable(): Promise<void> {
    return this.#next ?? this.#written
  }

  async close(): Promise<void> {
    await this.durable()
    await this.#file.close()
  }

  async #flush(): Promise<void> {
    this.#written = this.durable()
    this.#next = undefined
    const lines = this.#lines
    this.#lines = []
    const isLarge = this.#bytes > REWRITE_MIN_BYTES
    // A snapshot holds the lines already.
    if (this.#isRewriteDue || (isLarge && this.#bytes > REWRITE_FACTOR * this.#snapshot.chars()))
      return this.#writeSnapshot()
    this.#bytes += await write(this.#file, lines)
    await this.#file.datasync()
  }

  async #writeSnapshot(): Promise<void> {
    this.#isRewriteDue = false
    const lines = [...this.#snapshot.lines()]
    const file = await open(`${this.#path}.new`, 'w')
    this.#bytes = 0
    while (lines.length > 0)
      this.#bytes += await write(
        file,
        lines.splice(0, PIECE_LINES).map(line => `${line}\n`)
      )
    await file.datasync()
    await rename(`${this.#path}.new`, this.#path)
    await syncFolder(this.#path)
    await this.#file.close()
    this.#file = file
  }
}

/** Writes the lines; resolves to their bytes. */
async function write(file: FileHandle, lines: string[]): Promise<number> {
  const data = Buffer.from(lines.join(''))
  await file.appendFile(data)
  return data.length
}

/** A new name must be found again after a crash. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  await folder.sync()
  await folder.close()
}
