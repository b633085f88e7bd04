package logtext_test

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/logtext"
)

const (
	project = "5d791c84ff7a2522cc4f9aa1"
	list    = "/api/atlas/v2/groups/" + project + "/integrations"
)

func TestShownTexts(t *testing.T) {
	for _, tc := range []struct {
		show     func(string) string
		in, want string
	}{
		{logtext.Method, "GET", "GET"},
		{logtext.Method, "get", "(hidden)"},
		{logtext.Method, "HUNTER", "(hidden)"},
		{logtext.Type, "", ""},
		{logtext.Type, "FLOWDOCK", "FLOWDOCK"},
		{logtext.Type, "HIP_CHAT", "HIP_CHAT"},
		{logtext.Type, "datadog", "(hidden)"},
		{logtext.ID, "", ""},
		{logtext.ID, project, project},
		{logtext.ID, strings.ToUpper(project), "(hidden)"},

		{logtext.Path, "", ""},
		{logtext.Path, "/", "/"},
		{logtext.Path, list + "/DATADOG", list + "/DATADOG"},
		{logtext.Path, "/api/atlas/v1.0/groups/" + project + "//integrations", "/api/atlas/v1.0/groups/" + project + "//integrations"},
		{logtext.Path, list + "/hunter2", list + "/(hidden)"},
		{logtext.Path, list + "/correct-horse", list + "/(hidden)"},
		{logtext.Path, "/api/atlas/v2/groups/hunter/integrations", "/api/atlas/v2/groups/(hidden)/integrations"},
		{logtext.Path, "/" + project, "/(hidden)"}, // an id, but none of a project
		{logtext.Path, "/secret/abc", "/(hidden)/(hidden)"},
		{logtext.Path, "/%61pi/v2", "/(hidden)/v2"},
		{logtext.Path, "/_atlasint/faults/7", "/_atlasint/faults/(hidden)"},
		{logtext.Path, "/api/atlas/v2/groups/byName/hunter2", "/api/atlas/v2/groups/byName/(hidden)"},
		{logtext.Path, "/api/atlas/v2/groups/" + project + "/limits/hunter2", "/api/atlas/v2/groups/" + project + "/limits/(hidden)"},
		{logtext.Path, "/api/atlas/v2/groups/atlas.project.deployment.clusters", "/api/atlas/v2/groups/(hidden)"},
		{logtext.Path, "/api/atlas/v2/groups/" + project + ":migrate", "/api/atlas/v2/groups/" + project + ":migrate"},
		{
			show: logtext.Path,
			in:   "/api/atlas/v2/groups/" + project + "/clusters/hunter2:pinFeatureCompatibilityVersion",
			want: "/api/atlas/v2/groups/" + project + "/clusters/(hidden):pinFeatureCompatibilityVersion",
		},
		{logtext.Path, "/api/atlas/v2/groups/" + project + "/clusters/x:hunter2:start", "/api/atlas/v2/groups/" + project + "/clusters/(hidden):start"},
		{logtext.Path, "/streams:hunter2/:start/streams:withSampleConnections", "/(hidden)/(hidden)/streams:withSampleConnections"},
		{logtext.Path, strings.Repeat("/api", 60), strings.Repeat("/api", 50) + "..."},

		{logtext.Query, "", ""},
		{logtext.Query, "pretty=true&envelope=F&&pageNum=1&itemsPerPage=500&limit=10", "pretty=true&envelope=F&pageNum=1&itemsPerPage=500&limit=10"},
		{logtext.Query, "pageNum=-1&pretty=&pretty", "pageNum=-1&pretty=&pretty"},
		{logtext.Query, "pageNum=hunter2", "pageNum=(hidden)"},
		{logtext.Query, "pageNum=12345&includeCount=%74rue", "pageNum=(hidden)&includeCount=(hidden)"},
		{logtext.Query, "hunter2", "(hidden)"},
		{logtext.Query, "key=abc&hunter2=true", "(hidden)=(hidden)&(hidden)=(hidden)"},
		{logtext.Query, "project=" + project + "&project=abc&path=*/DATADOG", "project=" + project + "&project=(hidden)&path=(hidden)"},

		{logtext.Query, "name=&name=hunter2&projectOwnerId=&projectOwnerId=hunter2", "name=&name=(hidden)&projectOwnerId=&projectOwnerId=(hidden)"},

		{logtext.Media, "", ""},
		{logtext.Media, "*/*", "*/*"},
		{logtext.Media, "application/vnd.atlas.2023-01-01+json", "application/vnd.atlas.2023-01-01+json"},
		{logtext.Media, "Application/JSON;charset=UTF-8", "application/json; charset=utf-8"},
		{logtext.Media, "text/html, application/json;q=0.5, x/hunter2", "text/html, application/json; q=0.5, (hidden)"},
		{logtext.Media, "application/json; token=hunter2", "application/json; (hidden)"},
		{logtext.Media, "application/json; charset=hunter2", "application/json; (hidden)"},
		{logtext.Media, "application/json; q=0.hunter2", "application/json; (hidden)"},
		{logtext.Media, "application/vnd.atlas.hunter2+json", "(hidden)"},
		{logtext.Media, "hunter2", "(hidden)"},

		{logtext.Agent, "", ""},
		{logtext.Agent, "Go-http-client/1.1", "Go-http-client/1.1"},
		{logtext.Agent, "terraform-provider-mongodbatlas/2.16.0 Terraform/1.11.4", "terraform-provider-mongodbatlas/2.16.0 Terraform/1.11.4"},
		{logtext.Agent, "go-atlas-sdk-admin/20250312023.1.0 (linux;amd64)", "go-atlas-sdk-admin/20250312023.1.0 (hidden)"},
		{logtext.Agent, "curl", "curl"},
		{logtext.Agent, "hunter2", "(hidden)"},
		{logtext.Agent, "my secret/1.0 curl/hunter2 key", "(hidden)"},
	} {
		if got := tc.show(tc.in); got != tc.want {
			t.Errorf("%q is shown as %q, want %q", tc.in, got, tc.want)
		}
	}
}

