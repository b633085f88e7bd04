package specview_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/specview"
)

// around puts a schema into the smallest document.
func around(schema string) []byte {
	return []byte(`{openapi: 3.1.0, info: {}, paths: {}, components: {schemas: {S: ` + schema + `}}}`)
}

const (
	oldHead = `{"openapi":"3.0.3","info":{},"paths":{},"components":{"schemas":{"S":`
	oldTail = `}}}`
)

func compactJSON(t *testing.T, doc *specview.Document) string {
	t.Helper()
	data, err := doc.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("\n", "", "  ", "", `": `, `":`).Replace(string(data))
}

func TestDowngradeSchema(t *testing.T) {
	tests := []struct{ name, schema, want string }{
		{"const", `{type: string, const: A}`, `{"type":"string","enum":["A"]}`},
		{"nullable", `{type: [string, 'null'], format: uri}`, `{"type":"string","format":"uri","nullable":true}`},
		{"nullable, null first", `{type: ['null', integer]}`, `{"type":"integer","nullable":true}`},
		{"nullable list of values", `{type: [string, 'null'], enum: [a, null]}`, `{"type":"string","enum":["a",null],"nullable":true}`},
		{"list of one type", `{type: [string]}`, `{"type":"string"}`},
		{"examples", `{examples: [a, b]}`, `{"example":"a"}`},
		{"no examples", `{examples: []}`, `{}`},
		{"example beside examples", `{example: a, examples: [b]}`, `{"example":"a"}`},
		{"exclusive bounds", `{exclusiveMinimum: 1}`, `{"minimum":1,"exclusiveMinimum":true}`},
		{"exclusive maximum", `{exclusiveMaximum: 1.5}`, `{"maximum":1.5,"exclusiveMaximum":true}`},
		{"reference", `{$ref: '#/x'}`, `{"$ref":"#/x"}`},
		{"reference with more", `{$ref: '#/x', description: d}`, `{"allOf":[{"$ref":"#/x"}],"description":"d"}`},
		{"nested", `{properties: {type: {const: A}}, items: {not: {const: 1}}, allOf: [{const: true}]}`,
			`{"properties":{"type":{"enum":["A"]}},"items":{"not":{"enum":[1]}},"allOf":[{"enum":[true]}]}`},
		{"additional properties", `{additionalProperties: {const: A}}`, `{"additionalProperties":{"enum":["A"]}}`},
		{"closed", `{additionalProperties: false}`, `{"additionalProperties":false}`},
		{"extensions stay", `{x-request: {const: A, examples: [1]}, x-date: 2024-01-02}`,
			`{"x-request":{"const":"A","examples":[1]},"x-date":"2024-01-02"}`},
		{"values stay", `{default: {const: A}, example: {type: [a]}}`, `{"default":{"const":"A"},"example":{"type":["a"]}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc, err := specview.Parse(around(test.schema))
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Downgrade(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(oldHead+test.want+oldTail, compactJSON(t, doc)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDowngradeOfWholeDocument(t *testing.T) {
	doc, err := specview.Parse([]byte(`
openapi: 3.1.1
jsonSchemaDialect: d
info: {title: t, summary: s, license: {name: n, identifier: i}}
paths:
  /a:
    get:
      parameters: [{schema: {const: A}, examples: {one: {value: {schema: {const: A}}}}}]
      responses: {'200': {content: {a/b: {schema: {type: [string, 'null']}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Downgrade(); err != nil {
		t.Fatal(err)
	}
	want := `{"openapi":"3.0.3","info":{"title":"t","license":{"name":"n","url":"https://spdx.org/licenses/i.html"}},"paths":{"/a":{"get":{` +
		`"parameters":[{"schema":{"enum":["A"]},"examples":{"one":{"value":{"schema":{"const":"A"}}}}}],` +
		`"responses":{"200":{"content":{"a/b":{"schema":{"type":"string","nullable":true}}}}}}}}}`
	if diff := cmp.Diff(want, compactJSON(t, doc)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDowngradeRefuses(t *testing.T) {
	tests := []struct{ document, want string }{
		{string(around(`{type: [string, integer]}`)), "one type"},
		{string(around(`{type: 'null'}`)), "one type"},
		{string(around(`true`)), "true or false"},
		{string(around(`{items: {prefixItems: []}}`)), "line 1: OpenAPI 3.0 has no keyword prefixItems"},
		{string(around(`{const: 1, enum: [1]}`)), "const and enum"},
		{string(around(`{minimum: 1, exclusiveMinimum: 1}`)), "minimum and exclusiveMinimum"},
		{string(around(`{$ref: '#/x', allOf: []}`)), "$ref and allOf"},
		{"openapi: 3.1.0\nwebhooks: {}", "line 2: OpenAPI 3.0 has no webhooks"},
		{"openapi: 3.0.3", "not OpenAPI 3.1"},
		{"info: {}", "not OpenAPI 3.1"},
		{"openapi: 3.1.0\npaths: {/a: {parameters: [{schema: {if: {}}}]}}", "no keyword if"},
	}
	for _, test := range tests {
		doc, err := specview.Parse([]byte(test.document))
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Downgrade(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want it to say %q", test.document, err, test.want)
		}
	}
}

func TestApplyOverlayActions(t *testing.T) {
	const document = `{a: {b: {c: 1, d: {e: 2}}, f.g: [{h: 3}, {i: 4}]}, j: &x {k: 5}, l: *x}`
	tests := []struct{ name, action, want string }{
		{"update", `target: $.a.b, update: {c: 9, new: [1]}`,
			`{"a":{"b":{"c":9,"d":{"e":2},"new":[1]},"f.g":[{"h":3},{"i":4}]},"j":{"k":5},"l":{"k":5}}`},
		{"update below", `target: $.a, update: {b: {d: {z: 1}}}`,
			`{"a":{"b":{"c":1,"d":{"e":2,"z":1}},"f.g":[{"h":3},{"i":4}]},"j":{"k":5},"l":{"k":5}}`},
		{"one use of an alias", `target: $.l, update: {k: 6}`,
			`{"a":{"b":{"c":1,"d":{"e":2}},"f.g":[{"h":3},{"i":4}]},"j":{"k":5},"l":{"k":6}}`},
		{"quoted, all items", `target: "$.a['f.g'][*]", update: {m: 1}`,
			`{"a":{"b":{"c":1,"d":{"e":2}},"f.g":[{"h":3,"m":1},{"i":4,"m":1}]},"j":{"k":5},"l":{"k":5}}`},
		{"remove", `target: $.a.b.d, remove: true`,
			`{"a":{"b":{"c":1},"f.g":[{"h":3},{"i":4}]},"j":{"k":5},"l":{"k":5}}`},
		{"remove in all", `target: "$[*].k", remove: true`,
			`{"a":{"b":{"c":1,"d":{"e":2}},"f.g":[{"h":3},{"i":4}]},"j":{},"l":{}}`},
		{"remove all", `target: "$.a[*]", remove: true`, `{"a":{},"j":{"k":5},"l":{"k":5}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc, err := specview.Parse([]byte(document))
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Apply([]byte(`actions: [{` + test.action + `}]`)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, compactJSON(t, doc)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	for target, want := range map[string]string{
		"$.b":            "matches nothing",
		"$.a.b.c":        "matches nothing",
		"a.b":            "not a path",
		"$":              "not a path",
		"$..a":           "not a path",
		"$.a[0]":         "not a path",
		"$.a[?@.b == 1]": "not a path",
	} {
		doc, err := specview.Parse([]byte(`{a: {b: 1}}`))
		if err != nil {
			t.Fatal(err)
		}
		err = doc.Apply([]byte(`actions: [{target: "` + target + `", remove: true}]`))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to say %q", target, err, want)
		}
	}
}
