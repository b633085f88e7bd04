package drift_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/drift"
)

func changesOfTheAPI() []change {
	const list = "v2 GET /integrations"
	const id = "      operationId: listGroupIntegrations\n"
	const params = "each: parameter query itemsPerPage: "
	return []change{
		{"  - DigestAuth: []\n", "", `v2 API: ours accepts the credentials "http digest", the document does not`},
		{
			"  - DigestAuth: []\n",
			"  - DigestAuth: []\n  - {DigestAuth: [], ServiceAccounts: [all]}\n",
			`v2 API: the document accepts the credentials "http digest and oauth2 clientCredentials all", ours does not`,
		},
		{"  - DigestAuth: []\n", "  - DigestAuth: []\n  - {}\n", `v2 API: the document accepts the credentials "no credentials", ours does not`},
		{
			"DigestAuth: {type: http, scheme: digest}",
			"DigestAuth: {type: apiKey, in: header, name: X-Key}",
			"v2 API: the document accepts the credentials \"apiKey header X-Key\", ours does not\n" +
				"v2 API: ours accepts the credentials \"http digest\", the document does not",
		},
		{"DigestAuth: {type: http, scheme: digest}", "DigestAuth: {type: http, scheme: Digest}", ""},
		{"  - DigestAuth: []\n", "  - Other: []\n  - DigestAuth: []\n", `v2 API: the document accepts the credentials "undefined Other", ours does not`},
		{id, id + "      security: [{DigestAuth: []}]\n", list + ": security is http digest in the document, inherited in ours"},
		{id, id + "      security: []\n", list + ": security is none in the document, inherited in ours"},
		{id, id + "      servers: [{url: https://other.example}]\n", list + ": servers is https://other.example in the document, inherited in ours"},
		{
			"  /api/atlas/v2/groups/{groupId}/integrations:\n",
			"  /api/atlas/v2/groups/{groupId}/integrations:\n    servers: [{url: https://other.example}]\n",
			list + ": servers is https://other.example in the document, inherited in ours",
		},
		{
			"  - url: https://cloud.mongodb.com\n",
			"  - url: https://cloud.mongodb.com/\n  - url: https://eu.example\n",
			`v2 API: the document names the server "https://eu.example", ours does not`,
		},
		{
			"  - url: https://cloud.mongodb.com\n",
			"  - url: https://cloud.mongodb.com\n  - url: https://me:hunter2hunter2@eu.example\n",
			`v2 API: the document names the server "a URL with credentials (hidden)", ours does not`,
		},
		{
			"tokenUrl: 'https://cloud.mongodb.com/api/oauth/token'",
			"tokenUrl: 'https://id.example/token', refreshUrl: 'https://id.example/again'",
			"v2 API, flow clientCredentials: refresh-url is https://id.example/again in the document, none in ours\n" +
				"v2 API, flow clientCredentials: token-url is https://id.example/token in the document, https://cloud.mongodb.com/api/oauth/token in ours",
		},
		{"scopes: {}", "scopes: {all: Everything.}", "v2 API, flow clientCredentials: scopes is all in the document, none in ours"},
		{
			"scopes: {}}}",
			"scopes: {}}, password: {tokenUrl: 'https://id.example'}}",
			"v2 API: the document accepts the credentials \"oauth2 clientCredentials password\", ours does not\n" +
				"v2 API: ours accepts the credentials \"oauth2 clientCredentials\", the document does not\n" +
				"v2 API, flow password: the document has this flow, ours does not",
		},
		{
			"/groups/{groupId}/clusters:",
			"/groups/{groupId}/integrations:validate:",
			"v2 GET /integrations:validate: the document has this operation, ours does not",
		},
		{
			"/groups/{groupId}/clusters:",
			"/groups/{groupId}/integrations/{type}:test:",
			"v2 GET /integrations/{integrationType}:test: the document has this operation, ours does not",
		},
		{"/groups/{groupId}/clusters:", "/groups/{groupId}/integrationsOther:", ""},
		{id, id + "      x-xgen-operation-id-override: listIntegrations\n", list + ": operation-id-override is listIntegrations in the document, none in ours"},
		{
			id,
			id + "      x-xgen-method-verb-override: {verb: search, customMethod: true}\n",
			list + ": method-override is search in the document, none in ours",
		},
		{"[Third-Party Integrations]", "[Third-Party Integrations, Alerts]", list + `: the document has the tag "Alerts", ours does not`},
		{"      tags: [Third-Party Integrations]\n", "", list + ": tags is none in the document, Third-Party Integrations in ours"},
		{
			"Wait: {schema: {type: integer}}",
			"Wait: {schema: {type: string, format: date}}",
			"each: response 429, header Retry-After: format is date in the document, none in ours\n" +
				"each: response 429, header Retry-After: type is string in the document, integer in ours",
		},
		{
			"Wait: {schema: {type: integer}}",
			"Wait: {required: true, deprecated: true, schema: {type: integer}}",
			"each: response 429, header Retry-After: deprecated is true in the document, false in ours\n" +
				"each: response 429, header Retry-After: required is true in the document, false in ours",
		},
		{
			"Wait: {schema: {type: integer}}",
			"Wait: {content: {text/plain: {schema: {type: integer}}}}",
			"each: response 429, header Retry-After: type is none in the document, integer in ours\n" +
				"each: response 429, header Retry-After, text/plain: the document has this media type, ours does not",
		},
		{"itemsPerPage, in: query,", "itemsPerPage, in: query, explode: false,", params + "explode is false in the document, true in ours"},
		{"itemsPerPage, in: query,", "itemsPerPage, in: query, style: form, explode: true,", ""},
		{
			"itemsPerPage, in: query,",
			"itemsPerPage, in: query, style: deepObject,",
			params + "explode is false in the document, true in ours\n" + params + "style is deepObject in the document, form in ours",
		},
		{
			"itemsPerPage, in: query,",
			"itemsPerPage, in: query, allowReserved: true, allowEmptyValue: true,",
			params + "allow-empty is true in the document, false in ours\n" + params + "allow-reserved is true in the document, false in ours",
		},
	}
}

