package openapi_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/openapi"
)

// companion describes an operation of the companions, from the sources.
type companion struct {
	id     string
	params string // names
	status string // of success, and 409 or no404 where a status differs from those of most operations
	dates  string // versions of the response
	limit  int    // capacity of the token bucket
}

// paged are the parameters of operations that return a list in pages.
const paged = "envelope pretty includeCount itemsPerPage pageNum"

// companionOperations has the paths below /api/atlas/v2.
var companionOperations = map[string]companion{
	"get /orgs":                                   {"listOrgs", paged + " name", "200", "2023-01-01", 300},
	"get /orgs/{orgId}":                           {"getOrg", "orgId envelope pretty", "200", "2023-01-01", 500},
	"get /orgs/{orgId}/settings":                  {"getOrgSettings", "orgId envelope pretty", "200", "2023-01-01", 1200},
	"get /orgs/{orgId}/users":                     {"listOrgUsers", "orgId " + paged, "200", "2023-01-01 2025-02-19", 1200},
	"get /orgs/{orgId}/groups":                    {"getOrgGroups", "orgId " + paged + " name", "200", "2023-01-01", 1200},
	"get /groups":                                 {"listGroups", paged, "200", "2023-01-01", 1200},
	"post /groups":                                {"createGroup", "envelope pretty projectOwnerId", "201 409", "2023-01-01", 1200},
	"get /groups/byName/{groupName}":              {"getGroupByName", "groupName envelope pretty", "200 409", "2023-01-01", 1200},
	"get /groups/{groupId}":                       {"getGroup", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"patch /groups/{groupId}":                     {"updateGroup", "groupId envelope pretty", "200 409", "2023-01-01", 1200},
	"delete /groups/{groupId}":                    {"deleteGroup", "groupId envelope pretty", "202 409", "2023-01-01", 1200},
	"get /groups/{groupId}/settings":              {"getGroupSettings", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"patch /groups/{groupId}/settings":            {"updateGroupSettings", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"get /groups/{groupId}/limits":                {"listGroupLimits", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"get /groups/{groupId}/limits/{limitName}":    {"getGroupLimit", "groupId limitName envelope pretty", "200", "2023-01-01", 1200},
	"patch /groups/{groupId}/limits/{limitName}":  {"setGroupLimit", "groupId limitName envelope pretty", "200", "2023-01-01", 1200},
	"delete /groups/{groupId}/limits/{limitName}": {"deleteGroupLimit", "groupId limitName envelope pretty", "204 409", "", 1200},
	"get /groups/{groupId}/teams":                 {"listGroupTeams", "groupId " + paged, "200", "2023-01-01", 1200},
	"post /groups/{groupId}/teams":                {"addGroupTeams", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"patch /groups/{groupId}/teams/{teamId}":      {"updateGroupTeam", "groupId teamId envelope pretty", "200", "2023-01-01", 1200},
	"delete /groups/{groupId}/teams/{teamId}":     {"removeGroupTeam", "groupId teamId envelope pretty", "204", "", 1200},
	"get /groups/{groupId}/ipAddresses":           {"getGroupIpAddresses", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"get /groups/{groupId}/users": {
		id:     "listGroupUsers",
		params: "groupId " + paged + " flattenTeams includeOrgUsers orgMembershipStatus username",
		status: "200",
		dates:  "2023-01-01 2025-02-19",
		limit:  1200,
	},
	"get /groups/{groupId}/clusters": {
		id:     "listGroupClusters",
		params: "groupId " + paged + " includeDeletedWithRetainedBackups",
		status: "200",
		dates:  "2023-01-01 2023-02-01 2024-08-05",
		limit:  1200,
	},
	"get /groups/{groupId}/managedSlowMs":            {"getGroupManagedSlowMs", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"post /groups/{groupId}/managedSlowMs/enable":    {"enableGroupManagedSlowMs", "groupId envelope pretty", "204", "", 1200},
	"delete /groups/{groupId}/managedSlowMs/disable": {"disableGroupManagedSlowMs", "groupId envelope pretty", "204", "", 1200},
	"get /groups/{groupId}/alertConfigs":             {"listGroupAlertConfigs", "groupId " + paged, "200", "2023-01-01", 1200},
	"post /groups/{groupId}/alertConfigs":            {"createGroupAlertConfig", "groupId envelope pretty", "201", "2023-01-01", 1200},
	"get /groups/{groupId}/alertConfigs/{alertConfigId}": {
		id:     "getGroupAlertConfig",
		params: "groupId alertConfigId envelope pretty",
		status: "200",
		dates:  "2023-01-01",
		limit:  1200,
	},
	"put /groups/{groupId}/alertConfigs/{alertConfigId}": {
		id:     "updateGroupAlertConfig",
		params: "groupId alertConfigId envelope pretty",
		status: "200",
		dates:  "2023-01-01",
		limit:  1200,
	},
	"patch /groups/{groupId}/alertConfigs/{alertConfigId}": {
		id:     "toggleGroupAlertConfig",
		params: "groupId alertConfigId envelope pretty",
		status: "200",
		dates:  "2023-01-01",
		limit:  1200,
	},
	"delete /groups/{groupId}/alertConfigs/{alertConfigId}": {
		id:     "deleteGroupAlertConfig",
		params: "groupId alertConfigId envelope pretty",
		status: "204",
		limit:  1200,
	},
	"get /alertConfigs/matchers/fieldNames": {
		id:     "listAlertConfigMatcherFieldNames",
		params: "envelope pretty",
		status: "200 no404",
		dates:  "2023-01-01",
		limit:  300,
	},
	"get /groups/{groupId}/accessList": {"listGroupAccessListEntries", "groupId " + paged, "200", "2023-01-01", 1200},
	"get /groups/{groupId}/peers": {
		id:     "listGroupPeers",
		params: "groupId " + paged + " providerName",
		status: "200",
		dates:  "2023-01-01",
		limit:  1200,
	},
	"get /groups/{groupId}/privateEndpoint/regionalMode": {
		id:     "getGroupPrivateEndpointRegionalMode",
		params: "groupId envelope pretty",
		status: "200",
		dates:  "2023-01-01",
		limit:  1200,
	},
	"get /groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService": {
		id:     "listGroupPrivateEndpointEndpointService",
		params: "groupId cloudProvider envelope pretty",
		status: "200",
		dates:  "2023-01-01",
		limit:  1200,
	},
	"get /groups/{groupId}/customDBRoles/roles": {
		id:     "listGroupCustomDbRoleRoles",
		params: "groupId envelope pretty",
		status: "200",
		dates:  "2023-01-01",
		limit:  1200,
	},
	"get /groups/{groupId}/encryptionAtRest": {"getGroupEncryptionAtRest", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"get /groups/{groupId}/auditLog":         {"getGroupAuditLog", "groupId envelope pretty", "200", "2023-01-01", 1200},
	"get /groups/{groupId}/backupCompliancePolicy": {
		id:     "getGroupBackupCompliancePolicy",
		params: "groupId envelope pretty",
		status: "200",
		dates:  "2023-10-01",
		limit:  1200,
	},
}

func companions(t *testing.T) document {
	t.Helper()
	doc := document{apiVersion: "companions", yaml: openapi.Companions()}
	var raw any
	if err := yaml.Unmarshal(doc.yaml, &raw); err != nil {
		t.Fatal(err)
	}
	doc.root = throughJSON(t, raw).(map[string]any)
	return doc
}

func TestCompanionOperations(t *testing.T) {
	doc := companions(t)
	got := map[string]companion{}
	for name, op := range doc.operations(t) {
		responses := op["responses"].(map[string]any)
		c := companion{id: op["operationId"].(string), params: doc.params(op), limit: 1200}
		if limit, ok := op["x-rate-limit"].(interface{ Int64() (int64, error) }); ok {
			n, _ := limit.Int64()
			c.limit = int(n)
		}
		for _, status := range sortedKeys(responses) {
			if status < "300" {
				c.status, c.dates = status, datesOf(doc.media(responses[status]))
			}
		}
		c.status += unusual(op, responses)
		got[name] = c
	}
	want := map[string]companion{}
	for name, op := range companionOperations {
		method, path, _ := strings.Cut(name, " ")
		op.params = sortWords(op.params)
		want[method+" /api/atlas/v2"+path] = op
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(companion{})); diff != "" {
		t.Errorf("operations (-official and captured +document):\n%s", diff)
	}
}

// unusual returns what an operation's error statuses have that most do not have.
func unusual(op, responses map[string]any) string {
	usual := []string{"400", "401", "403", "404", "406", "429", "500"}
	if op["requestBody"] != nil {
		usual = append(usual, "415")
	}
	text := ""
	for _, status := range sortedKeys(responses) {
		if status >= "300" && !slices.Contains(usual, status) {
			text += " " + status
		}
	}
	for _, status := range usual {
		if responses[status] == nil {
			text += " no" + status
		}
	}
	return text
}

func datesOf(media []string) string {
	var dates []string
	for _, m := range media {
		dates = append(dates, strings.TrimSuffix(strings.TrimPrefix(m, "application/vnd.atlas."), "+json"))
	}
	return strings.Join(dates, " ")
}

func TestCompanionBodies(t *testing.T) {
	doc := companions(t)
	for name, op := range doc.operations(t) {
		for status, response := range op["responses"].(map[string]any) {
			if media := doc.media(response); status >= "400" && !slices.Equal(media, []string{"application/json"}) {
				t.Errorf("%s returns %s with %v", name, status, media)
			}
		}
		if op["requestBody"] == nil {
			continue
		}
		want := []string{"application/json", "application/vnd.atlas.2023-01-01+json"}
		if diff := cmp.Diff(want, doc.media(op["requestBody"])); diff != "" {
			t.Errorf("media types of the body of %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCompanionsAreMarkedByEvidence(t *testing.T) {
	for name, op := range companions(t).operations(t) {
		for _, member := range []string{"x-evidence", "x-roles", "summary", "description"} {
			if op[member] == nil {
				t.Errorf("%s has no %s", name, member)
			}
		}
	}
}

func TestCompanionExamples(t *testing.T) {
	doc := companions(t)
	responses := doc.responses(t)
	all := examples(t, doc)
	if len(all) < 20 {
		t.Errorf("found %d examples", len(all))
	}
	used := map[string]bool{}
	for _, ex := range all {
		if err := responses.check(ex.schema, ex.value); err != nil {
			t.Errorf("%s: %v", ex.at, err)
		}
		used[ex.name] = true
	}
	delete(used, "")
	if diff := cmp.Diff(sortedKeys(doc.object(t, "/components/examples")), sortedKeys(used)); diff != "" {
		t.Errorf("component examples (-there +used):\n%s", diff)
	}
}

func TestKinOpenAPIAcceptsCompanions(t *testing.T) {
	read, err := openapi3.NewLoader().LoadFromData(openapi.Companions())
	if err != nil {
		t.Fatal(err)
	}
	err = read.Validate(context.Background(),
		openapi3.EnableExamplesValidation(), openapi3.EnableSchemaDefaultsValidation(), openapi3.EnableSchemaFormatValidation(),
		openapi3.EnableSchemaPatternValidation(), openapi3.EnableMultiError(), openapi3.ProhibitExtensionsWithRef())
	if err != nil {
		t.Error(err)
	}
}
