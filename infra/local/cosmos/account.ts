import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Change, Container, type Definition, type Item } from './container.ts'
import { type Document, type Json, withId } from './document.ts'
import { conflict, notFound, notServed } from './errors.ts'
import { Journal } from './journal.ts'

/** Properties of a container that are served. */
const CONTAINER_PROPERTIES = ['id', 'partitionKey', 'indexingPolicy', 'defaultTtl']

type Database = { id: string; _rid: string; _self: string }
/** The lines of the journal. Containers go by `database/container`. */
type Entry =
  | { database: Database }
  | { container: Definition; name: string; lsn: number }
  | { gone: string }
  | { in: string; lsn: number; partition: string; put: Item['document'][]; del: string[] }

/** All databases, in memory and in the journal. What a method has done is safe when `durable()` resolves. */
export class Account {
  readonly #databases = new Map<string, Database>()
  readonly #containers = new Map<string, Container>()
  readonly #now: () => number
  #journal!: Journal

  private constructor(now: () => number) {
    this.#now = now
  }

  /** Opens the account kept in `dir`, or a new one. `now` is in ms since 1970. */
  static async open(dir: string, now: () => number): Promise<Account> {
    const account = new Account(now)
    await mkdir(dir, { recursive: true })
    account.#journal = await Journal.open(
      join(dir, 'journal.jsonl'),
      record => account.#replay(record as Entry),
      { lines: () => account.#lines(), chars: () => account.#chars() }
    )
    return account
  }

  durable(): Promise<void> {
    return this.#journal.durable()
  }

  close(): Promise<void> {
    return this.#journal.close()
  }

  reset(): Promise<void> {
    this.#databases.clear()
    this.#containers.clear()
    return this.#journal.rewrite()
  }

  database(id: string): Database {
    return this.#databases.get(id) ?? missing()
  }

  container(name: string): Container {
    return this.#containers.get(name) ?? missing()
  }

  createDatabase(body: Json | undefined): Database {
    const { id } = withId(body)
    if (this.#databases.has(id)) throw conflict(`Database ${id} already exists.`)
    const _rid = ridUnder('')
    const database = { id, ...this.#system(_rid), _self: `dbs/${_rid}/` }
    this.#record({ database })
    return database
  }

  createContainer(databaseId: string, body: Json | undefined): Definition {
    const parent = this.database(databaseId)
    const given = toContainer(body)
    const name = `${databaseId}/${given.id}`
    if (this.#containers.has(name)) throw conflict(`Container ${name} already exists.`)
    const _rid = ridUnder(parent._rid)
    const container = {
      ...given,
      ...this.#system(_rid),
      _self: `${parent._self}colls/${_rid}/`
    }
    this.#record({ container, name, lsn: 0 })
    return container
  }

  /** Deletes a database, or the container of this name. */
  remove(name: string): void {
    if (name.includes('/')) this.container(name)
    else this.database(name)
    this.#record({ gone: name })
  }

  commit(container: Container, change: Change | undefined): void {
    if (!change) return
    container.apply(change)
    this.#journal.append(toLine(container, change))
  }

  #system(_rid: string) {
    return { _rid, _etag: `"${_rid}"`, _ts: Math.floor(this.#now() / 1000) }
  }

  #record(entry: Entry): void {
    this.#replay(entry)
    this.#journal.append(JSON.stringify(entry))
  }

  #replay(entry: Entry): void {
    if ('in' in entry) {
      const container = this.container(entry.in)
      const put = entry.put.map(document => container.toItem(document, entry.lsn))
      container.apply({ ...entry, put })
    } else if ('container' in entry) {
      const { container, name, lsn } = entry
      this.#containers.set(name, new Container(container, name, lsn, this.#now))
    } else if ('database' in entry) this.#databases.set(entry.database.id, entry.database)
    else {
      this.#databases.delete(entry.gone)
      for (const name of this.#containers.keys())
        if (`${name}/`.startsWith(`${entry.gone}/`)) this.#containers.delete(name)
    }
  }

  /** The present state as journal lines, items in the order of their last writes. */
  *#lines(): Generator<string> {
    for (const database of this.#databases.values()) yield JSON.stringify({ database })
    for (const container of this.#containers.values()) {
      const { definition, name, lsn, feed } = container
      yield JSON.stringify({ container: definition, name, lsn })
      for (const item of feed.items())
        if (container.isLive(item)) yield toLine(container, { ...item, put: [item], del: [] })
    }
  }

  #chars(): number {
    return [...this.#containers.values()].reduce((sum, { chars }) => sum + chars, 0)
  }
}

function missing(): never {
  throw notFound('Owner resource does not exist', 1003)
}

/** Made from the items' texts, so that no document is written out twice. */
function toLine({ name }: Container, { put, lsn, partition, del }: Change): string {
  const rest = JSON.stringify({ in: name, lsn, partition, del })
  return `{"put":[${put.map(item => item.text).join()}],${rest.slice(1)}`
}

/** Base64 with `-` for `/`, of 4 bytes more than the parent's, as the client expects. Random, so that a container made anew is not taken for the one before it. */
function ridUnder(parent: string): string {
  const bytes = Buffer.from(parent.replaceAll('-', '/'), 'base64')
  return Buffer.concat([bytes, randomBytes(4)])
    .toString('base64')
    .replaceAll('/', '-')
}

function toContainer(body: Json | undefined): Omit<Definition, '_rid' | '_self'> {
  const given = withId(body) as Document & Definition
  const strange = Object.keys(given).find(name => !CONTAINER_PROPERTIES.includes(name))
  if (strange !== undefined) throw notServed(`Container property ${strange}`)
  const { paths, kind = 'Hash' } = given.partitionKey
  if (paths.length !== 1 || kind !== 'Hash') throw notServed('Hierarchical partition keys')
  return { ...given, partitionKey: { ...given.partitionKey, kind } }
}
