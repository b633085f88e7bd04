package logtext

import "strings"

// otherSegments are the fixed segments of the paths of v2 that this fake does not serve, as MongoDB's Go SDKs to
// v20250312013 have them, and metricIntegrations. The log and the journal show which endpoint a client misses.
var otherSegments = strings.Fields(`
access accountDetails activeVpcPeeringConnections activityFeed alerts all apiKeys auditLogs autoDefer
autoIndexing autoScalingConfiguration availableProjects availableSchedules availableSnapshots awsCustomDNS
backup backupCheckpoints billing certs cloudProviderAccess collStats connectedOrgConfigs connections
containers controlPlaneIPAddresses costExplorer csv customZoneMapping customerX509 cutover dataFederation
databaseUsers databases dbAccessHistory defer deployment details disks download dropIndexSuggestions endpoint
endpointIds eventTypes events exportBuckets exports federationSettings flexClusters fts globalWrites hosts
identityProviders index indexes instance invites invoices jwks ldap lineItems linkTokens liveMigrations
logIntegrations logs maintenanceWindow managedNamespaces measurements metadata.xml metricIntegrations metrics mongoDBVersions
namespaces nonCompliantResources onlineArchives outageSimulation pause pending performanceAdvisor pinned
pipelines privateEndpoints privateIpMode privateLinkConnections privateNetworkSettings processArgs processes
processor processors provider pushBasedLogExport queryLogs.gz queryShapeInsights queryShapes regions
resourcePolicies restartPrimaries restore restoreJobs restores resume roleMappings runs sampleDatasetLoad
schedule schemaAdvice search secrets serverless serviceAccounts shardedCluster shardedClusters skus
slowQueryLogs snapshotSchedule snapshots status streams suggestedIndexes summaries tenant tenantUpgrade
tenantUpgradeToServerless trigger unauth unpin usage userSecurity userToDNMapping validate verify
vpcPeeringConnections
v1.5 public private
`)

// verbs end some of these paths, after a colon, such as that of clusters/{name}:pinFeatureCompatibilityVersion.
var verbs = strings.Fields(`
accept addRole addUser grantMongoDBEmployeeAccess invite migrate pinFeatureCompatibilityVersion reject removeRole
removeUser revokeMongoDBEmployeeAccess search start startWith stop tenantUpgrade unpinFeatureCompatibilityVersion
validate withSampleConnections
`)
