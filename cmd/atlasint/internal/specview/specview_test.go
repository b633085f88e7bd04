package specview_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/specview"
	"github.com/atlasint/atlasint/openapi"
)

type source struct {
	name              string
	document, overlay []byte
}

var sources = []source{
	{"v1.0", openapi.V1().Document, openapi.V1().Overlay},
	{"v2", openapi.V2().Document, openapi.V2().Overlay},
}

// form makes one form of a curated document.
func form(t *testing.T, s source, forGo, old bool) *specview.Document {
	t.Helper()
	doc, err := specview.Parse(s.document)
	if err != nil {
		t.Fatal(err)
	}
	if forGo {
		if err := doc.Apply(s.overlay); err != nil {
			t.Fatal(err)
		}
	}
	if old {
		if err := doc.Downgrade(); err != nil {
			t.Fatal(err)
		}
	}
	return doc
}

// A reader that is none of ours accepts every form, with all examples in it, as YAML and as JSON.
func TestOtherParserAcceptsEveryForm(t *testing.T) {
	for _, s := range sources {
		for _, forGo := range []bool{false, true} {
			for _, old := range []bool{false, true} {
				doc := form(t, s, forGo, old)
				asYAML, err := doc.YAML("made here")
				if err != nil {
					t.Fatal(err)
				}
				asJSON, err := doc.JSON()
				if err != nil {
					t.Fatal(err)
				}
				version := "3.1.0"
				if old {
					version = "3.0.3"
				}
				for _, data := range [][]byte{asYAML, asJSON} {
					if err := accept(data, version); err != nil {
						t.Errorf("%s, for Go %v, OpenAPI %s: %v", s.name, forGo, version, err)
					}
				}
			}
		}
	}
}

func accept(data []byte, version string) error {
	read, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return err
	}
	if read.OpenAPI != version {
		return fmt.Errorf("its version is %s", read.OpenAPI)
	}
	for _, schema := range read.Components.Schemas {
		dropWriteOnly(schema.Value)
	}
	return read.Validate(context.Background(),
		openapi3.EnableExamplesValidation(),
		openapi3.EnableSchemaDefaultsValidation(),
		openapi3.EnableSchemaFormatValidation(),
		openapi3.EnableSchemaPatternValidation(),
	)
}

// dropWriteOnly removes write-only fields from the required ones: kin-openapi requires them in the examples of
// responses, too.
func dropWriteOnly(schema *openapi3.Schema) {
	schema.Required = slices.DeleteFunc(schema.Required, func(name string) bool {
		property := schema.Properties[name]
		return property != nil && property.Value.WriteOnly
	})
}

// In the 3.0 form the same payloads are right and wrong as in the curated one.
func TestOpenAPI30ValidatesAlike(t *testing.T) {
	tests := []struct {
		schema, payload string
		right           bool
		since2          bool // v1.0 has no such field
	}{
		{"PagerDuty", `{"type":"PAGER_DUTY","serviceKey":"a","id":null}`, true, true},
		{"PagerDuty", `{"type":"SLACK","serviceKey":"a"}`, false, false},
		{"PagerDuty", `{"type":"PAGER_DUTY","serviceKey":null}`, false, false},
		{"PagerDuty", `{"type":"PAGER_DUTY"}`, false, false},
		{"PagerDuty", `{"type":"PAGER_DUTY","serviceKey":"a","region":"XX"}`, false, true},
		{"Integration", `{"type":"VICTOR_OPS","apiKey":"a"}`, true, false},
		{"Integration", `{"type":"HIP_CHAT","apiKey":"a"}`, false, false},
		{"IntegrationPage", `{"results":[],"totalCount":-1}`, false, false},
	}
	for _, s := range sources {
		data, err := form(t, s, false, true).YAML("")
		if err != nil {
			t.Fatal(err)
		}
		read, err := openapi3.NewLoader().LoadFromData(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			if s.name == "v1.0" && test.since2 {
				continue
			}
			var payload any
			if err := json.Unmarshal([]byte(test.payload), &payload); err != nil {
				t.Fatal(err)
			}
			err := read.Components.Schemas[test.schema].Value.VisitJSON(payload)
			if (err == nil) != test.right {
				t.Errorf("%s: %s judged %s: %v", s.name, test.schema, test.payload, err)
			}
		}
	}
}

