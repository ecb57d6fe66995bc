/** Who, service, where (`*` for anywhere), an action on Azure or a part of its name, and why. */
export type Forbidden = [who: string, service: string, where: string, action: string, why: string]

/** Every way to change an item. */
const CHANGES = ['create', 'upsert', 'replace', 'delete', '*']
const changes = (who: string, where: string, why: string): Forbidden[] =>
  CHANGES.map(change => [who, 'cosmos', where, `items/${change}`, why])

/** What nobody may ever do, written by hand. */
export const FORBIDDEN: Forbidden[] = [
  // Standings have one writer, and results none but it.
  ...changes('publish', 'standings', 'the push side invents no standings'),
  ...changes('public', '*', 'whoever answers everyone writes nothing'),
  ...changes('rider', 'standings', 'who gives seats gives no places'),
  ...changes('timekeeper', 'standings', 'a lap becomes a place only by the ledger'),
  ...changes('admin', 'standings', 'a correction becomes a place only by the ledger'),
  ...changes('publish', 'results', 'the push side decides nothing'),
  ...changes('rider', 'results', 'who gives seats decides nothing'),
  ...changes('timekeeper', 'results', 'a result follows from the ledger'),
  ...changes('admin', 'results', 'a result follows from the ledger'),
  ['*', 'cosmos', 'results', 'items/replace', 'a result is never changed'],
  ['*', 'cosmos', 'results', 'items/delete', 'a result is never changed'],
  // The ledger is append-only for all, and not for everyone.
  ['*', 'cosmos', 'ledger', 'items/replace', 'facts are never changed'],
  ['*', 'cosmos', 'ledger', 'items/upsert', 'facts are never changed'],
  ['*', 'cosmos', 'ledger', 'items/delete', 'facts are never removed'],
  ['*', 'cosmos', 'ledger', 'items/*', 'facts are never changed or removed'],
  ['rider', 'cosmos', 'ledger', 'items/', 'riders decide nothing'],
  ['public', 'cosmos', 'ledger', '', 'the ledger names who decided'],
  ['publish', 'cosmos', 'ledger', '', 'the ledger names who decided'],
  ['timekeeper', 'cosmos', 'ledger', 'items/replace', 'what was captured stays as it was'],
  ['timekeeper', 'cosmos', 'ledger', 'items/delete', 'what was captured stays as it was'],
  ['admin', 'cosmos', 'ledger', 'items/replace', 'a correction is a fact of its own'],
  ['admin', 'cosmos', 'ledger', 'items/delete', 'a correction is a fact of its own'],
  // Configuration.
  ...changes('timekeeper', 'races', 'only an admin creates races'),
  ...changes('rider', 'races', 'only an admin creates races'),
  ...changes('aggregate', 'races', 'only an admin creates races'),
  ['*', 'cosmos', 'races', 'items/delete', 'a race is aborted, never deleted'],
  ['*', 'cosmos', 'races', 'items/upsert', 'a race is never written over unseen'],
  // Who somebody is, and how to reach them.
  ...changes('aggregate', 'competitors', 'names come from riders and officials'),
  ['*', 'cosmos', 'competitors', 'items/delete', 'no feed tells of what is deleted'],
  ['*', 'cosmos', 'competitors', 'items/upsert', 'nobody is written over unseen'],
  ['public', 'cosmos', 'competitors', '', 'names are in the directories'],
  ['publish', 'cosmos', 'competitors', '', 'names are in the directories'],
  ['rider', 'cosmos', 'competitors', 'items/read', 'who takes a seat is told of nobody else'],
  ['rider', 'cosmos', 'competitors', 'executeQuery', 'who takes a seat is told of nobody else'],
  ['rider', 'cosmos', 'competitors', 'items/replace', 'a name is changed by an admin'],
  ['timekeeper', 'cosmos', 'competitors', 'items/read', 'it enters competitors and no more'],
  ['timekeeper', 'cosmos', 'competitors', 'executeQuery', 'it enters competitors and no more'],
  ['timekeeper', 'cosmos', 'competitors', 'items/replace', 'it enters competitors and no more'],
  ['timekeeper', 'cosmos', 'people', 'items/read', 'what was told of a person is for admins'],
  ['timekeeper', 'cosmos', 'people', 'executeQuery', 'what was told of a person is for admins'],
  ['timekeeper', 'cosmos', 'people', 'items/delete', 'an admin erases'],
  ['*', 'cosmos', 'people', 'items/replace', 'what was told of a person is kept or erased'],
  ['*', 'cosmos', 'people', 'items/upsert', 'what was told of a person is kept or erased'],
  ['*', 'cosmos', 'people', 'items/*', 'what was told of a person is kept or erased'],
  ['*', 'cosmos', 'people', 'readChangeFeed', 'nothing follows from how to reach a person'],
  ['aggregate', 'cosmos', 'people', '', 'no place and no result is made of it'],
  ['publish', 'cosmos', 'people', '', 'nothing of it is ever pushed'],
  ['public', 'cosmos', 'people', '', 'nothing of it is ever public'],
  ['rider', 'cosmos', 'people', '', 'riders are asked for a nickname alone'],
  ['public', 'cosmos', 'seats', '', 'seats tie tokens to people'],
  ['publish', 'cosmos', 'seats', '', 'seats tie tokens to people'],
  ['timekeeper', 'cosmos', 'seats', '', 'seats tie tokens to people'],
  ['admin', 'cosmos', 'seats', '', 'seats tie tokens to people'],
  // Leases of one app are no business of another.
  ['publish', 'cosmos', 'leases-aggregate', '', 'who holds leases stops a feed'],
  ['aggregate', 'cosmos', 'leases-publish', '', 'who holds leases stops a feed'],
  ['public', 'cosmos', 'leases-aggregate', '', 'who holds leases stops a feed'],
  ['public', 'cosmos', 'leases-publish', '', 'who holds leases stops a feed'],
  ['timekeeper', 'cosmos', 'leases-aggregate', '', 'who holds leases stops a feed'],
  ['timekeeper', 'cosmos', 'leases-publish', '', 'who holds leases stops a feed'],
  ['admin', 'cosmos', 'leases-aggregate', '', 'who holds leases stops a feed'],
  ['admin', 'cosmos', 'leases-publish', '', 'who holds leases stops a feed'],
  // Telemetry comes by the front door alone, and only one app reads it.
  ['aggregate', 'eventHubs', '*', 'Sender', 'who counts readings makes none'],
  ['publish', 'eventHubs', '*', '', 'the push side has no business with telemetry'],
  ['public', 'eventHubs', '*', '', 'answers are made of standings'],
  ['rider', 'eventHubs', '*', '', 'readings go by the gateway, which stamps identity'],
  ['timekeeper', 'eventHubs', '*', '', 'officials write facts'],
  ['admin', 'eventHubs', '*', '', 'officials write facts'],
  ['gateway', 'eventHubs', '*', 'Receiver', 'the front door reads nobody else’s readings'],
  ['iotHub', 'eventHubs', '*', 'Receiver', 'the front door reads nobody else’s readings'],
  ['capture', 'eventHubs', '*', '', 'Capture is the namespace’s own'],
  ['gateway', 'cosmos', '*', '', 'the front door has no data'],
  ['gateway', 'keyVault', '*', '', 'the front door reads published keys'],
  ['gateway', 'storage', '*', '', 'the front door has no storage'],
  ['iotHub', 'cosmos', '*', '', 'devices have no data'],
  // Who mints sockets or signs tokens.
  ['aggregate', 'webPubSub', '*', '', 'only publish sends'],
  ['public', 'webPubSub', '*', '', 'only publish sends'],
  ['rider', 'webPubSub', '*', '', 'only publish mints sockets'],
  ['timekeeper', 'webPubSub', '*', '', 'only publish sends'],
  ['admin', 'webPubSub', '*', '', 'only publish sends'],
  ['publish', 'webPubSub', '*', 'WebPubSub/*', 'it closes nobody’s connection'],
  ['publish', 'keyVault', '*', '', 'it checks tokens by the published key'],
  ['public', 'keyVault', '*', '', 'it needs no token'],
  ['aggregate', 'keyVault', '*', '', 'it signs nothing'],
  ['timekeeper', 'keyVault', '*', '', 'it signs nothing'],
  ['*', 'keyVault', '*', 'keys/delete', 'the key stays'],
  ['*', 'keyVault', '*', 'keys/create', 'the key stays'],
  ['*', 'keyVault', '*', 'secrets/', 'there is no secret'],
  // Cars obey officials alone, and whoever drives is registered by hand.
  ...['aggregate', 'publish', 'public', 'rider', 'timekeeper', 'gateway', 'iotHub', 'capture'].map(
    (who): Forbidden => [who, 'iotHub', '*', '', 'only the admin app speaks to cars']
  ),
  ['admin', 'iotHub', '*', 'IotHubs/devices/', 'it registers no device and shuts none out'],
  ['admin', 'iotHub', '*', 'cloudToDeviceMessages', 'an order that waits in a queue comes late'],
  ['admin', 'iotHub', '*', 'configurations', 'it orders cars, and nothing for all that come'],
  ['admin', 'iotHub', '*', 'jobs', 'it orders cars, and nothing for all that come'],
  ['*', 'iotHub', '*', 'IotHubs/*', 'no right at the hub is given as a whole'],
  ['*', 'iotHub', '*', 'IoT Hub', 'the built-in roles may register devices'],
  // Nobody owns the house.
  ['*', '*', '*', 'Owner', 'only an app’s own packages and leases'],
  ['*', 'everything', '*', '', 'no right spans the group or the subscription']
]
