package doctest_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

const projectID = "5d791c84ff7a2522cc4f9aa1"

// documentedAtlas starts the Atlas of the documents, a fake with some integrations, and returns its host. In outputs,
// cloud.mongodb.com replaces the host.
func documentedAtlas(t *testing.T) (host string) {
	t.Helper()
	atlas := fakeatlas.Start(t)
	for name, value := range map[string]string{
		"MONGODB_ATLAS_PUBLIC_API_KEY": fakeatlas.DefaultAPIKey.PublicKey, "MONGODB_ATLAS_PRIVATE_API_KEY": fakeatlas.DefaultAPIKey.PrivateKey,
		"MONGODB_ATLAS_CLIENT_ID": "", "MONGODB_ATLAS_CLIENT_SECRET": "",
		"MONGODB_ATLAS_BASE_URL": atlas.URL, "MONGODB_ATLAS_PROJECT_ID": projectID, "ATLASINT_URL": atlas.URL,
		"DATADOG_API_KEY": "5f1d3b7a9c2e4806b1d7f3a95c0e2846", "OPS_GENIE_API_KEY": "0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6",
		"PROMETHEUS_PASSWORD": "not-a-real-password",
	} {
		t.Setenv(name, value)
	}
	err := atlas.Restore(store.State{projectID: {Integrations: []store.Integration{
		{
			Type:   "DATADOG",
			ID:     "6b033f0b351ae20fe1fd4501",
			Fields: map[string]any{"apiKey": "00000000000000000000000000001234", "region": "US", "sendDatabaseMetrics": true},
		},
		{
			Type:   "PROMETHEUS",
			ID:     "6b033f0b351ae20fe1fd4502",
			Fields: map[string]any{"enabled": true, "username": "prom_reader", "password": "an-old-password", "serviceDiscovery": "http"},
		},
		{Type: "VICTOR_OPS", ID: "6b033f0b351ae20fe1fd4503", Fields: map[string]any{"apiKey": "11111111-2222-3333-4444-555555555678", "routingKey": "main"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(atlas.URL, "http://")
}

// TestApplyDocument looks for each member of the JSON of apply, diff and get in docs/apply.md.
func TestApplyDocument(t *testing.T) {
	inRoot(t)
	text, err := os.ReadFile("docs/apply.md")
	if err != nil {
		t.Fatal(err)
	}
	documentedAtlas(t)
	plan := must(t, 1, "diff", "--json", "examples/apply")
	wrong := must(t, 1, "diff", "--json", "examples/payloads/v2/slack.json", "examples/failing/datadog-from-memory.json")
	sent := must(t, 0, "apply", "--yes", "--json", "examples/apply", "examples/payloads/v2/slack.json")
	_, wrong, _ = strings.Cut(wrong, `"findings"`)
	sent, _, _ = strings.Cut(sent, `"findings"`) // docs/report.md describes those
	got := must(t, 0, "get", "VICTOR_OPS", "--json")
	names := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^ *"(\w+)":`).FindAllStringSubmatch(plan+sent+got, -1) {
		names[m[1]] = true
	}
	delete(names, "apiKey") // fields of an integration
	delete(names, "routingKey")
	for name := range names {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/apply.md doesn't contain %s", name)
		}
	}
	if len(names) < 20 || !strings.Contains(wrong, `"rule"`) {
		t.Errorf("found %d names in the output", len(names))
	}
}
