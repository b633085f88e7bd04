package reference_test

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/specgen/reference"
)

// Each link leads to a file and an element of it, and each id is unique.
func TestLinks(t *testing.T) {
	files := files(t)
	parsed := modulePages(t)
	ids := map[string]map[string]bool{}
	for name, page := range parsed {
		ids[name] = map[string]bool{}
		page.each(func(n *node) {
			id := n.attributes["id"]
			if id != "" && ids[name][id] {
				t.Errorf("%s: the id %s occurs twice", name, id)
			}
			ids[name][id] = true
		})
	}
	check := func(name, address string) {
		file, fragment, _ := strings.Cut(address, "#")
		if file == "" {
			file = name
		}
		if files[file] == nil || fragment != "" && !ids[file][fragment] {
			t.Errorf("%s: %s has no target", name, address)
		}
	}
	for name, page := range parsed {
		page.each(func(n *node) {
			for _, attribute := range []string{"href", "src"} {
				if address, ok := n.attributes[attribute]; ok {
					check(name, address)
				}
			}
		})
	}
	for _, row := range regexp.MustCompile(`(?m)^\[.*\]`).FindAllString(string(files["search-index.js"]), -1) {
		var columns [4]string
		if err := json.Unmarshal([]byte(row), &columns); err != nil {
			t.Fatal(err)
		}
		check("search-index.js", columns[2])
	}
}

// The policy of the console allows neither inline scripts nor inline styles.
func TestPagesHaveNoInlineScripts(t *testing.T) {
	for name, page := range modulePages(t) {
		checkInert(t, name, page)
	}
}

func checkInert(t *testing.T, name string, page *node) {
	t.Helper()
	page.each(func(n *node) {
		switch n.name {
		case "style", "img", "iframe":
			t.Errorf("%s has an element %s %v", name, n.name, n.attributes)
		case "script":
			if n.attributes["src"] != "reference.js" || n.text != "" {
				t.Errorf("%s has a script %v %q", name, n.attributes, n.text)
			}
		}
		for a := range n.attributes {
			if strings.HasPrefix(a, "on") || a == "style" {
				t.Errorf("%s: %s has the attribute %s", name, n.name, a)
			}
		}
	})
}

// Each page has one heading of the first level and one main landmark. Headings skip no level.
func TestStructure(t *testing.T) {
	for name, page := range modulePages(t) {
		level, count := 0, map[string]int{}
		page.each(func(n *node) {
			count[n.name]++
			if len(n.name) == 2 && n.name[0] == 'h' && n.name[1] >= '1' && n.name[1] <= '6' {
				next := int(n.name[1] - '0')
				if next > level+1 {
					t.Errorf("%s: %s %q follows a heading of level %d", name, n.name, n.text, level)
				}
				level = next
			}
		})
		for _, element := range []string{"h1", "main", "title", "header", "footer"} {
			if count[element] != 1 {
				t.Errorf("%s: %d elements %s", name, count[element], element)
			}
		}
	}
}

// hostile are texts that would break out of any context of HTML without escapes.
const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;` + "`</code><script>alert(3)</script>`"

// Texts and names of documents don't become elements or attributes.
func TestTextIsEscaped(t *testing.T) {
	src := sources(t)
	for _, doc := range []*[]byte{&src.V2, &src.Companions, &src.Control} {
		var root yaml.Node
		if err := yaml.Unmarshal(*doc, &root); err != nil {
			t.Fatal(err)
		}
		poison(root.Content[0], "")
		data, err := yaml.Marshal(&root)
		if err != nil {
			t.Fatal(err)
		}
		*doc = data
	}
	for i := range src.Rules {
		r := &src.Rules[i]
		r.Summary, r.Evidence, r.Fails, r.Passes = hostile, hostile, hostile, `{"a": "`+hostile
	}
	poisoned, err := reference.Generate(src)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parsePages(poisoned)
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range parsed {
		checkInert(t, name, page)
		if name == "rules.html" || name == "companions.html" {
			if !strings.Contains(page.text, "<script>alert(1)</script>") {
				t.Errorf("%s doesn't show the text", name)
			}
		}
	}
}

// poison appends hostile text to texts and to the names of properties.
func poison(n *yaml.Node, key string) {
	poisoned := []string{
		"description", "summary", "title", "x-evidence", "evidence", "cause", "fix", "detail",
		"pattern", "default", "examples", "const", "enum",
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			if key == "properties" && i == len(n.Content)-2 {
				n.Content[i].Value, n.Content[i].Style = name+hostile, yaml.DoubleQuotedStyle
			}
			poison(n.Content[i+1], name)
		}
	case yaml.SequenceNode:
		for _, child := range n.Content {
			poison(child, key)
		}
	case yaml.ScalarNode:
		for _, p := range poisoned {
			if key == p && n.Tag == "!!str" {
				n.Value, n.Style = n.Value+hostile, yaml.DoubleQuotedStyle
				return
			}
		}
	}
}

// Pages refer to files of the reference only, so that they work in any folder.
func TestPagesReferToOwnFilesOnly(t *testing.T) {
	for name := range files(t) {
		if path.Base(name) != name {
			t.Errorf("%s is in a folder", name)
		}
	}
}
