/** What only real Azure can prove, and by which checks it does. Facts whose checks are never applicable need a drill. */
export const AZURE_FACTS: { fact: string; checks: string[] }[] = [
  {
    fact: 'API Management imports the document and reads the policies as the laptop does',
    checks: ['races are listed', 'nothing else is served', 'sendTelemetry refuses']
  },
  { fact: "Its rate limit counts by key on the v2 tier's nodes", checks: ['a flood is slowed'] },
  {
    fact: 'Preflights: our pages and no others',
    checks: ['the pages may call', 'other sites may not call']
  },
  {
    fact: "The gateway's identity may send to Event Hubs, with our custom headers as properties",
    checks: ['a reading is stored', 'every reading counts once']
  },
  {
    fact: 'The Functions host on Flex Consumption loads the bundles and starts their triggers',
    checks: ['races are listed', 'a ride becomes official']
  },
  {
    fact: 'Entra ID issues tokens of the version, audience and roles that policies and apps expect',
    checks: ['a screen link is made', 'a lap by hand counts once', 'createRace refuses']
  },
  {
    fact: 'Key Vault signs for the apps that may',
    checks: ['a screen link is made', 'a token ends']
  },
  {
    fact: "Durable's backend carries the entity and the race's life",
    checks: ['a ride becomes official', 'a lap by hand counts once']
  },
  { fact: 'Acknowledged readings count, each once', checks: ['every reading counts once'] },
  {
    fact: "Latencies: to the acknowledgement, to the frame, to anyone's standings",
    checks: [
      'readings are acknowledged in time',
      'boards reach sockets live',
      'boards reach readers live'
    ]
  },
  {
    fact: 'Throughput of a full field, with --riders 1000',
    checks: ['every reading counts once', 'nothing was throttled']
  },
  {
    fact: 'Keys open no service',
    checks: [
      'Event Hubs takes no keys',
      'Cosmos DB takes no keys',
      'Web PubSub takes no keys',
      'Storage takes no keys',
      'IoT Hub takes no keys',
      'Application Insights takes no keys'
    ]
  },
  {
    fact: 'Apps refuse whoever calls past the gateway',
    checks: ['apps answer the gateway alone']
  },
  {
    fact: 'Role assignments as deployed are the privilege table',
    checks: ['everyone may do what the topology says', 'each app has storage of its own']
  },
  {
    fact: 'Pages are uploaded, configured, safeguarded and cached',
    checks: [
      'the venue screen is served',
      'the pages know their API',
      'pages carry their safeguards',
      'assets are kept for ever'
    ]
  },
  { fact: 'Front Door answers lookups from its cache', checks: ['lookups are cached'] },
  { fact: 'Alerts are on and logs arrive', checks: ['alerts are set', 'logs tell of this run'] },
  { fact: 'Capture archives every reading', checks: ['readings are archived'] },
  { fact: 'A zone may fail', checks: ['a zone may fail'] },
  { fact: 'Hours at full field', checks: ['a full field for hours'] },
  { fact: "Cars' own identities by IoT Hub", checks: ['cars come by IoT Hub'] }
]
