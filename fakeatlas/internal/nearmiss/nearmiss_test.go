package nearmiss_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/fakeatlas/internal/nearmiss"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
)

const group = "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8"

func TestPattern(t *testing.T) {
	for path, want := range map[string]string{
		group + "/serverless":             "/api/atlas/v2/groups/{groupId}/serverless",
		group + "/serverless/hunter2":     "/api/atlas/v2/groups/{groupId}/serverless/{name}",
		group + "/hunter2/serverless/a/b": "/api/atlas/v2/groups/{groupId}/{name}/serverless/{name2}/{name3}",
		"/api/atlas/v2/groups/hunter2":    "/api/atlas/v2/groups/{name}",
		"/api/atlas/v2/orgs/32b6e34b3d91647abb20e7b8/teams/32b6e34b3d91647abb20e7b8": "/api/atlas/v2/orgs/{orgId}/teams/{teamId}",
		"/api/atlas/v1.5" + group[len("/api/atlas/v2"):] + "/clusters":               "/api/atlas/v1.5/groups/{groupId}/clusters",
		group + "/clusters/hunter2:pinFeatureCompatibilityVersion": "/api/atlas/v2/groups/{groupId}/clusters/" +
			"{name}:pinFeatureCompatibilityVersion",
		group + ":migrate":                       "/api/atlas/v2/groups/{groupId}:migrate",
		group + "/streams:withSampleConnections": "/api/atlas/v2/groups/{groupId}/streams:withSampleConnections",
		group + "/clusters/c:hunter2":            "/api/atlas/v2/groups/{groupId}/clusters/{name}",
		"/%68unter2/x":                           "/{name}/{name2}",
		"/":                                      "/",
		group + strings.Repeat("/serverless", 30): "/api/atlas/v2/groups/{groupId}" + strings.Repeat("/serverless", 14) + "/{rest...}",
	} {
		got := nearmiss.Pattern(path)
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if _, err := new(stubs.List).Add(stubs.Stub{Path: got}); err != nil && path != "/" {
			t.Errorf("%s: %v", got, err)
		}
	}
}

func TestSimilar(t *testing.T) {
	routes := []string{
		"GET /api/atlas/v2/orgs", "GET /api/atlas/v2/orgs/{orgId}", "POST /api/oauth/token",
		"GET /api/atlas/v2/groups", "POST /api/atlas/v2/groups", "GET /api/atlas/v2/groups/{groupId}", "GET /api/atlas/v2/groups/{groupId}/clusters",
		"GET /api/atlas/v2/groups/{groupId}/teams", "GET /api/atlas/v2/groups/{groupId}/settings", "PATCH /api/atlas/v2/groups/{groupId}/settings",
		"GET /api/atlas/v2/groups/{groupId}/integrations", "GET /api/atlas/v2/groups/{groupId}/integrations/{integrationType}",
		"PUT /api/atlas/v2/groups/{groupId}/integrations/{integrationType}", "GET /api/atlas/v1.0/groups/{groupId}/integrations",
	}
	for _, tc := range []struct {
		method, path string
		want         []string
	}{
		{"PUT", group + "/settings", []string{"GET /api/atlas/v2/groups/{groupId}/settings", "PATCH /api/atlas/v2/groups/{groupId}/settings"}},
		{"PATCH", group + "/setings", []string{"PATCH /api/atlas/v2/groups/{groupId}/settings"}},
		{"GET", group + "/cluster", []string{"GET /api/atlas/v2/groups/{groupId}/clusters"}},
		{"GET", group + "/clusters/a", []string{"GET /api/atlas/v2/groups/{groupId}/clusters"}},
		{"GET", strings.Replace(group, "v2", "v1.5", 1) + "/clusters", []string{"GET /api/atlas/v2/groups/{groupId}/clusters"}},
		{
			"POST", group + "/Integrations/DATADOG",
			[]string{"GET /api/atlas/v2/groups/{groupId}/integrations/{integrationType}", "PUT /api/atlas/v2/groups/{groupId}/integrations/{integrationType}"},
		},
		{"GET", "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/streams/a", nil}, // no misspelled teams
		{"GET", group + "/serverless", nil},                                     // only the project is common
		{"DELETE", group, []string{"GET /api/atlas/v2/groups/{groupId}"}},
		{"GET", strings.Replace(group, "groups", "group", 1), []string{"GET /api/atlas/v2/groups/{groupId}"}},
		{"GET", strings.Replace(group, "groups", "orgs", 1) + "/nothing", nil},
		{"GET", "/api/atlas/v2/nothing", nil},
		{"GET", "/x", nil},
		{"GET", "/", nil},
		{"GET", "/api/oauth/tokens", nil},
		{"GET", strings.Repeat("/x", 10000), nil},
	} {
		if diff := cmp.Diff(tc.want, nearmiss.Similar(routes, tc.method, tc.path), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s %.80s (-want +got):\n%s", tc.method, tc.path, diff)
		}
	}
}

func TestLonger(t *testing.T) {
	const typed = "POST /api/atlas/v2/groups/{groupId}/integrations/{integrationType}"
	routes := []string{
		"GET /api/atlas/v2/groups/{groupId}/integrations", "GET /api/atlas/v2/groups/{groupId}/integrations/{integrationType}", typed,
		"GET /api/atlas/v2/groups/{groupId}/settings", "PATCH /api/atlas/v2/groups/{groupId}/teams/settings",
	}
	for request, want := range map[string]string{
		"POST " + group + "/integrations":           typed,
		"DELETE " + group + "/integrations":         "",
		"POST " + group + "/integrations/DATADOG/x": "",
		"POST " + group + "/Integrations":           "",
		"PATCH " + group + "/teams":                 "",
		"POST " + group:                             "",
		"POST /":                                    "",
	} {
		method, path, _ := strings.Cut(request, " ")
		if got := nearmiss.Longer(routes, method, path); got != want {
			t.Errorf("%s: %q, want %q", request, got, want)
		}
	}
}
