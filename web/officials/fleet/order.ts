import type { DeviceMethod, DeviceOutcome } from '#contract'

/** What became of an order to one device. */
export type Order = {
  method: DeviceMethod
  outcome: DeviceOutcome['outcome'] | 'sent'
  /** Why it is not done, in the API's words. */
  detail: string
}

const METHODS: Record<DeviceMethod, string> = {
  stop: 'Stop',
  release: 'Release',
  identify: 'Identify'
}
const OUTCOMES: Record<Order['outcome'], string> = {
  sent: 'sent',
  done: 'confirmed',
  offline: 'waits',
  failed: 'failed'
}

/** `Stop confirmed.`, `Release waits. It is not connected.` */
export function orderSentence({ method, outcome, detail }: Order): string {
  const said = `${METHODS[method]} ${OUTCOMES[outcome]}.`
  return outcome === 'offline' || outcome === 'failed' ? `${said} ${detail}` : said
}
