package specgen_test

import (
	_ "embed"
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/specgen"
	"github.com/atlasint/atlasint/openapi"
)

//go:embed testdata/small.yaml
var small string

// v2 is a list of documents with one in it, of API version v2.
func v2(yaml string) []specgen.Document {
	return []specgen.Document{{APIVersion: "v2", YAML: []byte(yaml)}}
}

func curated() []specgen.Document {
	return []specgen.Document{{APIVersion: "v1.0", YAML: openapi.V1().Document}, {APIVersion: "v2", YAML: openapi.V2().Document}}
}

func generate(t *testing.T, docs []specgen.Document) specgen.Files {
	t.Helper()
	files, err := specgen.Generate(docs)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// replace changes one place of the small document, and fails if there is no such place.
func replace(t *testing.T, from, to string) string {
	t.Helper()
	if strings.Count(small, from) != 1 {
		t.Fatalf("%q is not exactly once in the small document", from)
	}
	return strings.Replace(small, from, to, 1)
}

func TestSmallSchema(t *testing.T) {
	const want = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Pager integration, request body (Atlas v2)",
  "description": "Pages <someone>.",
  "type": "object",
  "required": [
    "type",
    "zone",
    "key"
  ],
  "properties": {
    "type": {
      "title": "Type",
      "description": "Always PAGER.",
      "type": "string",
      "const": "PAGER"
    },
    "zone": {
      "title": "Zone",
      "description": "Where.",
      "maxLength": 80,
      "type": "string",
      "minLength": 2
    },
    "key": {
      "title": "Key",
      "description": "A secret.",
      "type": "string",
      "pattern": "^[0-9]+$"
    },
    "bleep": {
      "title": "Bleep",
      "description": "Loud or not.",
      "type": "boolean",
      "default": false
    }
  },
  "additionalProperties": false,
  "examples": [
    {
      "type": "PAGER",
      "zone": "EU",
      "key": "123"
    }
  ]
}
`
	got := generate(t, v2(small))["v2/PAGER.json"]
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

func TestSmallIndex(t *testing.T) {
	source := string(generate(t, v2(small))["schemas.gen.go"])
	flat := strings.Join(strings.Fields(source), " ")
	for _, want := range []string{
		`{"BEEPER", "gone since 1999", ""}`,
		`{"tone", "2019-01-01", "bleep"}`,
		`Name: "zone", Kind: "string", Title: "Zone", Description: "Where.", Required: true, MinLength: 2, MaxLength: 80, }`,
		`Secret: MaskLast4`,
		`Since: "2020-01-01"`,
		`ReadOnly: true`,
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("the index lacks %s", want)
		}
	}
}

func TestGenerateRejects(t *testing.T) {
	tests := []struct {
		name, from, to string
		want           []string
	}{
		{"unknown keyword in a field", "maxLength: 80", "multipleOf: 80", []string{"v2: PAGER: zone: line 37:", "multipleOf"}},
		{"unknown extension in a field", "x-since:", "x-sinse:", []string{"PAGER: bleep: line 51:", "x-sinse"}},
		{
			name: "unknown keyword in x-request",
			from: "x-request: {type: string, minLength: 2}",
			to:   "x-request: {type: string, format2: 2}",
			want: []string{"PAGER: zone: line 38:", "format2"},
		},
		{
			name: "unknown keyword in a type",
			from: "      x-removed-fields:",
			to:   "      minProperties: 3\n      x-removed-fields:",
			want: []string{"PAGER: line 57:", "minProperties"},
		},
		{"unknown extension in a type", "x-removed-fields:", "x-removed:", []string{"PAGER: line 58:", "x-removed"}},
		{"unknown mask", "x-secret: last4", "x-secret: last5", []string{"PAGER: key: line 44:", "x-secret", "last5", "last4, origin, omitted"}},
		{"length that is no number", "maxLength: 80", "maxLength: long", []string{"PAGER: zone: line 37:", "maxLength"}},
		{
			name: "description of no value",
			from: "x-request: {type: string, minLength: 2}",
			to:   "enum: [EU]\n          x-enum-descriptions: [east, west]",
			want: []string{"PAGER: zone: line", "x-enum-descriptions", "2 descriptions for the 1 values"},
		},
		{"mapping to nowhere", "PAGER: '#/components/schemas/Pager'", "PAGER: '#/components/schemas/Beeper'", []string{"line 20:", "Beeper has no target"}},
		{"mapping to something else", "PAGER: '#/components/schemas/Pager'", "PAGER: '#/components/examples/Pager'", []string{"line 20:", "has no target"}},
		{"malformed YAML", "enum: [PAGER]", "enum: [PAGER", []string{"v2: yaml: line 1"}},
		{
			name: "required field without property",
			from: "required: [type, zone, key]",
			to:   "required: [type, zone, kee]",
			want: []string{"PAGER: ", "kee is required but is no property"},
		},
		{"no example", "            PAGER: {$ref", "            BEEPER: {$ref", []string{"PAGER: ", "no example"}},
		{"example that has no target", "examples/PagerRequest'", "examples/Pager'", []string{"PAGER: ", "no example"}},
		{"example that its schema refuses", "pattern: '^[0-9]+$'", "pattern: '^[a-z]+$'", []string{"PAGER: ", "example breaks", "/properties/key/pattern"}},
		{"schema that does not compile", "pattern: '^[0-9]+$'", "pattern: '^[0-9+$'", []string{"PAGER: ", "'/properties/key/pattern'"}},
		{"no union", "    Integration:\n", "    Union:\n", []string{"v2: ", "components.schemas.Integration"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files, err := specgen.Generate(v2(replace(t, test.from, test.to)))
			if err == nil {
				t.Fatalf("no error, and %d files", len(files))
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
		})
	}
	if _, err := specgen.Generate(v2("")); err == nil {
		t.Error("no error for an empty document")
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	first := generate(t, curated())
	for range 3 {
		if diff := cmp.Diff(first, generate(t, curated())); diff != "" {
			t.Fatalf("two runs differ:\n%s", diff)
		}
	}
}

// The committed files are exactly those that the documents generate.
func TestCommittedSchemasAreFresh(t *testing.T) {
	committed := specgen.Files{}
	tree := os.DirFS("../../gen/schemas")
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		committed[path], err = fs.ReadFile(tree, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(committed, generate(t, curated())); diff != "" {
		t.Errorf("gen/schemas is stale, run make generate (-committed +fresh):\n%s", diff)
	}
}

// A keyword that the validator can't explain would be rejected without a message for the user.
func TestSchemasContainKnownKeywordsOnly(t *testing.T) {
	top := []string{"$schema", "title", "description", "type", "required", "properties", "additionalProperties", "examples"}
	inProperty := []string{"title", "description", "type", "const", "enum", "pattern", "minLength", "maxLength", "default", "examples", "writeOnly"}
	count := 0
	for path, data := range generate(t, curated()) {
		if !strings.HasSuffix(path, ".json") {
			continue
		}
		count++
		var schema struct {
			Type                 string
			AdditionalProperties *bool
			Properties           map[string]map[string]any
		}
		var keywords map[string]any
		unmarshal(t, data, &schema)
		unmarshal(t, data, &keywords)
		onlyIn(t, path, keywords, top)
		if schema.Type != "object" {
			t.Errorf("%s: the type is %q, want object", path, schema.Type)
		}
		if open := schema.AdditionalProperties; open == nil || *open {
			t.Errorf("%s is not the schema of a closed object", path)
		}
		for name, property := range schema.Properties {
			onlyIn(t, path+" "+name, property, inProperty)
		}
	}
	if count == 0 {
		t.Error("there are no schemas")
	}
}

func onlyIn(t *testing.T, where string, keywords map[string]any, known []string) {
	t.Helper()
	for keyword := range keywords {
		if !slices.Contains(known, keyword) {
			t.Errorf("%s has %s", where, keyword)
		}
	}
}

func unmarshal(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}
