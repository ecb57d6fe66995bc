/** Where `compose.yaml` has put the emulators; their keys are public knowledge. */
const COSMOS_ENDPOINT = 'http://localhost:8081/'
const COSMOS_KEY =
  'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=='
const SCHEDULER = 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
const STORAGE_PROVIDER = 'AzureFunctionsJobHost__extensions__durableTask__storageProvider'

export const COSMOS = { endpoint: COSMOS_ENDPOINT, key: COSMOS_KEY }

/**
 * Settings of every app. Emulators know no identities, so triggers connect by connection strings; an app's own code
 * signs in by identity alone and reaches none of them. Its addresses are there because it names those it lacks.
 */
export const APP_SETTINGS = {
  FUNCTIONS_WORKER_RUNTIME: 'node',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  AzureWebJobsStorage__blobServiceUri: 'http://127.0.0.1:10000/devstoreaccount1',
  COSMOS: `AccountEndpoint=${COSMOS_ENDPOINT};AccountKey=${COSMOS_KEY};`,
  COSMOS__accountEndpoint: COSMOS_ENDPOINT,
  EVENT_HUBS:
    'Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;',
  EVENT_HUBS__fullyQualifiedNamespace: 'localhost',
  WEB_PUBSUB_ENDPOINT: 'https://web-pubsub.example',
  KEY_VAULT_URI: 'https://vault.example',
  SEAT_ISSUER: 'https://rider.example',
  ENTRA_ISSUER: 'https://login.example/tenant/v2.0',
  API_AUDIENCE: 'api',
  GATEWAY_PRINCIPAL_ID: 'gateway'
}

/** In addition, where the Durable Task Scheduler keeps the entities: as `infra/modules/app.bicep` sets it. */
export const SCHEDULER_SETTINGS = {
  [`${STORAGE_PROVIDER}__type`]: 'azureManaged',
  [`${STORAGE_PROVIDER}__connectionStringName`]: SCHEDULER,
  [SCHEDULER]: 'Endpoint=http://localhost:8083;Authentication=None;TaskHub=grandstand'
}
