package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

const projectID = "5d791c84ff7a2522cc4f9aa1"

// startAtlas starts a fake Atlas, sets the environment so that commands use it, and changes to a temporary directory.
func startAtlas(t *testing.T, opts ...fakeatlas.Option) *fakeatlas.Server {
	t.Helper()
	server := fakeatlas.Start(t, opts...)
	t.Chdir(t.TempDir())
	callAt(t, server.URL)
	return server
}

// callAt sets the environment of commands that call Atlas.
func callAt(t *testing.T, url string) {
	t.Helper()
	for name, value := range map[string]string{
		"MONGODB_ATLAS_PUBLIC_API_KEY":  fakeatlas.DefaultAPIKey.PublicKey,
		"MONGODB_ATLAS_PRIVATE_API_KEY": fakeatlas.DefaultAPIKey.PrivateKey,
		"MONGODB_ATLAS_CLIENT_ID":       "", "MONGODB_ATLAS_CLIENT_SECRET": "",
		"MONGODB_ATLAS_BASE_URL": url, "MONGODB_ATLAS_PROJECT_ID": projectID,
	} {
		t.Setenv(name, value)
	}
}

// must runs a command line that must end with a code, and returns its output.
func must(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := run(args...)
	if code != want {
		t.Errorf("atlasint %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, stdout, stderr)
	}
	return stdout, stderr
}

// writes returns the requests in the journal that change something.
func writes(server *fakeatlas.Server) (list []string) {
	for _, r := range server.Requests(projectID) {
		if r.Method != http.MethodGet && r.User != "" {
			list = append(list, fmt.Sprintf("%s %s %d", r.Method, r.Type, r.Status))
		}
	}
	return list
}

// stored returns the integrations of the project without IDs.
func stored(server *fakeatlas.Server) []store.Integration {
	list := server.Integrations(projectID)
	for i := range list {
		list[i].ID = ""
	}
	return list
}

// examplePayloads copies the payloads of examples/payloads into the working directory.
func examplePayloads(t *testing.T, root, apiVersion string) (files []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "examples", "payloads", apiVersion, "*.json"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := apiVersion + "-" + filepath.Base(file)
		writeFile(t, name, string(data))
		files = append(files, name)
	}
	return files
}

// rootDir returns the root of the module, for tests that change the working directory.
func rootDir(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", "..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// applied is the document that apply and diff print.
type applied struct {
	Version int
	Project string
	Summary map[string]int
	Steps   []struct {
		Type, Action, Outcome, Error, File, Reason string
		Changes                                    []struct {
			Field, State string
			Secret       bool
		}
	}
	Findings []struct{ Rule string }
}

func readApplied(t *testing.T, out string) (d applied) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(out))
	if err := decoder.Decode(&d); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if decoder.More() {
		t.Fatalf("more than one document: %s", out)
	}
	if d.Version != 1 {
		t.Fatalf("the version is %d, want 1", d.Version)
	}
	return d
}

// outcomes returns the outcomes of the steps, each as "TYPE action outcome".
func (a applied) outcomes() string {
	var list []string
	for _, s := range a.Steps {
		list = append(list, strings.TrimSpace(s.Type+" "+s.Action+" "+s.Outcome))
	}
	return strings.Join(list, ", ")
}

// same fails the test unless two projects have the same integrations.
func same(t *testing.T, want, got []store.Integration) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is stored (-want +got)\n%s", diff)
	}
}