func changesOfKeywords() []change {
	const field = "v2 VICTOR_OPS.routingKey"
	one := func(added, want string) change {
		return change{"routingKey: {type: string}", "routingKey: {type: string, " + added + "}", field + want}
	}
	fact := func(keyword, value, attribute string) change {
		return one(keyword+": "+value, ": "+attribute+" is "+value+" in the document, none in ours")
	}
	part := func(keyword, value, name string) change {
		return one(keyword+": "+value, "."+name+": the document has this subschema, ours does not")
	}
	return []change{
		fact("exclusiveMinimum", "3", "exclusive-minimum"),
		fact("exclusiveMaximum", "9", "exclusive-maximum"),
		one("minimum: 3, exclusiveMinimum: true", ": exclusive-minimum is 3 in the document, none in ours"),
		one("maximum: 9, exclusiveMaximum: false", ": maximum is 9 in the document, none in ours"),
		fact("multipleOf", "5", "multiple-of"),
		fact("minItems", "1", "min-items"),
		fact("maxItems", "2", "max-items"),
		one("uniqueItems: true", ": unique-items is true in the document, false in ours"),
		fact("minContains", "1", "min-contains"),
		fact("maxContains", "2", "max-contains"),
		fact("minProperties", "1", "min-properties"),
		fact("maxProperties", "2", "max-properties"),
		fact("contentEncoding", "base64", "content-encoding"),
		fact("contentMediaType", "text/plain", "content-media-type"),
		one("const: a", ": enum is a in the document, none in ours"),
		one("dependentRequired: {a: [b]}", ": dependent-required is b beside a in the document, none in ours"),
		one("unevaluatedProperties: false", ": unevaluated is false in the document, true in ours"),
		one("unevaluatedItems: false", ": unevaluated-items is false in the document, true in ours"),
		{"routingKey: {type: string}", "routingKey: {type: string, unevaluatedProperties: true}", ""},
		part("propertyNames", "{pattern: a}", "propertyNames"),
		part("not", "{const: a}", "not"),
		part("not", "false", "not"),
		part("contains", "{type: string}", "contains"),
		part("contentSchema", "{type: string}", "contentSchema"),
		part("dependentSchemas", "{a: {required: [b]}}", "dependentSchemas a"),
		part("patternProperties", "{'^a': {type: string}}", "patternProperties ^a"),
		one("prefixItems: [{type: string}]", "[0]: the document has this subschema, ours does not"),
		one("if: {const: a}, then: {maxLength: 5}, else: {maxLength: 6}",
			".else: the document has this subschema, ours does not\n"+
				field+".if: the document has this subschema, ours does not\n"+
				field+".then: the document has this subschema, ours does not"),
		one("additionalProperties: {type: string}",
			": additional is of a schema in the document, true in ours\n"+
				field+".additionalProperties: the document has this subschema, ours does not"),
	}
}

