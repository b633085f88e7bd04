package scaffold_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/scaffold"
	"github.com/atlasint/atlasint/gen/schemas"
)

func files(t *testing.T, version string) []scaffold.File {
	t.Helper()
	list, err := scaffold.Files([]*schemas.Type{schemas.Find(schemas.V2, "SLACK"), schemas.Find(schemas.V2, "DATADOG")}, version, false)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The hook has the revision of a release, and of the first one if this is none.
func TestRevisionOfTheHook(t *testing.T) {
	for version, want := range map[string]string{
		"v1.2.3": "rev: v1.2.3\n", "v1.2.3-rc.1": "rev: v0.1.0\n", "v1.2.3+dirty": "rev: v0.1.0\n", "devel": "rev: v0.1.0\n",
	} {
		hook := files(t, version)[1]
		if !strings.Contains(string(hook.Data), want) {
			t.Errorf("%s: want %s in\n%s", version, want, hook.Data)
		}
		if (hook.Check == "") != (version == "v1.2.3") {
			t.Errorf("%s: to check: %q", version, hook.Check)
		}
	}
}

func TestWriteKeepsFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(".pre-commit-config.yaml", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	all := files(t, "v1.2.3")
	missing, existing := scaffold.Missing(all)
	want := `keep   .pre-commit-config.yaml
new    .atlasint.yaml: settings
new    integrations/atlas/slack.json: a payload to start from; before apply, set SLACK_API_TOKEN, SLACK_CHANNEL_NAME, SLACK_TEAM_NAME
new    integrations/atlas/datadog.json: a payload to start from; before apply, set DATADOG_API_KEY, DATADOG_REGION
`
	if diff := cmp.Diff(want, scaffold.Describe(missing, existing)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := scaffold.Write(missing); err != nil {
		t.Fatal(err)
	}
	for _, f := range missing {
		if data, err := os.ReadFile(filepath.FromSlash(f.Path)); err != nil || string(data) != string(f.Data) {
			t.Errorf("%s: %v\n%s", f.Path, err, data)
		}
	}
	if err := scaffold.Write(existing); err == nil {
		t.Error("a file is overwritten")
	}
	if data, _ := os.ReadFile(".pre-commit-config.yaml"); string(data) != "mine" {
		t.Errorf("the file has changed: %s", data)
	}
}

// An existing configuration of pre-commit needs no hook if it has one of atlasint.
func TestNextForHook(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		next bool
	}{
		"written by init": {"repos:\n  - repo: x\n    hooks:\n      - id: atlasint-validate\n", false},
		"second key":      {"hooks:\n  - name: x\n    id: \"atlasint-no-plaintext-secrets\"\n", false},
		"another hook":    {"hooks:\n  - id: gofmt\n", true},
		"in a comment":    {"# - id: atlasint-validate\n", true},
	} {
		t.Chdir(t.TempDir())
		if err := os.WriteFile(".pre-commit-config.yaml", []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if next := files(t, "v1.2.3")[1].Next; (next != "") != tc.next {
			t.Errorf("%s: next: %q", name, next)
		}
	}
}

// If one file can't be written, none is.
func TestWriteAllOrNone(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("integrations", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := scaffold.Write(files(t, "v1.2.3")); err == nil || !strings.HasPrefix(err.Error(), "can't create the folder of integrations") {
		t.Errorf("got %v", err)
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v; want the file that was there", entries, err)
	}
}

// A link does not point outside the working directory.
func TestWriteFollowsNoLink(t *testing.T) {
	outside := t.TempDir()
	t.Chdir(t.TempDir())
	if err := os.Symlink(outside, "integrations"); err != nil {
		t.Skip(err)
	}
	if err := scaffold.Write(files(t, "v1.2.3")); err == nil {
		t.Error("no error")
	}
	if entries, _ := os.ReadDir(outside); len(entries) > 0 {
		t.Errorf("%s is written outside", entries[0].Name())
	}
}

// Every payload to start from has references, and names their variables.
func TestVariablesOfEveryType(t *testing.T) {
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		list, err := scaffold.Files([]*schemas.Type{typ}, "v1.2.3", false)
		if err != nil {
			t.Fatal(err)
		}
		payload := list[len(list)-1]
		_, names, _ := strings.Cut(payload.Purpose, "before apply, set ")
		if names == "" || strings.Count(string(payload.Data), "${") != len(strings.Split(names, ", ")) {
			t.Errorf("%s %s: %s\n%s", typ.APIVersion, typ.Name, payload.Purpose, payload.Data)
		}
		for name := range strings.SplitSeq(names, ", ") {
			if !strings.Contains(string(payload.Data), "${env:"+name+"}") {
				t.Errorf("%s %s: %s is no reference of\n%s", typ.APIVersion, typ.Name, name, payload.Data)
			}
		}
	}
}
