package yamltree_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
	"github.com/atlasint/atlasint/internal/yamltree"
)

const document = `
base: &base {type: string, list: &list [a, &item b, *item]}
copy: *base
deep: {copy: *base, list: *list}
text: &text plain
again: *text
`

func parse(t *testing.T) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(document), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

func TestTextOfScalars(t *testing.T) {
	root := parse(t)
	for _, tc := range []struct {
		want string
		path []string
	}{
		{"string", []string{"base", "type"}},
		{"string", []string{"copy", "type"}},
		{"string", []string{"deep", "copy", "type"}},
		{"plain", []string{"again"}},
		{"", []string{"base"}},
		{"", []string{"none"}},
		{"", []string{"text", "below a scalar"}},
		{"", []string{"base", "list", "below a sequence"}},
		{"", nil},
	} {
		if got := yamltree.Text(root, tc.path...); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.path, got, tc.want)
		}
	}
	if got := yamltree.Lookup(root, "none"); got != nil {
		t.Errorf("a missing member is %v, want nil", got)
	}
	if got := yamltree.Lookup(nil, "base"); got != nil {
		t.Errorf("a member of nil is %v, want nil", got)
	}
	if got := yamltree.Lookup(root); got != root {
		t.Errorf("without a path: %v, want the node itself", got)
	}
}

func TestMembersInOrder(t *testing.T) {
	var names []string
	for name, value := range yamltree.Members(parse(t)) {
		if value.Kind == yaml.AliasNode {
			t.Errorf("%s is an alias", name)
		}
		if name == "again" {
			break
		}
		names = append(names, name)
	}
	if diff := cmp.Diff([]string{"base", "copy", "deep", "text"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range yamltree.Members(yamltree.Lookup(parse(t), "text")) {
		t.Error("a scalar has members")
	}
}

func TestElements(t *testing.T) {
	var got []string
	for _, e := range yamltree.Elements(yamltree.Lookup(parse(t), "deep", "list")) {
		got = append(got, e.Value)
	}
	if diff := cmp.Diff([]string{"a", "b", "b"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if yamltree.Elements(parse(t)) != nil || yamltree.Elements(nil) != nil {
		t.Error("a mapping or nil has elements")
	}
}

func TestJSON(t *testing.T) {
	got, err := yamltree.JSON(parse(t))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"base":{"type":"string","list":["a","b","b"]},"copy":{"type":"string","list":["a","b","b"]},` +
		`"deep":{"copy":{"type":"string","list":["a","b","b"]},"list":["a","b","b"]},"text":"plain","again":"plain"}`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONOfScalars(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-29": `"2026-11-29"`, "1.50": "1.5", "0x10": "16", "<&>": `"<&>"`, "~": "null", `"1"`: `"1"`,
		".inf": "line 1: JSON has no number .inf", ".nan": "line 1: JSON has no number .nan",
	} {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		value, err := yamltree.JSON(doc.Content[0])
		if err != nil {
			if err.Error() != want {
				t.Errorf("%s: got %v, want %s", text, err, want)
			}
			continue
		}
		data, err := ordered.Indent(value)
		if got := strings.TrimSpace(string(data)); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}
