package openapi_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
)

const unionSchema = "/components/schemas/Integration"

// The floors keep the tests from passing on nothing, should the walk lose its way.
var exampleFloor = map[string]int{schemas.V1: 20, schemas.V2: 50}

func TestEveryExampleIsValid(t *testing.T) {
	for _, doc := range documents(t) {
		t.Run(doc.apiVersion, func(t *testing.T) {
			responses := doc.responses(t)
			all := examples(t, doc)
			if len(all) < exampleFloor[doc.apiVersion] {
				t.Errorf("found %d examples, expected at least %d", len(all), exampleFloor[doc.apiVersion])
			}
			for _, ex := range all {
				if err := responses.check(ex.schema, ex.value); err != nil {
					t.Errorf("%s by the open schema: %v", ex.at, err)
				}
				if !ex.request || ex.schema != unionSchema {
					continue
				}
				if err := checkRequest(t, doc.apiVersion, ex.value); err != nil {
					t.Errorf("%s by the closed schema: %v", ex.at, err)
				}
			}
		})
	}
}

func TestEveryComponentExampleIsUsed(t *testing.T) {
	for _, doc := range documents(t) {
		used := map[string]bool{}
		for _, ex := range examples(t, doc) {
			if ex.name != "" {
				used[ex.name] = true
			}
		}
		want := sortedKeys(doc.object(t, "/components/examples"))
		if diff := cmp.Diff(want, sortedKeys(used)); diff != "" {
			t.Errorf("%s: component examples (-there +used):\n%s", doc.apiVersion, diff)
		}
	}
}

func TestEveryTypeHasARequestExample(t *testing.T) {
	for _, doc := range documents(t) {
		perMedia := map[string][]string{}
		for _, ex := range examples(t, doc) {
			if ex.request && ex.schema == unionSchema {
				media := ex.at[:len(ex.at)-len(typeOf(ex.value))]
				perMedia[media] = append(perMedia[media], typeOf(ex.value))
			}
		}
		if len(perMedia) == 0 {
			t.Errorf("%s: no request examples", doc.apiVersion)
		}
		for media, got := range perMedia {
			slices.Sort(got)
			want := typeNames(doc.apiVersion)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s (-types +examples):\n%s", doc.apiVersion, media, diff)
			}
		}
	}
}

// A write-only field in the required list of a schema that responds share would make every response invalid;
// x-request requires it of requests alone.
func TestNoWriteOnlyFieldIsRequiredOfResponses(t *testing.T) {
	for _, doc := range documents(t) {
		for name, schema := range doc.object(t, "/components/schemas") {
			schema := schema.(map[string]any)
			properties, _ := schema["properties"].(map[string]any)
			required, _ := schema["required"].([]any)
			for _, field := range required {
				if property, _ := properties[field.(string)].(map[string]any); property["writeOnly"] == true {
					t.Errorf("%s %s: %s is write-only and required", doc.apiVersion, name, field)
				}
			}
		}
	}
}

func typeOf(value any) string {
	object, _ := value.(map[string]any)
	name, _ := object["type"].(string)
	return name
}

// typeNames are the types of an API version, in the order of the index.
func typeNames(apiVersion string) (names []string) {
	for _, t := range schemas.Types {
		if t.APIVersion == apiVersion {
			names = append(names, t.Name)
		}
	}
	return names
}
