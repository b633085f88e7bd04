package fakeatlas

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/openapi"

	"github.com/getkin/kin-openapi/openapi3"
)

// companionDocument is the document of the companion endpoints, for the oracle.
const companionDocument = "companions"

// companionNever are documented statuses that the fake never returns, and why.
var companionNever = map[string]map[int]string{
	"listOrgs":         {404: "the path has no ID"},
	"listGroups":       {404: "the path has no ID"},
	"getGroupByName":   {409: "nothing is in conflict"},
	"deleteGroup":      {409: "projects have no clusters"},
	"deleteGroupLimit": {409: "no limit is fixed"},
	"getOrg":           {500: "it does not use the store"},
	"getOrgSettings":   {500: "it does not use the store"},
	"listOrgUsers":     {500: "it does not use the store"},

	"listAlertConfigMatcherFieldNames": {500: "it does not use the store"},
}

const (
	testOrg   = "65f0c1d2e3a4b5c6d7e8f900"
	testTeam  = "65f0c1d2e3a4b5c6d7e8f901"
	testAlert = "65f0c1d2e3a4b5c6d7e8f902"
	oneLimit  = "atlas.project.deployment.clusters"
)

// companionClient sends requests to the companion endpoints, and checks each response with the oracle.
type companionClient struct {
	*apiClient
	o *oracle
}

func (c companionClient) do(method, path, body string, headers ...string) reply {
	c.t.Helper()
	if method == http.MethodPatch || method == http.MethodPut {
		headers = append([]string{"Content-Type: application/json"}, headers...)
	}
	headers = append([]string{"Accept: application/vnd.atlas.2025-03-12+json"}, headers...)
	r := c.request(method, "/api/atlas/v2/"+path, strings.NewReader(body), headers...)
	got := c.send(r)
	if err := c.o.check(companionDocument, r, got); err != nil {
		c.t.Errorf("%s %s %.200s: %d %s\n%v", method, r.URL, body, got.status, got.body, err)
	}
	return got
}

// companionRequest is a request to an operation of the document.
type companionRequest struct{ method, path, good, bad string }

// companionRequests are a valid and an invalid request for each operation of the document. Those that delete come last.
func companionRequests(t testing.TB) []companionRequest {
	t.Helper()
	bodies := map[string][2]string{
		"createGroup": {
			`{"name":"A new one","orgId":"` + testOrg + `","tags":[{"key":"env","value":"e2e"}],"clusterCount":0,"created":"0001-01-01T00:00:00Z"}`,
			`{"name":"x"}`,
		},
		"updateGroup":            {`{"name":"Renamed","tags":[]}`, `{"nam":"x"}`},
		"updateGroupSettings":    {`{"isDataExplorerEnabled":false}`, `{"isDataExplorerEnabled":1}`},
		"setGroupLimit":          {`{"name":"` + oneLimit + `","value":7}`, `{"name":"` + oneLimit + `"}`},
		"createGroupAlertConfig": {mailAlert, `{"eventTypeName":"NO_PRIMARY","notifications":[]}`}, "updateGroupAlertConfig": {mailAlert, `{"enabled":true}`},
		"toggleGroupAlertConfig": {`{"enabled":false}`, `{}`},
		"addGroupTeams":          {`[{"teamId":"` + testTeam + `","roleNames":["GROUP_OWNER"]}]`, `[{}]`},
		"updateGroupTeam":        {`{"roleNames":["GROUP_READ_ONLY"]}`, `{}`},
	}
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Companions())
	if err != nil {
		t.Fatal(err)
	}
	var requests, deletions []companionRequest
	fill := strings.NewReplacer("{groupId}", testProject, "{orgId}", testOrg, "{teamId}", testTeam,
		"{alertConfigId}", testAlert, "{limitName}", oneLimit, "{groupName}", "Project%20"+testProject, "{cloudProvider}", "AWS")
	for _, path := range doc.Paths.InMatchingOrder() {
		operations := doc.Paths.Value(path).Operations()
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodGet, http.MethodDelete} {
			operation, ok := operations[method]
			if !ok {
				continue
			}
			body := bodies[operation.OperationID]
			r := companionRequest{method, fill.Replace(strings.TrimPrefix(path, "/api/atlas/v2/")), body[0], body[1]}
			switch {
			case operation.OperationID == "deleteGroup":
				deletions = append(deletions, r)
			case method == http.MethodDelete:
				deletions = append([]companionRequest{r}, deletions...)
			case method == http.MethodPost:
				requests = append([]companionRequest{r}, requests...)
			default:
				requests = append(requests, r)
			}
		}
	}
	return append(requests, deletions...)
}