// Every path and query parameter of the documents is known: a new one is added here, too.
func TestParametersOfDocuments(t *testing.T) {
	parameters := strings.NewReplacer(
		"{groupId}", project,
		"{integrationType}", "DATADOG",
		"{id}", logtext.Hidden,
		"{orgId}", project,
		"{teamId}", project,
		"{alertConfigId}", project,
		"{groupName}", logtext.Hidden,
		"{limitName}", "atlas.project.deployment.clusters",
		"{cloudProvider}", "AWS",
	)
	for _, file := range []string{
		"../../openapi/atlas-v2.yaml",
		"../../openapi/atlas-v1.yaml",
		"../../openapi/companions.yaml",
		"../../fakeatlas/internal/control/openapi.yaml",
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var document struct {
			Servers []struct{ URL string }
			Paths   map[string]yaml.Node
		}
		if err := yaml.Unmarshal(text, &document); err != nil || len(document.Paths) == 0 {
			t.Fatal(file, err)
		}
		base, err := url.Parse(document.Servers[0].URL)
		if err != nil {
			t.Fatal(err)
		}
		for path := range document.Paths {
			want := parameters.Replace(base.Path + path)
			if got := logtext.Path(strings.ReplaceAll(want, logtext.Hidden, "7")); got != want {
				t.Errorf("%s: %s is shown as %s", file, want, got)
			}
		}
		names := regexp.MustCompile(`name: (\w+)\s+in: query`).FindAllStringSubmatch(string(text), -1)
		if len(names) < 3 {
			t.Errorf("%s: only %d query parameters are found", file, len(names))
		}
		for _, name := range names {
			if got := logtext.Query(name[1]); got != name[1] {
				t.Errorf("%s: the parameter %s is shown as %s", file, name[1], got)
			}
		}
	}
}

func unprintable(r rune) bool { return r > '~' || !unicode.IsPrint(r) }

// FuzzTexts: for any input, the shown text is short, prints on one line, and has no word of an unknown one.
func FuzzTexts(f *testing.F) {
	f.Add("hunter", "/api/atlas/v2/groups/%s/integrations?pretty=%s")
	f.Add("x\u202e", "%s, application/json;q=%s curl/%s")
	f.Add("a/b", "/%s")
	f.Fuzz(func(t *testing.T, secret, around string) {
		text := strings.ReplaceAll(around, "%s", "zq7"+secret+"zq7")
		for _, show := range []func(string) string{
			logtext.Method, logtext.Type, logtext.ID, logtext.Media, logtext.Agent, logtext.Query,
			func(s string) string { return logtext.Path((&url.URL{Path: s}).EscapedPath()) },
		} {
			shown := show(text)
			if len(shown) > 200+len("...") {
				t.Fatalf("%q is shown in %d bytes", text, len(shown))
			}
			if strings.Contains(shown, "zq7") {
				t.Fatalf("%q is shown as %q, with an unknown word", text, shown)
			}
			if strings.ContainsFunc(shown, unprintable) {
				t.Fatalf("%q is shown as %q, want printable ASCII", text, shown)
			}
		}
	})
}
