package fakeatlas

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

const prefix2 = "/api/atlas/v2/"

// create creates a project and returns its ID.
func (a *apiClient) create(name string) string {
	a.t.Helper()
	got := a.do("POST", prefix2+"groups", `{"name":"`+name+`","orgId":"`+testOrg+`"}`)
	a.want(got, 201, "")
	var project struct{ ID string }
	if err := json.Unmarshal([]byte(got.body), &project); err != nil {
		a.t.Fatal(err)
	}
	return project.ID
}

// in is the same client with the integrations of another project.
func (a *apiClient) in(project string) *apiClient {
	other := *a
	other.project = project
	return &other
}

// eachStore returns each store, empty.
func eachStore(t *testing.T) map[string]store.Store {
	t.Helper()
	file, _ := newFile(t)
	return map[string]store.Store{"memory": new(store.Memory), "file": file, "redis": newRedis(t, miniredis.RunT(t))}
}

// A created project exists until it is deleted, also if only named projects exist. Its integrations are deleted with
// it.
func TestCreateAndDeleteProjects(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s), WithProjects(testProject))
			id := a.create("Alerts")
			for _, a := range []*apiClient{a.in(id), a.in(id).withVersion(schemas.V1)} {
				a.want(a.do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-123456"}`), 200, "")
				a.want(a.do("GET", "/OPS_GENIE", ""), 200, "")
			}
			a.want(a.do("GET", prefix2+"groups/"+nth(99), ""), 404, "GROUP_NOT_FOUND")
			a.want(a.in(nth(99)).do("GET", "", ""), 404, "GROUP_NOT_FOUND")
			got := a.do("DELETE", prefix2+"groups/"+id, "")
			a.want(got, 202, "")
			wantBody(t, got, `{}`)
			for _, dead := range []string{id, testProject} {
				if dead == testProject {
					a.want(a.in(dead).do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-123456"}`), 200, "")
					a.want(a.do("DELETE", prefix2+"groups/"+dead, ""), 202, "")
				}
				for _, apiVersion := range apiVersions {
					a := a.in(dead).withVersion(apiVersion)
					a.want(a.do("GET", "", ""), 404, "GROUP_NOT_FOUND")
					a.want(a.do("GET", "/OPS_GENIE", ""), 404, "GROUP_NOT_FOUND")
					a.want(a.do("POST", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-123456"}`), 404, "GROUP_NOT_FOUND")
					a.want(a.do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-123456"}`), 404, "GROUP_NOT_FOUND")
					a.want(a.do("DELETE", "/OPS_GENIE", ""), 404, "GROUP_NOT_FOUND")
				}
				for _, path := range []string{"", "/settings", "/limits", "/teams", "/users", "/managedSlowMs", "/auditLog"} {
					a.want(a.do("GET", prefix2+"groups/"+dead+path, ""), 404, "GROUP_NOT_FOUND")
				}
				a.want(a.do("DELETE", prefix2+"groups/"+dead, ""), 404, "GROUP_NOT_FOUND")
			}
			wantBody(t, a.do("GET", prefix2+"groups", ""),
				`{"links":[{"href":"http://atlas.example/api/atlas/v2/groups?pageNum=1&itemsPerPage=100","rel":"self"}],"results":[],"totalCount":0}`)
			a.want(a.do("GET", prefix2+"groups/byName/Alerts", ""), 404, "GROUP_NOT_FOUND")
			a.create("Alerts")
		})
	}
}

// Without named projects every well-formed ID is one, until it is deleted.
func TestUsedProjects(t *testing.T) {
	a := newAPIClient(t, schemas.V2).has("OPS_GENIE")
	self := `{"href":"http://atlas.example/api/atlas/v2/groups/` + testProject + `","rel":"self"}`
	inList := `{"clusterCount":0,"created":"1996-12-17T18:15:39Z","id":"` + testProject + `","links":[` + self + `],"name":"Project ` + testProject +
		`","orgId":"5f0000000000000000000001","tags":[],"withDefaultAlertsSettings":true}`
	wantBody(t, a.do("GET", prefix2+"groups?includeCount=false&itemsPerPage=100&pageNum=0", ""),
		`{"links":[{"href":"http://atlas.example/api/atlas/v2/groups?includeCount=false&pageNum=1&itemsPerPage=100","rel":"self"}],"results":[`+inList+`]}`)
	got := a.do("GET", prefix2+"groups/byName/Project%20"+testProject, "")
	a.want(got, 200, "")
	one := a.do("GET", prefix2+"groups/"+testProject, "")
	wantBody(t, one, got.body)
	wantNoParts(t, "by ID", one.body, `"tags"`)
	if n := strings.Count(one.body, `"rel"`); n != 7 {
		t.Errorf("%d links, want 7: %s", n, one.body)
	}
	a.want(a.do("POST", prefix2+"groups", `{"name":"Project `+testProject+`","orgId":"5f0000000000000000000001"}`), 409, "GROUP_ALREADY_EXISTS")
	a.want(a.do("PATCH", prefix2+"groups/"+testProject, `{"tags":[{"key":"a","value":"b"}]}`), 200, "")
	a.want(a.do("PATCH", prefix2+"groups/"+testProject, `{"name":"Own"}`), 200, "")
	a.want(a.do("GET", prefix2+"groups/byName/Project%20"+testProject, ""), 404, "GROUP_NOT_FOUND")
	if got := a.do("GET", prefix2+"groups/byName/Own", ""); !strings.Contains(got.body, `"tags":[{"key":"a","value":"b"}]`) {
		t.Error(got)
	}
	a.want(a.do("GET", "/OPS_GENIE", ""), 200, "")
}

func TestProjectResponses(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	got := a.do("POST", prefix2+"groups?projectOwnerId=", `{"clusterCount":0,"created":"0001-01-01T00:00:00Z","name":"e2e (1)","orgId":"`+testOrg+
		`","regionUsageRestrictions":"","tags":[{"key":"z","value":"1"},{"key":"a","value":"<&>"}],"withDefaultAlertsSettings":false}`)
	a.want(got, 201, "")
	base := "http://atlas.example/api/atlas/v2/groups/" + nth(1)
	var links []string
	for _, name := range []string{"containers", "clusters", "databaseUsers", "peers", "processes", "whitelist"} {
		links = append(links, `{"href":"`+base+`/`+name+`","rel":"https://cloud.mongodb.com/`+name+`"}`)
	}
	whole := `{"clusterCount":0,"created":"` + testTime.UTC().Format("2006-01-02T15:04:05Z") + `","id":"` + nth(1) +
		`","links":[{"href":"` + base + `","rel":"self"},` + strings.Join(links, ",") +
		`],"name":"e2e (1)","orgId":"` + testOrg + `","tags":[{"key":"z","value":"1"},{"key":"a","value":"<&>"}],"withDefaultAlertsSettings":false}`
	wantBody(t, got, whole)
	wantBody(t, a.do("GET", prefix2+"groups/"+nth(1), ""), whole)
	wantBody(t, a.do("PATCH", prefix2+"groups/"+nth(1), `{"name":"e2e (1)","tags":[]}`),
		strings.Replace(whole, `{"key":"z","value":"1"},{"key":"a","value":"<&>"}`, "", 1))
	for _, tc := range [][3]string{
		{"groups/" + nth(1) + "/settings", `{"isDataExplorerEnabled":false,"isExtendedStorageSizesEnabled":true}`,
			`{"isAtlasHomePageAiAssistantEnabled":true,"isClusterAiAssistantEnabled":true,` +
				`"isCollectDatabaseSpecificsStatisticsEnabled":true,"isDataExplorerEnabled":false,` +
				`"isDataExplorerGenAIFeaturesEnabled":true,"isDataExplorerGenAISampleDocumentPassingEnabled":false,` +
				`"isDataValidationEnabled":true,"isExtendedStorageSizesEnabled":true,"isNativeRerankingEnabled":false,` +
				`"isPerformanceAdvisorEnabled":true,"isRealtimePerformancePanelEnabled":true,"isSchemaAdvisorEnabled":true}`},
		{"groups/" + nth(1) + "/limits/" + oneLimit, `{"name":"` + oneLimit + `","value":12345678901}`, `{"name":"` + oneLimit + `","value":12345678901}`},
	} {
		wantBody(t, a.do("PATCH", prefix2+tc[0], tc[1]), tc[2])
		wantBody(t, a.do("GET", prefix2+tc[0], ""), tc[2])
	}
	wantBody(t, a.do("GET", prefix2+"groups/"+nth(1)+"/limits", ""), `[{"name":"`+oneLimit+`","value":12345678901}]`)
	a.want(a.do("DELETE", prefix2+"groups/"+nth(1)+"/limits/"+oneLimit, ""), 204, "")
	wantBody(t, a.do("GET", prefix2+"groups/"+nth(1)+"/limits", ""), `[]`)
	wantBody(t, a.do("GET", prefix2+"groups/"+nth(1)+"/managedSlowMs", ""), `true`)
	a.want(a.do("DELETE", prefix2+"groups/"+nth(1)+"/managedSlowMs/disable", ""), 204, "")
	wantBody(t, a.do("GET", prefix2+"groups/"+nth(1)+"/managedSlowMs?envelope=true", ""), `{"status":200,"content":false}`)
	team := `{"links":[{"href":"` + base + `/teams/` + testTeam + `","rel":"self"}],"roleNames":["GROUP_OWNER"],"teamId":"` + testTeam + `"}`
	added := a.do("POST", prefix2+"groups/"+nth(1)+"/teams", `[{"teamId":"`+testTeam+`","roleNames":["GROUP_OWNER"]}]`)
	a.want(added, 200, "")
	if !strings.Contains(added.body, `"results":[`+team+`]`) {
		t.Error(added.body)
	}
	a.want(a.do("DELETE", prefix2+"groups/"+nth(1)+"/teams/"+testTeam, ""), 204, "")
	a.want(a.do("DELETE", prefix2+"groups/"+nth(1)+"/teams/"+testTeam, ""), 404, "RESOURCE_NOT_FOUND")
	orgs := a.do("GET", prefix2+"orgs?includeCount=true&itemsPerPage=100&name=&pageNum=1", "")
	wantParts(t, "the organizations", orgs.body, `"totalCount":2`,
		`{"href":"http://atlas.example/api/atlas/v2/orgs?includeCount=true&name=&pageNum=1&itemsPerPage=100","rel":"self"}`)
	if got := a.do("GET", prefix2+"orgs?name=ORGANIZATION", ""); !strings.Contains(got.body, testOrg) || !strings.Contains(got.body, `"totalCount":1`) {
		t.Error(got.body)
	}
	if got := a.do("GET", prefix2+"orgs/"+testOrg+"/groups?name=E2E", ""); !strings.Contains(got.body, nth(1)) {
		t.Error(got.body)
	}
}

func TestCompanionVersions(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	group := prefix2 + "groups/" + testProject
	for _, tc := range [][3]string{
		{group, "2025-03-12", "2023-01-01"}, {group + "/users", "2025-03-12", "2025-02-19"}, {group + "/users", "2025-02-18", "2023-01-01"},
		{group + "/clusters", "2024-08-05", "2024-08-05"}, {group + "/clusters", "2024-08-04", "2023-02-01"},
		{group + "/backupCompliancePolicy", "2023-10-01", "2023-10-01"}, {group + "/backupCompliancePolicy", "2023-01-01", ""},
		{group + "/managedSlowMs/disable", "2023-01-01", "2023-01-01"},
	} {
		method := "GET"
		if strings.HasSuffix(tc[0], "/disable") {
			method = "DELETE"
		}
		got := a.do(method, tc[0], "", "Accept: application/vnd.atlas."+tc[1]+"+json")
		if tc[2] == "" {
			a.want(got, 406, "INVALID_VERSION_DATE")
		} else if want := "application/vnd.atlas." + tc[2] + "+json;charset=utf-8"; got.status >= 300 || got.header.Get("Content-Type") != want {
			t.Errorf("%s of %s: %d %s, want %s", tc[0], tc[1], got.status, got.header.Get("Content-Type"), want)
		}
	}
}

func TestRejectedCompanionRequests(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	a.create("Taken")
	group := "groups/" + testProject
	long := strings.Repeat("x", 65)
	for _, tc := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", "groups", ``, 400, "MALFORMED_JSON"}, {"POST", "groups", `[]`, 400, "INVALID_JSON"}, {"POST", "groups", `null`, 400, "INVALID_JSON"},
		{"POST", "groups", `{"name":"a","orgId":"` + testOrg + `"} x`, 400, "MALFORMED_JSON"},
		{"POST", "groups", `{"orgId":"` + testOrg + `"}`, 400, "MISSING_ATTRIBUTE"},
		{"POST", "groups", `{"name":null,"orgId":"` + testOrg + `"}`, 400, "MISSING_ATTRIBUTE"},
		{"POST", "groups", `{"name":"a"}`, 400, "MISSING_ATTRIBUTE"}, {"POST", "groups", `{"name":"a","orgId":"x"}`, 404, "INVALID_ORG_ID"},
		{"POST", "groups", `{"name":1,"orgId":"` + testOrg + `"}`, 400, "INVALID_JSON_ATTRIBUTE"},
		{"POST", "groups", `{"name":"a","orgId":"` + testOrg + `","more":1}`, 400, "INVALID_ATTRIBUTE"},
		{"POST", "groups", `{"name":"a","name":"b","orgId":"` + testOrg + `"}`, 400, "MALFORMED_JSON"},
		{"POST", "groups", `{"Created":"x","name":"a","orgId":"` + testOrg + `"}`, 400, "INVALID_ATTRIBUTE"},
		{"POST", "groups", `{"Name":"a","name":"a","orgId":"` + testOrg + `"}`, 400, "INVALID_ATTRIBUTE"},
		{"POST", "groups", `{"name":"","orgId":"` + testOrg + `"}`, 400, "INVALID_GROUP_NAME"},
		{"POST", "groups", `{"name":"` + long + `","orgId":"` + testOrg + `"}`, 400, "INVALID_GROUP_NAME"},
		{"POST", "groups", `{"name":"a/b","orgId":"` + testOrg + `"}`, 400, "INVALID_GROUP_NAME"},
		{"POST", "groups", `{"name":".","orgId":"` + testOrg + `"}`, 400, "INVALID_GROUP_NAME"},
		{"POST", "groups", `{"name":"..","orgId":"` + testOrg + `"}`, 400, "INVALID_GROUP_NAME"},
		{"PATCH", group, `{"name":".."}`, 400, "INVALID_GROUP_NAME"},
		{"POST", "groups", `{"name":"a\u0000","orgId":"` + testOrg + `"}`, 400, "INVALID_GROUP_NAME"},
		{"POST", "groups", `{"name":"Taken","orgId":"` + testOrg + `"}`, 409, "GROUP_ALREADY_EXISTS"},
		{"POST", "groups", `{"name":"a","orgId":"` + testOrg + `","regionUsageRestrictions":"MARS"}`, 400, "INVALID_ENUM_VALUE"},
		{"POST", "groups", `{"name":"a","orgId":"` + testOrg + `","tags":[{"key":"","value":"x"}]}`, 400, "INVALID_ATTRIBUTE"},
		{"PATCH", group, `{"name":"a/b"}`, 400, "INVALID_GROUP_NAME"}, {"PATCH", group, `{"orgId":"` + testOrg + `"}`, 400, "INVALID_ATTRIBUTE"},
		{"PATCH", group + "/settings", `{"isDataExplorerEnabled":"no"}`, 400, "INVALID_JSON_ATTRIBUTE"},
		{"PATCH", group + "/settings", `{"x":true}`, 400, "INVALID_ATTRIBUTE"},
		{"PATCH", group + "/limits/" + oneLimit, `{"name":"dataFederation.bytesProcessed.query","value":1}`, 400, "INVALID_ATTRIBUTE"},
		{"PATCH", group + "/limits/" + oneLimit, `{"value":-1}`, 400, "INVALID_ATTRIBUTE"},
		{"PATCH", group + "/limits/x", `{"value":1}`, 400, "INVALID_PATH_PARAMETER"},
		{"POST", group + "/teams", `{}`, 400, "INVALID_JSON"}, {"POST", group + "/teams", `null`, 400, "INVALID_JSON"},
		{"POST", group + "/teams", `[{"teamId":"x"}]`, 400, "INVALID_ATTRIBUTE"},
		{"GET", "groups/x", ``, 404, "INVALID_GROUP_ID"}, {"GET", "orgs/x", ``, 404, "INVALID_ORG_ID"},
		{"GET", "groups/byName/none", ``, 404, "GROUP_NOT_FOUND"},
		{"GET", "groups?pageNum=-1", ``, 400, "INVALID_QUERY_PARAMETER"}, {"GET", "groups?itemsPerPage=0", ``, 400, "INVALID_QUERY_PARAMETER"},
		{"GET", group + "/nothing", ``, 404, "RESOURCE_NOT_FOUND"}, {"PUT", group, ``, 405, "UNEXPECTED_ERROR"},
	} {
		got := a.do(tc.method, prefix2+tc.path, tc.body, "Content-Type: application/json")
		if got.status != tc.status || got.header.Get("X-Error-Code") != tc.code {
			t.Errorf("%s %s %s: %d %s, want %d %s", tc.method, tc.path, tc.body, got.status, got.body, tc.status, tc.code)
		}
	}
	if got := a.do("GET", prefix2+"groups", ""); !strings.Contains(got.body, `"totalCount":1`) {
		t.Errorf("a rejected request has created a project: %s", got.body)
	}
}

