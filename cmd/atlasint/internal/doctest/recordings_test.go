package doctest_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// varying matches the members of a recording that differ between runs and versions of curl.
var varying = regexp.MustCompile(`"(time|id|User-Agent)": ?"[^"]*"`)

// TestRecordingExample compares the example in docs/recordings.md with the second file of a digest client.
func TestRecordingExample(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is missing")
	}
	inRoot(t)
	dir := t.TempDir()
	s, err := fakeatlas.New(fakeatlas.WithRecordings(filepath.Join(dir, "recordings")))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	key := fakeatlas.DefaultAPIKey
	out, err := exec.Command("curl", "--silent", "--fail", "--noproxy", "*", "--digest", "--user", key.PublicKey+":"+key.PrivateKey,
		"--header", "Accept: application/vnd.atlas.2023-01-01+json", "--header", "Content-Type: application/json",
		"--data", `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"EU"}`,
		server.URL+"/api/atlas/v2/groups/5d791c84ff7a2522cc4f9aa1/integrations/OPS_GENIE?includeCount=true").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	read := func(text string) (value map[string]any) {
		if err := json.Unmarshal([]byte(varying.ReplaceAllString(text, `"$1": ""`)), &value); err != nil {
			t.Fatal(err)
		}
		return value
	}
	file := func(name string) map[string]any {
		data, err := os.ReadFile(filepath.Join(dir, "recordings", name))
		if err != nil {
			t.Fatal(err)
		}
		return read(string(data))
	}
	if status := file("000001-create.json")["response"].(map[string]any)["status"]; status != 401.0 {
		t.Errorf("the first request has the status %v", status)
	}
	documented := read(strings.Join(fenced(t, "docs/recordings.md", "json"), "\n"))
	if diff := cmp.Diff(documented, file("000002-create.json")); diff != "" {
		t.Errorf("(-documented +recorded)\n%s", diff)
	}
}
