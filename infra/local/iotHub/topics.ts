/** The topics that a device may hear, each its own part of them alone. */
export const METHODS = '$iothub/methods/POST/#'
export const TWIN_ANSWERS = '$iothub/twin/res/#'
export const DESIRED = '$iothub/twin/PATCH/properties/desired/#'

export const isHeard = (filter: string): boolean =>
  [METHODS, TWIN_ANSWERS, DESIRED].includes(filter)

/** What the topic says of a message: properties that the hub knows, and the sender's own. */
export type Bag = {
  messageId?: string
  correlationId?: string
  contentType?: string
  contentEncoding?: string
  properties: Record<string, string>
}

/** What a device publishes, told from the topic alone. */
export type Publication =
  | { kind: 'telemetry'; bag: Bag }
  | { kind: 'getTwin'; rid: string }
  | { kind: 'report'; rid: string }
  | { kind: 'methodAnswer'; rid: string; status: number }

const GET_TWIN = /^\$iothub\/twin\/GET\/\?\$rid=([^&]+)$/
const REPORT = /^\$iothub\/twin\/PATCH\/properties\/reported\/\?\$rid=([^&]+)$/
const METHOD_ANSWER = /^\$iothub\/methods\/res\/(\d{1,9})\/\?\$rid=([^&]+)$/

const SYSTEM_PROPERTIES = new Map([
  ['$.mid', 'messageId'],
  ['$.cid', 'correlationId'],
  ['$.ct', 'contentType'],
  ['$.ce', 'contentEncoding']
] as const)
type SystemName = Parameters<typeof SYSTEM_PROPERTIES.get>[0]

/** Reads a topic that `deviceId` publishes to; throws one sentence where it may not or this hub does not serve it. */
export function readTopic(topic: string, deviceId: string): Publication {
  const events = `devices/${deviceId}/messages/events/`
  if (topic.startsWith(events))
    return { kind: 'telemetry', bag: readBag(topic.slice(events.length)) }
  const [, twin] = GET_TWIN.exec(topic) ?? []
  if (twin) return { kind: 'getTwin', rid: twin }
  const [, report] = REPORT.exec(topic) ?? []
  if (report) return { kind: 'report', rid: report }
  const [, status, rid] = METHOD_ANSWER.exec(topic) ?? []
  if (rid) return { kind: 'methodAnswer', rid, status: Number(status) }
  throw new Error(`${deviceId} may not publish to ${topic}`)
}

function readBag(text: string): Bag {
  const bag: Bag = { properties: {} }
  for (const pair of text.split('&').filter(Boolean)) {
    const [name = '', value = ''] = pair.split('=', 2).map(decodeURIComponent)
    const known = SYSTEM_PROPERTIES.get(name as SystemName)
    if (known) bag[known] = value
    else if (name.startsWith('$.')) throw new Error(`The property ${name} is not served`)
    else bag.properties[name] = value
  }
  return bag
}