// Read-only members are ignored, with any value.
func TestReadOnlyMembers(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for i, value := range []string{`"x"`, `5`, `null`, `{"a":[]}`} {
		project := fmt.Sprintf(`{"name":"%d","orgId":"%s","id":%s,"created":%[3]s,"links":%[3]s,"clusterCount":%[3]s}`, i, testOrg, value)
		if got := a.do("POST", prefix2+"groups", project, "Content-Type: application/json"); got.status != 201 {
			t.Errorf("%s: %d %s", project, got.status, got.body)
		}
		alert := strings.Replace(alertOf(mail), "{", fmt.Sprintf(`{"id":%s,"groupId":%[1]s,"created":%[1]s,"updated":%[1]s,"links":%[1]s,`, value), 1)
		if got := a.do("POST", alertsPath(testProject), alert, "Content-Type: application/json"); got.status != 201 {
			t.Errorf("%s: %d %s", alert, got.status, got.body)
		}
	}
}

// Of many concurrent creations with one name, one succeeds, and so does one of many deletions of a project.
func TestConcurrentProjects(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s))
			together := func(ask func(n int) reply) map[int]int {
				var wg sync.WaitGroup
				var mu sync.Mutex
				statuses := map[int]int{}
				for n := range loadClients {
					wg.Go(func() {
						got := ask(n)
						mu.Lock()
						defer mu.Unlock()
						statuses[got.status]++
					})
				}
				wg.Wait()
				return statuses
			}
			got := together(func(int) reply {
				return a.do("POST", prefix2+"groups", `{"name":"Wanted","orgId":"`+testOrg+`"}`)
			})
			if diff := cmp.Diff(map[int]int{http.StatusCreated: 1, http.StatusConflict: loadClients - 1}, got); diff != "" {
				t.Error(diff)
			}
			var project struct{ ID string }
			if err := json.Unmarshal([]byte(a.do("GET", prefix2+"groups/byName/Wanted", "").body), &project); err != nil {
				t.Fatal(err)
			}
			got = together(func(n int) reply {
				if n%2 == 0 {
					return a.in(project.ID).do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-123456"}`)
				}
				return a.do("DELETE", prefix2+"groups/"+project.ID, "")
			})
			if got[http.StatusAccepted] != 1 || got[http.StatusOK]+got[http.StatusNotFound]+1 != loadClients {
				t.Error(got)
			}
			a.want(a.in(project.ID).do("GET", "", ""), 404, "GROUP_NOT_FOUND")
			state, err := a.s.Snapshot()
			if err != nil || len(state) != 1 || !state[project.ID].Deleted {
				t.Errorf("%v, %v", state, err)
			}
		})
	}
}