// The Go name of a type is that of its schema, so that atlasv2.Slack and atlasv2.IntegrationTypeSlack belong
// together. A list that is too short would be filled up with names such as IntegrationTypeMICROSOFTTEAMS.
func TestEveryTypeHasTheGoNameOfItsSchema(t *testing.T) {
	for _, s := range sources {
		data, err := form(t, s, true, false).JSON()
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Components struct {
				Schemas struct {
					IntegrationType struct {
						Enum     []string
						VarNames []string `json:"x-enum-varnames"`
					}
					Integration struct {
						Discriminator struct{ Mapping map[string]string }
					}
				}
			}
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		want := []string{}
		for _, typ := range doc.Components.Schemas.IntegrationType.Enum {
			ref, ok := doc.Components.Schemas.Integration.Discriminator.Mapping[typ]
			if !ok {
				ref = map[string]string{"HIP_CHAT": "HipChat"}[typ] // a path accepts it, and no payload has it
			}
			want = append(want, path.Base(ref))
		}
		if diff := cmp.Diff(want, doc.Components.Schemas.IntegrationType.VarNames); diff != "" {
			t.Errorf("openapi/atlas-%s.overlay.yaml: x-enum-varnames (-want +got):\n%s", strings.TrimSuffix(s.name, ".0"), diff)
		}
	}
}

// The JSON has the same content as the YAML, and starts with the same members.
func TestJSONIsTheSameDocument(t *testing.T) {
	for _, s := range sources {
		data, err := form(t, s, false, false).JSON()
		if err != nil {
			t.Fatal(err)
		}
		var fromYAML, fromJSON any
		if err := yaml.Unmarshal(s.document, &fromYAML); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(data, &fromJSON); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fromYAML, fromJSON); diff != "" {
			t.Errorf("%s (-YAML +JSON):\n%s", s.name, diff)
		}
		if !strings.HasPrefix(string(data), "{\n  \"openapi\": \"3.1.0\",\n  \"jsonSchemaDialect\"") || !json.Valid(data) {
			t.Errorf("%s: begins with %.80s", s.name, data)
		}
	}
}

// The document contains no alias, because an overlay could remove its anchor.
func TestYAMLHasNoAliases(t *testing.T) {
	for _, s := range sources {
		data, err := form(t, s, true, false).YAML("first\nsecond")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(data), "# first\n# second\n\nopenapi: 3.1.0\n") {
			t.Errorf("%s: begins with %.80s", s.name, data)
		}
		var root yaml.Node
		if err := yaml.Unmarshal(data, &root); err != nil {
			t.Fatal(err)
		}
		if at := alias(&root); at != 0 {
			t.Errorf("%s: an alias in line %d", s.name, at)
		}
	}
}

func alias(node *yaml.Node) (line int) {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return node.Line
	}
	for _, child := range node.Content {
		if line := alias(child); line != 0 {
			return line
		}
	}
	return 0
}

// Every component of every form is used, and nothing that is used is missing: kin-openapi resolves all references.
func TestPruneKeepsUsedComponents(t *testing.T) {
	for _, s := range sources {
		for _, forGo := range []bool{false, true} {
			for _, old := range []bool{false, true} {
				doc := form(t, s, forGo, old)
				doc.AddEnums()
				doc.Prune()
				data, err := doc.JSON()
				if err != nil {
					t.Fatal(err)
				}
				if _, err := openapi3.NewLoader().LoadFromData(data); err != nil {
					t.Errorf("%s: %v", s.name, err)
				}
				var parts struct {
					Components map[string]map[string]any
				}
				if err := json.Unmarshal(data, &parts); err != nil {
					t.Fatal(err)
				}
				for kind, members := range parts.Components {
					if len(members) == 0 {
						t.Errorf("%s: components.%s is empty", s.name, kind)
					}
					for name := range members {
						if ref := fmt.Sprintf("%q", "#/components/"+kind+"/"+name); kind != "securitySchemes" && !strings.Contains(string(data), ref) {
							t.Errorf("%s, Go %v, 3.0 %v: nothing refers to %s", s.name, forGo, old, ref)
						}
					}
				}
			}
		}
	}
}

// A const has an enum of the same value, also where a schema is inline; examples that look like schemas stay.
func TestAddEnums(t *testing.T) {
	doc, err := specview.Parse([]byte(`openapi: 3.1.0
paths:
  /a:
    get:
      parameters: [{name: n, in: query, schema: {const: 3}}]
components:
  schemas:
    A: {properties: {const: {const: x}, both: {const: y, enum: [y]}, list: {items: {oneOf: [{const: z}]}}}}
    B: {examples: [{const: e}], x-note: {const: f}}
`))
	if err != nil {
		t.Fatal(err)
	}
	doc.AddEnums()
	got, err := doc.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, got); err != nil {
		t.Fatal(err)
	}
	want := `{"openapi":"3.1.0","paths":{"/a":{"get":{"parameters":[{"name":"n","in":"query","schema":{"const":3,"enum":[3]}}]}}},` +
		`"components":{"schemas":{"A":{"properties":{"const":{"const":"x","enum":["x"]},"both":{"const":"y","enum":["y"]},` +
		`"list":{"items":{"oneOf":[{"const":"z","enum":["z"]}]}}}},"B":{"examples":[{"const":"e"}],"x-note":{"const":"f"}}}}}`
	if diff := cmp.Diff(want, compact.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
