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

/** Metrics that alerts may watch, by what has them; Azure refuses an alert on a metric that the resource does not have. */
export const METRICS: Record<string, string[]> = {
  'Microsoft.ApiManagement/service': [
    ...['Capacity', 'CpuPercent_Gateway', 'MemoryPercent_Gateway', 'Requests', 'Duration'],
    ...['BackendDuration', 'NetworkConnectivity']
  ],
  'Microsoft.Devices/IotHubs': [
    'd2c.telemetry.ingress.sendThrottle',
    'd2c.endpoints.latency.eventHubs'
  ],
  'Microsoft.DocumentDB/databaseAccounts': [
    ...['NormalizedRUConsumption', 'TotalRequests', 'TotalRequestUnits', 'ServiceAvailability'],
    ...['ServerSideLatencyDirect', 'ServerSideLatencyGateway', 'DataUsage']
  ],
  'Microsoft.EventHub/namespaces': [
    ...['IncomingMessages', 'OutgoingMessages', 'IncomingBytes', 'OutgoingBytes'],
    ...['IncomingRequests', 'SuccessfulRequests', 'ServerErrors', 'UserErrors'],
    ...['ThrottledRequests', 'QuotaExceededErrors', 'ActiveConnections', 'ReplicationLagCount'],
    ...['CaptureBacklog', 'CapturedMessages', 'CapturedBytes']
  ],
  'Microsoft.Insights/components': [
    ...['exceptions/count', 'requests/count', 'requests/duration', 'requests/failed'],
    ...['dependencies/failed', 'availabilityResults/availabilityPercentage']
  ],
  'Microsoft.SignalRService/webPubSub': [
    ...['TotalConnectionCount', 'ConnectionCount', 'ConnectionQuotaUtilization', 'ServerLoad'],
    ...['ConnectionOpenCount', 'ConnectionCloseCount', 'InboundTraffic', 'OutboundTraffic']
  ]
}
