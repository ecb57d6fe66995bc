import { tally } from './account.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createRandom } from './random.ts'

/** What a device has sent, in readings: their sum is what was due until it was stopped. */
export type Account = {
  acknowledged: number
  refused: Record<string, number>
  unanswered: number
}

/** All readings of an account, whatever became of them. */
export const totalOf = ({ acknowledged, refused, unanswered }: Account): number =>
  Object.values(refused).reduce((sum, count) => sum + count, acknowledged + unanswered)

/** An outbox that keeps count; `settle` resolves with the account when all is sent, or at the signal. */
export function createCountedOutbox<T>(
  options: Pick<Parameters<typeof createOutbox<T>>[0], 'send' | 'signal'> & { seed: number }
): Pick<Outbox<T>, 'put'> & { settle(): Promise<Account> } {
  const { send, signal, seed } = options
  const account: Account = { acknowledged: 0, refused: {}, unanswered: 0 }
  const outbox = createOutbox<T>({
    send,
    acknowledged(batch) {
      account.acknowledged += batch.length
    },
    refused: (batch, reason) => tally(account.refused, reason, batch.length),
    random: createRandom(seed),
    signal
  })
  return {
    put: outbox.put,
    async settle() {
      account.unanswered = (await outbox.settle()).length
      return account
    }
  }
}
