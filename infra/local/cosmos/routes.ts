import type { Account } from './account.ts'
import { type Answer, type Call, type IsAllowed, requireKey } from './call.ts'
import type { Container } from './container.ts'
import { forbidden, notServed } from './errors.ts'
import { answerItems } from './items.ts'

/** Answers a call by its path; refuses what is not served by naming it. */
export function createRoute(account: Account, endpoint: string, isAllowed: IsAllowed) {
  return (call: Call): Answer => {
    const { method, segments, header, claims, body } = call
    const [dbs = 'dbs', database = '', colls = 'colls', id = '', kind = ''] = segments
    const what = `${method} /${segments.join('/')}`
    const name = id === '' ? database : `${database}/${id}`
    if (header('x-ms-offer-throughput') ?? header('x-ms-cosmos-offer-autopilot-settings'))
      throw notServed('Throughput')
    const isQuery = segments.length < 5 && header('x-ms-documentdb-isquery')
    if (dbs !== 'dbs' || colls !== 'colls' || isQuery) throw notServed(what)

    switch (`${method} ${segments.length}`) {
      case 'GET 0':
        return toAnswer(200, describe(endpoint))
      case 'POST 1':
        requireKey(call)
        return toAnswer(201, account.createDatabase(body))
      case 'GET 2':
        return toAnswer(200, account.database(database))
      case 'POST 3':
        requireKey(call)
        return toAnswer(201, account.createContainer(database, body))
      case 'DELETE 2':
      case 'DELETE 4':
        requireKey(call)
        account.remove(name)
        return { status: 204 }
    }
    const isContainer = method === 'GET' && segments.length === 4
    const isRanges = method === 'GET' && segments.length === 5 && kind === 'pkranges'
    const isItems = kind === 'docs' && segments.length <= 6
    if (!isContainer && !isRanges && !isItems) throw notServed(what)
    const container = account.container(name)
    if (isContainer) return withContainer(container, toAnswer(200, container.definition))
    if (isRanges) return withContainer(container, toAnswer(200, rangesOf(container)))
    const answer = answerItems(account, container, call, right => {
      if (claims && !isAllowed(claims, right, id))
        throw forbidden(`The token does not give the right to ${right} ${id}.`, 5301)
    })
    return withContainer(container, answer)
  }
}

const toAnswer = (status: number, body: object): Answer => ({ status, text: JSON.stringify(body) })

/** Names the container and its last write, so that clients keep session tokens. */
function withContainer({ definition, name, lsn }: Container, answer: Answer): Answer {
  const headers = {
    'x-ms-content-path': definition._rid,
    'x-ms-alt-content-path': encodeURI(`dbs/${name.replace('/', '/colls/')}`),
    'x-ms-session-token': `0:0#${lsn}`,
    lsn
  }
  return { ...answer, headers: { ...headers, ...answer.headers } }
}

/** The account: one region, whose address must be the one that the client came by. */
function describe(databaseAccountEndpoint: string) {
  const locations = [{ name: 'Local', databaseAccountEndpoint }]
  return {
    id: 'local',
    writableLocations: locations,
    readableLocations: locations,
    enableMultipleWriteLocations: false,
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' }
  }
}

/** The one range that holds every partition. */
function rangesOf({ definition: { _rid } }: Container) {
  const range = { id: '0', _rid, minInclusive: '', maxExclusive: 'FF', parents: [] }
  return { _rid, PartitionKeyRanges: [range], _count: 1 }
}
