import { randomUUID } from 'node:crypto'
import type { Change, Container, Item } from './container.ts'
import { type Document, partitionOf } from './document.ts'
import { badRequest } from './errors.ts'

/** The work of one request on one partition: unseen by others until it is committed, forgotten if it is not. */
export class Transaction {
  readonly #container: Container
  readonly #partition: string
  readonly #lsn: number
  readonly #staged = new Map<string, Item | undefined>()

  constructor(container: Container, partition: string) {
    this.#container = container
    this.#partition = partition
    this.#lsn = container.lsn + 1
  }

  get(id: string): Item | undefined {
    const isStaged = this.#staged.has(id)
    return isStaged ? this.#staged.get(id) : this.#container.get(this.#partition, id)
  }

  /** Stages the document under the service's properties; an update keeps the resource id of `old`. */
  put(body: Document & { id: string }, old?: Item): Item {
    const container = this.#container
    if (partitionOf(body, container.partitionPath) !== this.#partition)
      throw badRequest("PartitionKey in the document doesn't match the one in the header.", 1001)
    const _rid = old?.document._rid ?? container.nextRid()
    const _self = `${container.definition._self}docs/${_rid}/`
    const system = { _rid, _self, _etag: `"${randomUUID()}"`, _attachments: 'attachments/' }
    const item = container.toItem({ ...body, ...system, _ts: container.seconds }, this.#lsn)
    this.#staged.set(body.id, item)
    return item
  }

  remove(id: string): void {
    this.#staged.set(id, undefined)
  }

  /** What to commit, undefined if nothing was written. */
  get change(): Change | undefined {
    if (this.#staged.size === 0) return undefined
    const put = [...this.#staged.values()].filter(item => item !== undefined)
    const del = [...this.#staged.keys()].filter(id => this.#staged.get(id) === undefined)
    return { lsn: this.#lsn, partition: this.#partition, put, del }
  }
}
