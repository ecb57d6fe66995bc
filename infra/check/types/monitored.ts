/** Log categories of the services that Grandstand uses, as diagnostic settings name them. */
export const LOG_CATEGORIES = [
  // API Management
  ...['GatewayLogs', 'WebSocketConnectionLogs', 'DeveloperPortalAuditLogs'],
  // Cosmos DB
  ...['DataPlaneRequests', 'QueryRuntimeStatistics', 'PartitionKeyStatistics'],
  ...['PartitionKeyRUConsumption', 'ControlPlaneRequests'],
  // Event Hubs
  ...['ArchiveLogs', 'OperationalLogs', 'AutoScaleLogs', 'RuntimeAuditLogs'],
  ...['ApplicationMetricsLogs', 'DiagnosticErrorLogs', 'EventHubVNetConnectionEvent'],
  // Front Door
  ...['FrontDoorAccessLog', 'FrontDoorHealthProbeLog', 'FrontDoorWebApplicationFirewallLog'],
  // Functions
  'FunctionAppLogs',
  // IoT Hub
  ...['Connections', 'DeviceTelemetry', 'Routes', 'DeviceIdentityOperations', 'Configurations'],
  // Key Vault
  ...['AuditEvent', 'AzurePolicyEvaluationDetails'],
  // Storage
  ...['StorageRead', 'StorageWrite', 'StorageDelete'],
  // Web PubSub
  ...['ConnectivityLogs', 'MessagingLogs', 'HttpRequestLogs']
]

/** Metrics that alerts may watch; Azure refuses an alert on a metric that the resource does not have. */
export const METRICS = [
  // API Management
  ...['Capacity', 'CpuPercent_Gateway', 'MemoryPercent_Gateway', 'Requests', 'Duration'],
  'BackendDuration',
  // Application Insights
  ...['exceptions/count', 'requests/count', 'requests/duration', 'requests/failed'],
  ...['dependencies/failed', 'availabilityResults/availabilityPercentage'],
  // Cosmos DB
  ...['NormalizedRUConsumption', 'TotalRequests', 'TotalRequestUnits', 'ServiceAvailability'],
  ...['ServerSideLatencyDirect', 'ServerSideLatencyGateway', 'DataUsage'],
  // Event Hubs
  ...['IncomingMessages', 'OutgoingMessages', 'IncomingBytes', 'OutgoingBytes'],
  ...['IncomingRequests', 'SuccessfulRequests', 'ServerErrors', 'UserErrors'],
  ...['ThrottledRequests', 'QuotaExceededErrors', 'ActiveConnections'],
  ...['CaptureBacklog', 'CapturedMessages', 'CapturedBytes'],
  // Web PubSub
  ...['TotalConnectionCount', 'ConnectionQuotaUtilization', 'ServerLoad'],
  ...['ConnectionOpenCount', 'ConnectionCloseCount', 'InboundTraffic', 'OutboundTraffic']
]
