import { type Document, type Path, partitionOf, toPath } from './document.ts'
import { Feed } from './feed.ts'
import { IndexingPolicy } from './indexing.ts'

/** Length of a container's resource id without padding; an item's has as many digits after it, counting up. */
const RID_CHARS = 11

/** A stored item; `text` is its JSON, kept so that reads and feeds need not write it again. */
export type Item = {
  document: Document & { id: string; _rid: string; _etag: string; _ts: number }
  text: string
  partition: string
  lsn: number
}

/** A container's properties as the client gave them, with the service's own. */
export type Definition = {
  id: string
  _rid: string
  _self: string
  partitionKey: { paths: string[]; kind?: string }
  indexingPolicy?: ConstructorParameters<typeof IndexingPolicy>[0]
  defaultTtl?: number
}

/** What one request writes and removes, all in one partition. */
export type Change = { lsn: number; partition: string; put: Item[]; del: string[] }

/** The items of one container, each also in the feed. */
export class Container {
  readonly definition: Definition
  /** `database/container`. */
  readonly name: string
  readonly partitionPath: Path
  readonly indexing: IndexingPolicy
  readonly feed = new Feed()
  /** Number of the last committed write. */
  lsn: number
  /** Characters of all items. */
  chars = 0
  readonly #now: () => number
  readonly #partitions = new Map<string, Map<string, Item>>()
  #created = 0

  constructor(definition: Definition, name: string, lsn: number, now: () => number) {
    this.definition = definition
    this.name = name
    this.partitionPath = toPath(definition.partitionKey.paths[0] ?? '')
    this.indexing = new IndexingPolicy(definition.indexingPolicy)
    this.lsn = lsn
    this.#now = now
  }

  /** Seconds since 1970. */
  get seconds(): number {
    return Math.floor(this.#now() / 1000)
  }

  get(partition: string, id: string): Item | undefined {
    const item = this.#partitions.get(partition)?.get(id)
    return item && this.isLive(item) ? item : undefined
  }

  /** Live items of one partition or of all. */
  items(partition?: string): Item[] {
    const all = partition === undefined ? this.feed.items() : this.#partitions.get(partition)
    return [...(all?.values() ?? [])].filter(item => this.isLive(item))
  }

  /** Whether the item's time to live has not passed. Without a `defaultTtl` the items' own `ttl` means nothing. */
  isLive({ document }: Item): boolean {
    const { defaultTtl } = this.definition
    if (defaultTtl === undefined) return true
    const ttl = typeof document.ttl === 'number' ? document.ttl : defaultTtl
    return ttl === -1 || this.seconds < document._ts + ttl
  }

  /** A resource id for a new item. As text they are in the order of creation, and updates keep them: an order to page by. */
  nextRid(): string {
    const digits = String(++this.#created).padStart(RID_CHARS, '0')
    return `${this.definition._rid.slice(0, RID_CHARS)}${digits}==`
  }

  /** An item of this container from its whole document. */
  toItem(document: Item['document'], lsn: number): Item {
    const partition = partitionOf(document, this.partitionPath)
    return { document, text: JSON.stringify(document), partition, lsn }
  }

  apply({ lsn, partition, put, del }: Change): void {
    this.lsn = Math.max(this.lsn, lsn)
    const items = this.#partitions.get(partition) ?? new Map<string, Item>()
    this.#partitions.set(partition, items)
    for (const id of [...put.map(({ document }) => document.id), ...del]) {
      const old = items.get(id)
      if (!old) continue
      this.feed.remove(old)
      this.chars -= old.text.length
    }
    for (const id of del) items.delete(id)
    for (const item of put) {
      items.set(item.document.id, item)
      this.feed.add(item)
      this.chars += item.text.length
      const created = Number(item.document._rid.slice(RID_CHARS, -2))
      this.#created = Math.max(this.#created, created)
    }
    if (items.size === 0) this.#partitions.delete(partition)
  }
}
