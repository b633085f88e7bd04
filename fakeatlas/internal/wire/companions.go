package wire

import (
	"net/http"
	"strings"
)

// companion is an operation of the companion endpoints.
type companion struct {
	operation string // the operationId of the document
	limit     int    // capacity of its token bucket
}

// usualLimit is the capacity of most token buckets.
const usualLimit = 1200

// companions are the operations by method and path, with {} for each parameter. A test compares them with the document.
var companions = map[string]companion{
	"GET orgs":                         {"listOrgs", 300},
	"GET orgs/{}":                      {"getOrg", 500},
	"GET orgs/{}/settings":             {"getOrgSettings", usualLimit},
	"GET orgs/{}/users":                {"listOrgUsers", usualLimit},
	"GET orgs/{}/groups":               {"getOrgGroups", usualLimit},
	"GET groups":                       {"listGroups", usualLimit},
	"POST groups":                      {"createGroup", usualLimit},
	"GET groups/byName/{}":             {"getGroupByName", usualLimit},
	"GET groups/{}":                    {"getGroup", usualLimit},
	"PATCH groups/{}":                  {"updateGroup", usualLimit},
	"DELETE groups/{}":                 {"deleteGroup", usualLimit},
	"GET groups/{}/settings":           {"getGroupSettings", usualLimit},
	"PATCH groups/{}/settings":         {"updateGroupSettings", usualLimit},
	"GET groups/{}/limits":             {"listGroupLimits", usualLimit},
	"GET groups/{}/limits/{}":          {"getGroupLimit", usualLimit},
	"PATCH groups/{}/limits/{}":        {"setGroupLimit", usualLimit},
	"DELETE groups/{}/limits/{}":       {"deleteGroupLimit", usualLimit},
	"GET groups/{}/teams":              {"listGroupTeams", usualLimit},
	"POST groups/{}/teams":             {"addGroupTeams", usualLimit},
	"PATCH groups/{}/teams/{}":         {"updateGroupTeam", usualLimit},
	"DELETE groups/{}/teams/{}":        {"removeGroupTeam", usualLimit},
	"GET groups/{}/ipAddresses":        {"getGroupIpAddresses", usualLimit},
	"GET groups/{}/users":              {"listGroupUsers", usualLimit},
	"GET groups/{}/clusters":           {"listGroupClusters", usualLimit},
	"GET groups/{}/managedSlowMs":      {"getGroupManagedSlowMs", usualLimit},
	"GET groups/{}/alertConfigs":       {"listGroupAlertConfigs", usualLimit},
	"POST groups/{}/alertConfigs":      {"createGroupAlertConfig", usualLimit},
	"GET groups/{}/alertConfigs/{}":    {"getGroupAlertConfig", usualLimit},
	"PUT groups/{}/alertConfigs/{}":    {"updateGroupAlertConfig", usualLimit},
	"PATCH groups/{}/alertConfigs/{}":  {"toggleGroupAlertConfig", usualLimit},
	"DELETE groups/{}/alertConfigs/{}": {"deleteGroupAlertConfig", usualLimit},
	"GET groups/{}/accessList":         {"listGroupAccessListEntries", usualLimit},
	"GET groups/{}/peers":              {"listGroupPeers", usualLimit},
	"GET groups/{}/encryptionAtRest":   {"getGroupEncryptionAtRest", usualLimit},
	"GET groups/{}/auditLog":           {"getGroupAuditLog", usualLimit},

	"POST groups/{}/managedSlowMs/enable":              {"enableGroupManagedSlowMs", usualLimit},
	"DELETE groups/{}/managedSlowMs/disable":           {"disableGroupManagedSlowMs", usualLimit},
	"GET groups/{}/privateEndpoint/regionalMode":       {"getGroupPrivateEndpointRegionalMode", usualLimit},
	"GET groups/{}/privateEndpoint/{}/endpointService": {"listGroupPrivateEndpointEndpointService", usualLimit},
	"GET groups/{}/customDBRoles/roles":                {"listGroupCustomDbRoleRoles", usualLimit},
	"GET groups/{}/backupCompliancePolicy":             {"getGroupBackupCompliancePolicy", usualLimit},
	"GET alertConfigs/matchers/fieldNames":             {"listAlertConfigMatcherFieldNames", 300},
}

// parents are the segments that a parameter follows, unless the next one has a meaning of its own.
var (
	parents = map[string]bool{"orgs": true, "groups": true, "byName": true, "limits": true, "teams": true,
		"privateEndpoint": true, "alertConfigs": true}
	fixed = map[string]bool{"byName": true, "regionalMode": true, "matchers": true}
)

const idLength = 24

// ByNamePath is the beginning of the paths of projects by their names. A [http.ServeMux] can't have them together with
// those of projects by their IDs.
const ByNamePath = prefixV2 + "groups/byName/"

// companionOf sets the fields from the path of a companion endpoint. Rest is the path without the prefix of v2.
func (t *Target) companionOf(method, rest string) {
	segments := strings.Split(rest, "/")
	first := "" // the first parameter
	for i := len(segments) - 1; i > 0; i-- {
		if parents[segments[i-1]] && !fixed[segments[i]] {
			first = segments[i]
			segments[i] = "{}"
		}
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	known, ok := companions[method+" "+strings.Join(segments, "/")]
	if !ok {
		return
	}
	t.Operation, t.Limit = known.operation, known.limit
	t.Bucket = known.operation
	if len(first) == idLength { // not a name, which may be anything
		t.Bucket += " " + first
	}
}