// mailAlert is an alert configuration that uses no integration.
const mailAlert = `{"enabled":true,"eventTypeName":"NO_PRIMARY","notifications":[{"typeName":"EMAIL","emailAddress":"ada@example.com"}]}`

// hasAlert stores the alert configuration of the paths.
func (c companionClient) hasAlert() {
	c.t.Helper()
	fields := map[string]any{}
	if err := errors.Join(json.Unmarshal([]byte(mailAlert), &fields),
		c.s.Restore(store.State{testProject: {Alerts: []store.Alert{{ID: testAlert, Fields: fields}}}})); err != nil {
		c.t.Fatal(err)
	}
}

var companionQueries = []string{
	"", "?pretty=true", "?envelope=true", "?includeCount=false&itemsPerPage=1",
	"?includeCount=true&itemsPerPage=100&pageNum=0", "?pageNum=2&envelope=true", "?envelope=x", "?itemsPerPage=501",
}

func (c companionClient) runAll() {
	requests := companionRequests(c.t.(testing.TB))
	c.do("GET", "groups/byName/Project%20"+testProject, "")
	for round := range 2 { // the second one uses the data that the first one has left
		for _, r := range requests {
			for _, query := range companionQueries {
				if (r.method == http.MethodDelete || strings.HasSuffix(r.path, "/enable")) && strings.Contains(query, "envelope=true") {
					continue // 204 has no envelope
				}
				c.do(r.method, r.path+query, r.good)
			}
			c.do(r.method, r.path, r.bad)
			for _, headers := range [][]string{
				{"Authorization:"}, {"Accept:"}, {"Accept: application/vnd.atlas.2022-01-01+json"},
				{"Content-Type: text/plain"},
			} {
				c.do(r.method, r.path, r.good, headers...)
			}
			c.do(r.method, strings.Replace(r.path, testOrg, "x", 1), strings.Replace(r.good, testOrg, "x", 1))
		}
		c.do("POST", "groups", strings.Replace(requests[0].good, "A new one", fmt.Sprint("Number ", round), 1))
	}
}

func TestCompanionsConformToTheDescription(t *testing.T) {
	o := newOracle(t)
	for name, opts := range map[string][]Option{
		"usual": nil, "named": {WithProjects(testProject)}, "limited": {WithRateLimit(1)},
		"lenient": {WithoutAuth(), WithChoices(Choices{LenientAccept: true})},
		"broken":  {WithStore(broken{new(store.Memory)})},
	} {
		t.Run(name, func(t *testing.T) {
			c := companionClient{newAPIClient(t, schemas.V2, opts...), o}
			c.hasAlert()
			if name == "usual" { // a name that is taken
				c.do("POST", "groups", `{"name":"Renamed","orgId":"5f0000000000000000000001"}`)
				c.do("PATCH", "groups/"+testProject, `{"name":"Renamed"}`)
				c.do("POST", "groups", `{"name":"Renamed","orgId":"5f0000000000000000000001"}`)
				if err := c.s.Reset(); err != nil {
					t.Fatal(err)
				}
				c.hasAlert()
				c.token = issue(t, c.s)
			}
			c.runAll()
		})
	}
	o.covers(t, companionDocument)
}

// The table of operations, limits and versions in the code is that of the document.
func TestCompanionTargets(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Companions())
	if err != nil {
		t.Fatal(err)
	}
	a := newAPIClient(t, schemas.V2)
	fill := strings.NewReplacer("{groupId}", testProject, "{orgId}", testOrg, "{teamId}", testTeam,
		"{alertConfigId}", testAlert, "{limitName}", oneLimit, "{groupName}", "x", "{cloudProvider}", "AWS")
	seen := 0
	for _, path := range doc.Paths.InMatchingOrder() {
		for method, operation := range doc.Paths.Value(path).Operations() {
			want := 1200
			if limit, ok := operation.Extensions["x-rate-limit"].(float64); ok {
				want = int(limit)
			}
			target := wire.TargetOf(method, fill.Replace(path))
			if target.Operation != operation.OperationID || target.Limit != want {
				t.Errorf("%s %s: %+v, want %s with %d", method, path, target, operation.OperationID, want)
			}
			if project := strings.Contains(path, "{groupId}"); project != (target.Project == testProject) || target.Integrations {
				t.Errorf("%s %s: %+v", method, path, target)
			}
			if !strings.Contains(path, "byName") {
				got := a.send(a.request(method, fill.Replace(path), strings.NewReader("")))
				if got.exact(wire.RateLimitHeader) != fmt.Sprint(want) && got.status != http.StatusNotFound {
					t.Errorf("%s %s: limit %s, want %d", method, path, got.exact(wire.RateLimitHeader), want)
				}
			}
			seen++
		}
	}
	if seen < 30 {
		t.Errorf("%d operations", seen)
	}
}
