package editor_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yaml "go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

func files(t *testing.T, base string) map[string][]byte {
	t.Helper()
	list, err := editor.Files(base)
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string][]byte{}
	for _, f := range list {
		byPath[f.Path] = f.Data
	}
	if len(byPath) != len(list) {
		t.Errorf("%d files have %d paths", len(list), len(byPath))
	}
	return byPath
}

func TestFilesForEditors(t *testing.T) {
	known := files(t, "https://example.com/")
	want := []string{"catalog.json", "atlasint.schema.json", schemas.V2 + "/integration.json", schemas.V1 + "/integration.json"}
	for _, typ := range schemas.Types {
		want = append(want, typ.APIVersion+"/"+typ.Name+".json")
	}
	var got []string
	for path := range known {
		got = append(got, path)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(known, files(t, "https://example.com/")); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
	other := files(t, "https://example.com/other/")
	delete(known, "catalog.json")
	delete(other, "catalog.json")
	if diff := cmp.Diff(known, other); diff != "" {
		t.Errorf("more than the catalog depends on the base:\n%s", diff)
	}
}

// A foreign payload, catalog or schema is never treated as one of these files.
func TestForeignFilesAreNotGenerated(t *testing.T) {
	for path, data := range files(t, "https://example.com/") {
		if !editor.IsOwn(data) {
			t.Errorf("%s is ours", path)
		}
	}
	for _, other := range []string{
		"", "{", "[]", "null", "{}", `{"schemas": []}`, `{"$id": "https://example.com/x.json"}`, `{"$id": 7}`,
		`{"type": "DATADOG", "apiKey": "${env:KEY}"}`, `{"schemas": [{"name": "Other"}]}`,
		`{"schemas": [{"name": "MongoDB Atlas integration (v2)"}, {"name": "Other"}]}`,
		`{"$id": "https://github.com/atlasint/atlasint/editors/v2/X.json", "schemas": [{"name": "Other"}]}`,
		`{"schemas": [{"name": "atlasint"}, {"name": "Other"}]}`, `{"$id": "https://github.com/atlasint/other/x.json"}`,
	} {
		if editor.IsOwn([]byte(other)) {
			t.Errorf("%s is not ours", other)
		}
	}
}

// A type is marked as retired by a caveat. If the caveat were renamed, no schema would be marked.
func TestRetiredTypesAreMarked(t *testing.T) {
	known := files(t, "")
	var retired []string
	for _, typ := range schemas.Types {
		path := typ.APIVersion + "/" + typ.Name + ".json"
		if strings.Contains(string(known[path]), `"deprecationMessage"`) {
			retired = append(retired, path)
		}
	}
	if diff := cmp.Diff([]string{"v1.0/NEW_RELIC.json", "v1.0/FLOWDOCK.json", "v2/NEW_RELIC.json"}, retired); diff != "" {
		t.Errorf("retired types (-want +got):\n%s", diff)
	}
}

func TestStarterPayloadsAreValid(t *testing.T) {
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		data, err := editor.Starter(typ)
		if err != nil {
			t.Fatal(err)
		}
		var payload map[string]any
		if err := json.Unmarshal(data, &payload); err != nil {
			t.Fatalf("%s: %v", typ.Name, err)
		}
		for _, f := range typ.Fields {
			value, ok := payload[f.Name].(string)
			if f.Secret == "" || !ok {
				continue
			}
			if want := "${env:" + typ.Name + "_"; !strings.HasPrefix(value, want) {
				t.Errorf("%s %s: the secret %s is %q, want a reference %s…}", typ.APIVersion, typ.Name, f.Name, value, want)
			}
		}
	}
}

// The catalog and the pre-commit hooks look into the same folders. No pattern excludes files: SchemaStore rejects
// that.
func TestCatalogHasTheFoldersOfTheHooks(t *testing.T) {
	var catalog struct {
		Schemas []struct{ FileMatch []string }
	}
	if err := json.Unmarshal(files(t, "")["catalog.json"], &catalog); err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(`^\*\*/(.*)/\*\*/\*\.(json|ya?ml)$`)
	got := map[string]int{}
	var others []string
	for _, s := range catalog.Schemas {
		for _, p := range s.FileMatch {
			if parts := pattern.FindStringSubmatch(p); parts != nil {
				got[parts[1]]++
			} else {
				others = append(others, p)
			}
		}
	}
	want := map[string]int{}
	for _, folder := range hookFolders(t) {
		want[folder], want[folder+"-v1.0"] = 3, 3
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folders (-hooks +catalog):\n%s", diff)
	}
	if diff := cmp.Diff([]string{".atlasint.yaml"}, others); diff != "" {
		t.Errorf("other patterns (-want +got):\n%s", diff)
	}
}

func hookFolders(t *testing.T) (folders []string) {
	t.Helper()
	data, err := os.ReadFile("../../../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct{ Files string }
	if err := yaml.Unmarshal(data, &hooks); err != nil {
		t.Fatal(err)
	}
	parts := regexp.MustCompile(`\(([^()|]*\|[^()]*)\)\(-v1\\\.0\)\?/`).FindStringSubmatch(hooks[0].Files)
	if parts == nil {
		t.Fatalf("no folders in %s", hooks[0].Files)
	}
	for name := range strings.SplitSeq(parts[1], "|") {
		name = strings.TrimSpace(name)
		if before, after, ok := strings.Cut(name, "[-_]"); ok {
			folders = append(folders, before+"-"+after, before+"_"+after)
		} else {
			folders = append(folders, name)
		}
	}
	slices.Sort(folders)
	return folders
}

// The references in examples have the names that atlasint new writes.
func TestReferencesInExamples(t *testing.T) {
	known := map[string]bool{}
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			known[editor.Reference(typ.Name, f.Name)] = true
		}
	}
	found := 0
	for _, r := range validate.Rules() {
		for _, reference := range regexp.MustCompile(`\$\{env:[A-Z_]+\}`).FindAllString(r.Passes+r.Fails, -1) {
			if found++; !known[reference] {
				t.Errorf("%s: no field has the reference %s", r.ID, reference)
			}
		}
	}
	if found == 0 {
		t.Error("no example has a reference")
	}
}