// Snapshots, resets, the journal and the metrics have the projects, too.
func TestProjectsAreState(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	id, gone := a.create("Alerts"), a.create("Gone")
	a.want(a.in(id).do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-123456"}`), 200, "")
	a.want(a.do("DELETE", prefix2+"groups/"+gone, ""), 202, "")
	before := a.do("GET", prefix2+"groups", "").body
	state, err := a.s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	text, err := a.s.metrics.Text(t.Context())
	if err != nil || !strings.Contains(string(text), "\natlasint_projects 1\n") || !strings.Contains(string(text), `operation="createGroup"`) {
		t.Errorf("%v\n%s", err, text)
	}
	requests := a.s.Requests(gone)
	if len(requests) != 1 || requests[0].Operation != "deleteGroup" || requests[0].Path != prefix2+"groups/"+gone {
		t.Errorf("%+v", requests)
	}
	if err := a.s.Reset(); err != nil {
		t.Fatal(err)
	}
	a.token = issue(t, a.s)
	a.want(a.do("GET", prefix2+"groups/"+gone, ""), 200, "") // every ID is a project again
	if err := a.s.Restore(state); err != nil {
		t.Fatal(err)
	}
	if after := a.do("GET", prefix2+"groups", "").body; after != before {
		t.Errorf("restored: %s\nwant %s", after, before)
	}
	a.want(a.do("GET", prefix2+"groups/"+gone, ""), 404, "GROUP_NOT_FOUND")
	a.want(a.in(id).do("GET", "/OPS_GENIE", ""), 200, "")
}

// A name may be a secret in the wrong place: neither the journal nor a log has it.
func TestProjectNamesAreHidden(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for _, path := range []string{
		"groups/byName/" + canary, "groups/" + testProject + "/limits/" + canary, "orgs?name=" + canary,
		"groups?projectOwnerId=" + canary,
	} {
		a.do("GET", prefix2+path, "")
	}
	a.do("POST", prefix2+"groups", `{"name":"`+canary+`","orgId":"`+testOrg+`"}`)
	for _, r := range a.s.Requests() {
		if text := fmt.Sprintf("%+v", r); strings.Contains(text, canary) {
			t.Error(text)
		}
	}
	if got := wire.TargetOf("GET", prefix2+"groups/byName/"+canary); got.Bucket != "getGroupByName" || got.Project != "" {
		t.Errorf("%+v", got)
	}
}