// Keywords next to a reference count since OpenAPI 3.1, and do not before.
func TestKeywordsBesideReferences(t *testing.T) {
	for version, want := range map[string][]string{
		"3.0.1": nil, "3.1.0": {"v2 VICTOR_OPS.routingKey: max-length is 5 in the document, none in ours"},
	} {
		text := strings.NewReplacer("openapi: 3.0.1", "openapi: "+version, "    Page:\n", "    Text: {type: string}\n    Page:\n",
			"routingKey: {type: string}", "routingKey: {$ref: '#/components/schemas/Text', maxLength: 5}").Replace(level(t))
		if diff := cmp.Diff(want, news(compare(t, drift.V2, text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
	}
}

// flat is the level document in the form that an SDK's generator requires: one object instead of the union. Its types
// list their fields only if listed is true.
func flat(t *testing.T, listed bool) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := yaml.Unmarshal([]byte(level(t)), &doc); err != nil {
		t.Fatal(err)
	}
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	union := schemas["Integration"].(map[string]any)
	properties, mapping := union["properties"].(map[string]any), map[string]any{}
	properties["type"] = map[string]any{"type": "string"}
	for name, ref := range union["discriminator"].(map[string]any)["mapping"].(map[string]any) {
		schema := schemas[strings.TrimPrefix(ref.(string), "#/components/schemas/")].(map[string]any)
		if parts, ok := schema["allOf"].([]any); ok {
			schema = parts[1].(map[string]any)
		}
		var fields []string
		for field, property := range schema["properties"].(map[string]any) {
			if field != "id" && field != "type" {
				properties[field] = map[string]any{"type": property.(map[string]any)["type"]}
				fields = append(fields, field)
			}
		}
		mapping[name] = map[string]any{"properties": fields, "required": schema["required"]}
	}
	delete(union, "oneOf")
	delete(union, "discriminator")
	if listed {
		union["x-xgen-discriminator"] = map[string]any{"propertyName": "type", "mapping": mapping}
	}
	delete(doc["components"].(map[string]any)["parameters"].(map[string]any)["integrationType"].(map[string]any), "schema")
	return doc
}

func TestFlattenedDocument(t *testing.T) {
	for _, tt := range []struct {
		name   string
		listed bool
		change func(integration map[string]any)
		want   []string
	}{
		{"listed", true, func(map[string]any) {}, nil},
		{"not listed", false, func(map[string]any) {}, nil},
		{"a new field", false, func(it map[string]any) {
			it["properties"].(map[string]any)["severity"] = map[string]any{"type": "string"}
		}, []string{"v2 ANY.severity: the document has this field, ours does not"}},
		{"a field that is gone", false, func(it map[string]any) { delete(it["properties"].(map[string]any), "routingKey") },
			[]string{"v2 ANY.routingKey: ours has this field, the document does not"}},
		{"another type", true, func(it map[string]any) {
			it["properties"].(map[string]any)["routingKey"] = map[string]any{"type": "integer"}
		}, []string{"v2 VICTOR_OPS.routingKey: type is integer in the document, string in ours"}},
		{"a field of another type", true, func(it map[string]any) {
			listOf(it, "VICTOR_OPS")["properties"] = []string{"apiKey", "routingKey", "url"}
		},
			[]string{"v2 VICTOR_OPS.url: the document has this field, ours does not"}},
		{"a required field", true, func(it map[string]any) { listOf(it, "VICTOR_OPS")["required"] = []string{"apiKey", "routingKey"} },
			[]string{"v2 VICTOR_OPS.routingKey: required is true in the document, false in ours"}},
		{"a new type", true, func(it map[string]any) {
			it["x-xgen-discriminator"].(map[string]any)["mapping"].(map[string]any)["GRAFANA"] = map[string]any{"properties": []string{"url"}}
		}, []string{"v2 GRAFANA: the document has this type, ours does not"}},
	} {
		doc := flat(t, tt.listed)
		tt.change(doc["components"].(map[string]any)["schemas"].(map[string]any)["Integration"].(map[string]any))
		text, err := yaml.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		result := compare(t, drift.V2, string(text))
		if diff := cmp.Diff(tt.want, news(result)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if result.Partial == "" {
			t.Errorf("%s: the document is not called flattened", tt.name)
		}
		if result.Unused != nil {
			t.Errorf("%s: unused are %v", tt.name, result.Unused)
		}
	}
	if compare(t, drift.V2, level(t)).Partial != "" {
		t.Error("a document with a union is called flattened")
	}
}

func listOf(integration map[string]any, typ string) map[string]any {
	return integration["x-xgen-discriminator"].(map[string]any)["mapping"].(map[string]any)[typ].(map[string]any)
}
