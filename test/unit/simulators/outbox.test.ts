import { describe, expect, it } from 'vitest'
import type { Answer } from '../../simulators/door.ts'
import { createOutbox } from '../../simulators/outbox.ts'

function start(statuses: number[], signal = new AbortController().signal) {
  const sent: number[][] = []
  const acknowledged: number[] = []
  const refused: Array<[number[], string]> = []
  const outbox = createOutbox<number>({
    async send(batch): Promise<Answer> {
      sent.push(batch)
      const status = statuses.shift() ?? 201
      return { status, body: '', retryAfterMs: status === 429 ? 1 : undefined }
    },
    acknowledged: batch => acknowledged.push(...batch),
    refused: (batch, reason) => refused.push([batch, reason]),
    random: () => 0,
    signal
  })
  return { outbox, sent, acknowledged, refused }
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('the outbox', () => {
  it('sends one request at a time, what has waited together and in order', async () => {
    const { outbox, sent } = start([])
    outbox.put(0)
    outbox.put(1)
    outbox.put(2, 3)
    expect(await outbox.settle()).toEqual([])
    expect(sent).toEqual([[0], [1, 2, 3]])
  })

  it('repeats after no answer, 429 and 5xx, the backlog before anything new', async () => {
    const { outbox, sent, acknowledged } = start([0, 429, 503])
    outbox.put(0)
    outbox.put(1)
    await outbox.settle()
    expect(sent).toEqual([[0], [0, 1], [0, 1], [0, 1]])
    expect(acknowledged).toEqual([0, 1])
  })

  it('puts no more into one request than it may hold', async () => {
    const { outbox, sent, acknowledged } = start([])
    outbox.put(...upTo(150))
    await outbox.settle()
    expect(sent.map(batch => batch.length)).toEqual([64, 64, 22])
    expect(acknowledged).toEqual(upTo(150))
  })

  it('does not repeat what is refused, and goes on with the next', async () => {
    const { outbox, acknowledged, refused } = start([400])
    outbox.put(0)
    outbox.put(1)
    await outbox.settle()
    expect(refused).toEqual([[[0], '400']])
    expect(acknowledged).toEqual([1])
  })

  it('keeps what is unanswered at the signal, and takes no more out after it', async () => {
    const stop = new AbortController()
    const { outbox, sent } = start([0, 0, 0, 0, 0, 0], stop.signal)
    outbox.put(0, 1)
    setTimeout(() => stop.abort(), 20)
    expect(await outbox.settle()).toEqual([0, 1])
    const requests = sent.length
    outbox.put(2)
    expect(await outbox.settle()).toEqual([0, 1, 2])
    expect(sent).toHaveLength(requests)
  })
})
