package reference_test

import (
	"bytes"
	"maps"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/archtest"
	published "github.com/atlasint/atlasint/internal/gen/reference"
	"github.com/atlasint/atlasint/internal/specgen/reference"
	"github.com/atlasint/atlasint/validate"
)

// documents are the pages of the documents.
func documents(t *testing.T) map[string][]byte {
	src := sources(t)
	return map[string][]byte{"v2.html": src.V2, "v1.html": src.V1, "companions.html": src.Companions, "control.html": src.Control}
}

func TestEveryOperationHasAnEntry(t *testing.T) {
	files := files(t)
	parsed, index := modulePages(t), string(files["search-index.js"])
	for page, data := range documents(t) {
		doc, count := decode(t, data), 0
		for address, item := range member(doc, "paths") {
			for method, op := range item.(map[string]any) {
				if method == "parameters" {
					continue
				}
				id := op.(map[string]any)["operationId"].(string)
				entry := parsed[page].find(id)
				if entry == nil {
					t.Errorf("%s has no entry of %s", page, id)
					continue
				}
				for _, want := range []string{strings.ToUpper(method), address, "--request " + strings.ToUpper(method)} {
					if !strings.Contains(entry.text, want) {
						t.Errorf("%s: the entry of %s lacks %s", page, id, want)
					}
				}
				if !strings.Contains(index, `"`+page+"#"+id+`"`) || !strings.Contains(parsed["contents.html"].text, id) {
					t.Errorf("the search or the index lacks %s", id)
				}
				count++
			}
		}
		if count == 0 {
			t.Errorf("%s: no operations", page)
		}
	}
}

func TestEveryComponentHasAnEntry(t *testing.T) {
	parsed := modulePages(t)
	for page, data := range documents(t) {
		doc := decode(t, data)
		types := map[string]string{}
		for name, ref := range member(doc, "components", "schemas", "Integration", "discriminator", "mapping") {
			types[path.Base(ref.(string))] = name
		}
		for name, schema := range member(doc, "components", "schemas") {
			on, prefix := page, "schema-"+name+"."
			if types[name] != "" {
				on, prefix = "type-"+types[name]+".html", "field-"
			} else if parsed[page].find("schema-"+name) == nil {
				t.Errorf("%s has no entry of the schema %s", page, name)
			}
			for property := range member(schema.(map[string]any), "properties") {
				if parsed[on] == nil || parsed[on].find(prefix+property) == nil {
					t.Errorf("%s has no entry of %s.%s", on, name, property)
				}
			}
		}
		for kind, prefix := range map[string]string{"responses": "response-", "headers": "header-", "parameters": "parameter-"} {
			for name := range member(doc, "components", kind) {
				if parsed[page].find(prefix+name) == nil {
					t.Errorf("%s has no entry of %s %s", page, kind, name)
				}
			}
		}
		for code := range member(doc, "components", "schemas", "ApiError", "x-error-codes") {
			if parsed["errors.html"].find(code) == nil {
				t.Errorf("errors.html has no entry of %s", code)
			}
		}
	}
}

func TestEveryRuleHasAnEntry(t *testing.T) {
	parsed := modulePages(t)
	for _, r := range validate.Rules() {
		entry := parsed["rules.html"].find(r.ID)
		if entry == nil {
			t.Errorf("no entry of %s", r.ID)
			continue
		}
		text := strings.ToLower(entry.text)
		for _, want := range []string{string(r.Default), r.Summary, r.Evidence, r.Fails, r.Passes} {
			if want = strings.ToLower(strings.ReplaceAll(want, "`", "")); !strings.Contains(text, want) {
				t.Errorf("the entry of %s lacks %q", r.ID, want)
			}
		}
	}
}

// The generated package has the pages of its documents, and internal/gen/reference is up to date.
func TestPublishedFiles(t *testing.T) {
	want := map[string]string{}
	files := files(t)
	for name, data := range files {
		if name != "reference.gen.go" && name != "reference.json.gz" {
			want[name] = string(data)
		}
	}
	if diff := cmp.Diff(want, published.Files()); diff != "" {
		t.Errorf("internal/gen/reference is stale, run make generate (-want +got):\n%.2000s", diff)
	}
	again, err := reference.Generate(sources(t))
	if err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(files, again, bytes.Equal) {
		t.Error("the second run returned other bytes")
	}
}

// The limits keep the reference small. A binary has the compressed pages only.
func TestSizeOfPages(t *testing.T) {
	files := files(t)
	pages := 0
	for name, data := range files {
		if path.Ext(name) == ".html" {
			pages += len(data)
		}
	}
	if pages > 600_000 || len(files["reference.json.gz"]) > 100_000 {
		t.Errorf("%d bytes of HTML, %d compressed", pages, len(files["reference.json.gz"]))
	}
}

// Texts of pages follow the rules for words. Names of the APIs are code, which the test skips.
func TestPagesFollowWordRules(t *testing.T) {
	for name, page := range modulePages(t) {
		page.each(func(n *node) {
			if len(n.children) > 0 || n.name == "code" || n.name == "a" {
				return
			}
			for _, word := range archtest.FindWords(n.text) {
				t.Errorf("%s: %s: %s", name, n.text, word)
			}
		})
	}
}

func TestGenerateRefuses(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"keyword of a field", "x-unset: null", "x-unseen: null", "x-unseen: the reference can't show this extension"},
		{"mask", "x-secret: origin", "x-secret: half", "the mask half is unknown"},
		{"key of an operation", "x-roles: [Project Owner]", "x-rolls: [Project Owner]", "the reference can't show x-rolls"},
		{"key of a type", "x-oauth-fields:", "x-oauth-names:", "the reference can't show x-oauth-names"},
		{"key of an error code", "fix: Remove the field.", "remedy: Remove the field.", "the reference can't show remedy"},
		{"reference", "$ref: '#/components/schemas/Link'", "$ref: '#/components/schemas/Lnk'", "has no target"},
		{
			name: "example of a type",
			old:  "WEBHOOK: {$ref: '#/components/examples/WebhookRequest'}",
			new:  "HOOK: {$ref: '#/components/examples/WebhookRequest'}",
			want: "WEBHOOK: the request body has no example",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := sources(t)
			src.V2 = bytes.ReplaceAll(src.V2, []byte(test.old), []byte(test.new))
			_, err := reference.Generate(src)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// "Try it" begins with the project that the curl command of atlasint serve has.
func TestProjectOfTryIt(t *testing.T) {
	serving, err := os.ReadFile("../../../cmd/atlasint/internal/serving/service.go")
	if err != nil {
		t.Fatal(err)
	}
	sample := regexp.MustCompile(`sampleProject = "([a-f0-9]{24})"`).FindSubmatch(serving)
	if sample == nil {
		t.Fatal("serving has no sampleProject")
	}
	n := 0
	for name, page := range modulePages(t) {
		page.each(func(e *node) {
			path := e.attributes["data-path"]
			if !strings.Contains(path, "{groupId=") {
				return
			}
			n++
			if !strings.Contains(path, "{groupId="+string(sample[1])+"}") {
				t.Errorf("%s: %s is not about project %s", name, path, sample[1])
			}
		})
	}
	if n < 30 {
		t.Errorf("%d paths with a project", n)
	}
}
