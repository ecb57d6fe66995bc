import fs from 'node:fs'
import { promisify } from 'node:util'
import { decodeRecords, encodeRecord, type NewEvent, type StoredEvent } from './record.ts'

/** Bytes of one read: more than the largest record, an event of 1 MiB with its key. */
const READ_BYTES = 2 ** 21
/** Bytes between two marks of the sparse index in memory. */
const MARK_BYTES = 2 ** 16

const sync = promisify(fs.fdatasync)

type Mark = Pick<StoredEvent, 'sequence' | 'enqueuedAt' | 'position'>

/** How far a partition reaches: `end` in bytes, the next sequence number, and the newest event. */
type Reach = { end: number; nextSequence: number; newest: Mark | undefined }

const EMPTY: Reach = { end: 0, nextSequence: 0, newest: undefined }

/** One partition: an append-only file of records. Readers see what is committed, never what is only written. */
export class Partition {
  readonly id: string
  readonly #file: number
  readonly #listeners = new Set<() => void>()
  #marks: Mark[] = []
  #written = EMPTY
  #committed = EMPTY

  /** Opens the file, or creates it; a torn tail is cut off. */
  constructor(path: string, id: string) {
    this.id = id
    this.#file = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT)
    const size = fs.fstatSync(this.#file).size
    for (;;) {
      const events = this.#records(this.#written.end, size)
      if (events.length === 0) break
      for (const event of events) this.#advance(event)
    }
    fs.ftruncateSync(this.#file, this.#written.end)
    // After a crash the tail may be in the page cache alone, and readers are about to see it.
    fs.fdatasyncSync(this.#file)
    this.#committed = this.#written
  }

  /** What is committed. */
  get reach(): Reach {
    return this.#committed
  }

  /** Appends events, and resolves once they are on disk and visible. Only one append at a time. */
  async append(events: NewEvent[], now: number): Promise<void> {
    const start = this.#written.end
    // The service's enqueued time never goes backwards within a partition.
    const enqueuedAt = Math.max(now, this.#written.newest?.enqueuedAt ?? 0)
    const records = events.map(event => {
      const stored = { ...event, enqueuedAt, sequence: this.#written.nextSequence }
      const record = encodeRecord(stored)
      const position = this.#written.end
      this.#advance({ ...stored, position, end: position + record.length })
      return record
    })
    const bytes = Buffer.concat(records)
    if (fs.writeSync(this.#file, bytes, 0, bytes.length, start) !== bytes.length)
      throw new Error(`Partition ${this.id} was written in part: the disk may be full`)
    await sync(this.#file)
    this.#committed = this.#written
    for (const listener of this.#listeners) listener()
  }

  /** Calls `listener` after every append, until the returned function is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The committed events from a record's position on, as many as one read holds. */
  read(position: number): StoredEvent[] {
    const events = this.#records(position, this.#committed.end)
    if (events.length === 0 && position < this.#committed.end)
      throw new Error(`Partition ${this.id} has no whole record at byte ${position}`)
    return events
  }

  /** Position of the first event that is not before the wanted one; `isBefore` must be monotonic. */
  seek(isBefore: (event: Mark) => boolean): number {
    const { end } = this.#committed
    let position =
      this.#marks.findLast(mark => mark.position < end && isBefore(mark))?.position ?? 0
    while (position < end) {
      const events = this.read(position)
      const found = events.find(event => !isBefore(event))
      if (found) return found.position
      position = events.at(-1)?.end ?? end
    }
    return end
  }

  clear(): void {
    fs.ftruncateSync(this.#file, 0)
    this.#marks = []
    this.#written = EMPTY
    this.#committed = EMPTY
  }

  close(): void {
    fs.closeSync(this.#file)
  }

  #advance({ sequence, enqueuedAt, position, end }: Omit<StoredEvent, keyof NewEvent>): void {
    const newest = { sequence, enqueuedAt, position }
    const mark = this.#marks.at(-1)
    if (!mark || position >= mark.position + MARK_BYTES) this.#marks.push(newest)
    this.#written = { end, nextSequence: sequence + 1, newest }
  }

  #records(position: number, end: number): StoredEvent[] {
    const bytes = Buffer.allocUnsafe(Math.min(READ_BYTES, end - position))
    const length = fs.readSync(this.#file, bytes, 0, bytes.length, position)
    return decodeRecords(bytes.subarray(0, length), position)
  }
}
