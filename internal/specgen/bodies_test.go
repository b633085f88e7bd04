package specgen

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const bodiesDocument = `
paths:
  /a:
    parameters: []
    post:
      operationId: createA
      requestBody: {$ref: '#/components/requestBodies/A'}
      responses:
        '201': {$ref: '#/components/responses/A'}
        '400': {content: {application/json: {schema: {type: object, properties: {detail: {type: string}}}}}}
    delete:
      operationId: deleteA
      responses: {'204': {description: It is gone.}}
components:
  requestBodies:
    A: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
  responses:
    A: {content: {v2: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}, v1: {schema: {type: string}}}}
  schemas:
    A:
      type: object
      properties:
        n: {type: [integer, 'null']}
        key: {type: string, x-secret: last4}
        password: {type: string, format: password}
        code: {type: string, writeOnly: true}
        token: {type: string, format: password, x-mask: last4}
        hook: {type: string, x-mask: host}
        kind: {enum: ['', B]}
        on:
          oneOf: [{$ref: '#/components/schemas/B'}]
          allOf: [{type: object, properties: {c: {type: boolean}}}]
    B: {type: object, properties: {kind: {const: B}}}
`

func TestCompanionBodies(t *testing.T) {
	data, err := CompanionBodies([]byte(bodiesDocument))
	if err != nil {
		t.Fatal(err)
	}
	const a = `"kind":"object","fields":[{"name":"n","kind":"integer"},{"name":"key","kind":"string","secret":"last4"},` +
		`{"name":"password","kind":"string","secret":"omitted"},{"name":"code","kind":"string","secret":"omitted"},` +
		`{"name":"token","kind":"string","secret":"last4"},{"name":"hook","kind":"string","secret":"omitted"},` +
		`{"name":"kind","kind":"string","enum":["B"]},{"name":"on","kind":"object","fields":[{"name":"c","kind":"boolean"}],` +
		`"variants":[{"kind":"object","fields":[{"name":"kind","kind":"string","const":"B"}]}]}]`
	want := `{"createA":{"request":{` + a + `},"response":{"kind":"array","items":{` + a + `}}},"deleteA":{}}`
	var got bytes.Buffer
	if err := json.Compact(&got, data); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, strings.TrimSpace(got.String())); diff != "" {
		t.Error(diff)
	}
}

func TestCompanionBodiesRejects(t *testing.T) {
	for name, change := range map[string][2]string{
		"leads nowhere": {"schemas/B'}]", "schemas/C'}]"},
		"nested":        {"const: B", "$ref: '#/components/schemas/A'"},
		"want one type": {"[integer, 'null']", "[integer, string]"},
	} {
		if data, err := CompanionBodies([]byte(strings.Replace(bodiesDocument, change[0], change[1], 1))); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v\n%s", name, err, data)
		}
	}
}
