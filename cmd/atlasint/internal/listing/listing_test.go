package listing_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/listing"
)

const key = "5f1d3b7a9c2e4806b1d7f3a95c0e2846"

// integrations returns two integrations, one with a secret that the server did not mask, one of an unknown type.
func integrations() []client.Integration {
	return []client.Integration{
		{
			Type: "DATADOG", ID: "5d791c84ff7a2522cc4f9aa2", Hidden: []string{"region\n"},
			JSON: json.RawMessage(`{"type":"DATADOG","apiKey":"` + key + `","region":"US"}`),
		},
		{Type: "NEWER", JSON: json.RawMessage(`{"type":"NEWER"}`)},
	}
}

func TestIntegrationOfType(t *testing.T) {
	for _, tc := range []struct{ api, name, want, err string }{
		{"v2", "datadog", "DATADOG", ""},
		{"v2", "NEWER", "NEWER", ""}, // it is in the list, so it need not be known
		{"v2", "slack", "", "the project has no integration of type SLACK"},
		{"v2", "FLOWDOCK", "", "--api v1.0"},
		{"v1.0", "FLOWDOCK", "", "the project has no integration of type FLOWDOCK; atlasint get --api v1.0 lists its integrations"},
		{"v2", "DATADGO", "", "DATADOG"},
	} {
		found, err := listing.OfType(integrations(), tc.api, tc.name, " --api "+tc.api)
		got, text := "", ""
		for _, in := range found {
			got += in.Type
		}
		if err != nil {
			text = err.Error()
		}
		if got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.api, tc.name, got, tc.want)
		}
		if tc.err == "" && err != nil {
			t.Errorf("%s %s: %v", tc.api, tc.name, err)
		}
		if !strings.Contains(text, tc.err) {
			t.Errorf("%s %s: the error is %q, want %q", tc.api, tc.name, text, tc.err)
		}
	}
}

// However many integrations and fields have a credential, one line names the first ones, each once.
func TestCredentialWarning(t *testing.T) {
	if got := listing.CredentialWarning([]client.Integration{{Type: "SLACK"}}); got != "" {
		t.Errorf("without credentials: %q", got)
	}
	got := listing.CredentialWarning(integrations())
	if want := "the server returned your credentials in DATADOG.region"; !strings.HasPrefix(got, want) {
		t.Errorf("the warning is %q, want %q", got, want)
	}
	if strings.Contains(got, "\n") {
		t.Errorf("the warning has several lines: %q", got)
	}
	var many []client.Integration
	for range 20 {
		many = append(many, client.Integration{Type: "SLACK", Hidden: []string{"id", "teamName"}},
			client.Integration{Type: "(hidden)", Hidden: []string{"(hidden)"}})
	}
	want := "the server returned your credentials in SLACK.id, SLACK.teamName, (hidden).(hidden); they are hidden. Is this the right server?"
	if diff := cmp.Diff(want, listing.CredentialWarning(many)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	many[0].Hidden = strings.Split("a b c d e f g h i j k l", " ")
	want = "the server returned your credentials in SLACK.a, SLACK.b, SLACK.c, SLACK.d, SLACK.e, SLACK.f, SLACK.g, SLACK.h, SLACK.i, SLACK.j and 5 more; " +
		"they are hidden. Is this the right server?"
	if diff := cmp.Diff(want, listing.CredentialWarning(many)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A secret is masked, even if the server returned it.
func TestWriteIntegrations(t *testing.T) {
	var out strings.Builder
	if err := listing.WriteIntegrations(&out, "v2", integrations()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 4 {
		t.Fatalf("the table has %d lines, want 4:\n%s", len(lines), out.String())
	}
	for i, parts := range [][]string{{"TYPE "}, {"5d791c84ff7a2522cc4f9aa2", "2846"}, {"NEWER    -"}} {
		for _, part := range parts {
			if !strings.Contains(lines[i], part) {
				t.Errorf("%q is missing in line %d of the table\n%s", part, i+1, out.String())
			}
		}
	}
	document, err := json.Marshal(listing.Integrations("v2", integrations()))
	if err != nil {
		t.Fatal(err)
	}
	if text := out.String() + string(document); strings.Contains(text, key) {
		t.Errorf("the secret is shown in\n%s", text)
	}
}

func TestIntegrationsIsNeverNull(t *testing.T) {
	data, err := json.Marshal(listing.Integrations("v2", nil))
	if diff := cmp.Diff(`{"version":1,"integrations":[]}`, string(data)); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// Required fields are listed for each API version only if they differ.
func TestWriteTypes(t *testing.T) {
	var out strings.Builder
	err := listing.WriteTypes(&out, []listing.Type{
		{Type: "A", Service: "a", APIVersions: []string{"v2", "v1.0"}, Required: map[string][]string{"v2": {"x", "y"}, "v1.0": {"y", "x"}}},
		{Type: "B", Service: "b", APIVersions: []string{"v2", "v1.0"}, Required: map[string][]string{"v2": {"x"}, "v1.0": {"x", "y"}}},
	})
	want := "TYPE  SERVICE  API VERSIONS  REQUIRED\nA     a        v2, v1.0      x y\nB     b        v2, v1.0      v2: x; v1.0: x y\n"
	if diff := cmp.Diff(want, out.String()); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestTypesAreListedByVersion(t *testing.T) {
	versions := map[string]string{}
	for _, one := range listing.Types() {
		if versions[one.Type] != "" {
			t.Errorf("%s is listed twice", one.Type)
		}
		versions[one.Type] = strings.Join(one.APIVersions, " ")
	}
	for typ, want := range map[string]string{"FLOWDOCK": "v1.0", "DATADOG": "v1.0 v2"} {
		if got := versions[typ]; got != want {
			t.Errorf("%s has the API versions %s, want %s", typ, got, want)
		}
	}
}
