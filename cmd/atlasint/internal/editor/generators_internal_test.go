package editor

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/ordered"
)

// The document accepts the example of each type, and only the fields of that type.
func TestSchemaForGenerators(t *testing.T) {
	for _, version := range atlas.Versions() {
		data, err := ForGenerators(version)
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		compiler.Draft = jsonschema.Draft2020
		if err := compiler.AddResource("https://example.com/all.json", bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		all := compiler.MustCompile("https://example.com/all.json")
		count := 0
		for i := range schemas.Types {
			typ := &schemas.Types[i]
			if typ.APIVersion != version {
				continue
			}
			count++
			example, err := exampleOf(typ)
			if err != nil {
				t.Fatal(err)
			}
			if err := all.Validate(example); err != nil {
				t.Errorf("%s %s: the example is rejected", version, typ.Name)
			}
			example["unknown"] = "x"
			if all.Validate(example) == nil {
				t.Errorf("%s %s: an unknown field is accepted", version, typ.Name)
			}
		}
		if titles := titlesIn(t, data); len(titles) != count+1 {
			t.Errorf("%s: titles %v, want those of %d types and of the document", version, titles, count)
		}
	}
}

// titlesIn returns the distinct titles of a document whose properties have none.
func titlesIn(t *testing.T, data []byte) map[string]bool {
	t.Helper()
	var document struct {
		Title string
		Defs  map[string]struct {
			Title      string
			Properties map[string]struct{ Title string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	titles := map[string]bool{document.Title: true}
	for name, definition := range document.Defs {
		titles[definition.Title] = true
		if definition.Title != name {
			t.Errorf("%s has the title %s", name, definition.Title)
		}
		for property, schema := range definition.Properties {
			if schema.Title != "" {
				t.Errorf("%s.%s has a title", name, property)
			}
		}
	}
	return titles
}

func TestSchemaWithoutTitles(t *testing.T) {
	schema, err := ordered.Parse([]byte(`{"title":"a","properties":{"title":{"title":"b","type":"string","default":{"title":1}},"x":{"$ref":"#/$defs/y"}},` +
		`"anyOf":[{"title":"c"}],"$defs":{"y":{"title":"d","enum":[{"title":2}]}},"items":{"$ref":"https://example.com/x"}}`))
	if err != nil {
		t.Fatal(err)
	}
	out, err := ordered.Indent(withoutTitles(schema, "#/$defs/T"))
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, out); err != nil {
		t.Fatal(err)
	}
	want := `{"properties":{"title":{"type":"string","default":{"title":1}},"x":{"$ref":"#/$defs/T/$defs/y"}},` +
		`"anyOf":[{}],"$defs":{"y":{"enum":[{"title":2}]}},"items":{"$ref":"https://example.com/x"}}`
	if diff := cmp.Diff(want, compact.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
