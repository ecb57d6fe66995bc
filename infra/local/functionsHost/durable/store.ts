import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS instance (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, execution TEXT NOT NULL, status TEXT NOT NULL,
    input TEXT NOT NULL, output TEXT, customStatus TEXT, plan TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS history (
    seq INTEGER PRIMARY KEY, instance TEXT NOT NULL, event TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS historyByInstance ON history (instance, seq);
  CREATE TABLE IF NOT EXISTS inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, execution TEXT, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS inboxByTarget ON inbox (target, seq);
  CREATE TABLE IF NOT EXISTS entity (id TEXT PRIMARY KEY, state TEXT);
  CREATE TABLE IF NOT EXISTS timer (
    instance TEXT NOT NULL, execution TEXT NOT NULL, id INTEGER NOT NULL, fireAt INTEGER NOT NULL,
    PRIMARY KEY (instance, id));
  CREATE TABLE IF NOT EXISTS activity (
    instance TEXT NOT NULL, execution TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
    input TEXT NOT NULL, PRIMARY KEY (instance, execution, id));
`
const FILE = 'taskHub.sqlite'

type Table = 'instance' | 'history' | 'inbox' | 'entity' | 'timer' | 'activity'
type Write = { write(): void; done(): void; fail(error: unknown): void }

/** A message for an orchestration (`target` is its id) or an entity (`target` is `@name@key`). */
export type Message = { seq: number; target: string; execution: string | null; body: string }

export type Store = ReturnType<typeof openStore>

/**
 * The task hub in one SQLite file in `dir`. Reads see only what is on disk; writes go through
 * `commit`. `onCommit` learns which targets have new messages.
 */
export function openStore(dir: string, onCommit: (targets: Set<string>) => void) {
  mkdirSync(dir, { recursive: true })
  const db = new DatabaseSync(join(dir, FILE))
  db.exec(SCHEMA)
  const statements = new Map<string, StatementSync>()
  let targets = new Set<string>()
  let pending: Write[] = []

  function prepare(sql: string): StatementSync {
    const statement = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  function flush() {
    const group = pending
    pending = []
    try {
      db.exec('BEGIN IMMEDIATE')
      for (const { write } of group) write()
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      for (const { fail } of group) fail(error)
      targets.clear()
      return
    }
    for (const { done } of group) done()
    const woken = targets
    targets = new Set()
    onCommit(woken)
  }

  /** Within `commit` only. */
  function insert(table: Table, row: Record<string, SQLInputValue>): void {
    const names = Object.keys(row)
    const places = names.map(name => `:${name}`)
    prepare(`INSERT OR REPLACE INTO ${table} (${names}) VALUES (${places})`).run(row)
  }

  return {
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: SQLInputValue[]) =>
      prepare(sql).get(...values) as Row | undefined,
    /** Within `commit` only; returns the number of changed rows. */
    run: (sql: string, ...values: SQLInputValue[]) => Number(prepare(sql).run(...values).changes),
    insert,

    /** Within `commit` only: a message for one `execution` of the target, or for any (null). */
    post(target: string, execution: string | null, body: object) {
      insert('inbox', { target, execution, body: JSON.stringify(body) })
      targets.add(target)
    },

    /**
     * Resolves to the value of `write` when what it wrote is on disk. The writes of one turn of the
     * event loop share a transaction, so a write must not throw: it would fail its neighbours.
     */
    commit<Value>(write: () => Value): Promise<Value> {
      const { promise, resolve, reject } = Promise.withResolvers<Value>()
      let value: Value
      if (pending.length === 0) setImmediate(flush)
      pending.push({ write: () => (value = write()), done: () => resolve(value), fail: reject })
      return promise
    },

    close: () => db.close()
  }
}

/** Deletes the closed task hub in `dir`. */
export function removeStore(dir: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, FILE + suffix), { force: true })
}
