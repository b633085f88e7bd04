package drift_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/drift"
	"github.com/atlasint/atlasint/openapi"
)

// ahead is a document as Atlas writes them, with more in it than ours has.
func ahead(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("../../../../examples/drift/atlas-v2-ahead.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// level is the same document without the lines marked as ahead of ours.
func level(t testing.TB) string {
	t.Helper()
	var kept strings.Builder
	for line := range strings.Lines(ahead(t)) {
		if !strings.HasSuffix(line, "# ahead\n") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func compare(t *testing.T, api, text string) *drift.Result {
	t.Helper()
	doc, err := drift.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	result, err := doc.Compare(api)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

var place = regexp.MustCompile(` \(line \d+\)$`)

// news are the messages of the differences without a reason, without their lines.
func news(r *drift.Result) (list []string) {
	for _, d := range r.Differences {
		if d.Reason == "" {
			list = append(list, place.ReplaceAllString(d.Message, ""))
		}
	}
	return list
}

func TestLevelDocument(t *testing.T) {
	result := compare(t, drift.V2, level(t))
	if got := news(result); len(got) > 0 || result.Unexplained() != 0 {
		t.Errorf("differences without a reason; what ours has, examples/drift/atlas-v2-ahead.yaml must describe too:\n%s", strings.Join(got, "\n"))
	}
	if len(result.Unused) > 0 {
		t.Errorf("of no use for the document that it was made for: %v", result.Unused)
	}
	if len(result.Differences) < 100 {
		t.Errorf("%d differences are explained, which is too few for the ledger to be in use", len(result.Differences))
	}
}

// The same document has the same result as JSON, and our document has no differences from itself.
func TestDifferencesOfJSONDocument(t *testing.T) {
	var value any
	if err := yaml.Unmarshal([]byte(ahead(t)), &value); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	want, got := news(compare(t, drift.V2, ahead(t))), news(compare(t, drift.V2, "\xef\xbb\xbf\n"+string(data)))
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("(-YAML +JSON):\n%s", diff)
	}
}

// levelV1 changes the level document into one that matches Atlas's description of v1.0.
func levelV1(t *testing.T) string {
	t.Helper()
	const dated = "application/vnd.atlas.2023-01-01+json"
	text := strings.NewReplacer(
		"/api/atlas/v2/", "/api/atlas/v1.0/",
		"listGroupIntegrations", "listThirdPartyIntegrations", "GroupIntegration", "ThirdPartyIntegration",
		"          content:\n            "+dated+": {x-xgen-version: '2023-01-01'}\n", "", dated, "application/json",
		"detail: {type: string, nullable: true}", "detail: {type: string}", "reason: {type: string, nullable: true,", "reason: {type: string,",
		"required: [results]", "required: []",
	).Replace(level(t))
	lines := regexp.MustCompile(`(?m)^.*('429'|x-xgen-version|          headers: |bodyTemplate|headersTemplate|sendShardingMetrics).*\n`)
	return lines.ReplaceAllString(text, "")
}

// The only differences in v1.0 are errors that the description has. Ours follows the manual, which lacks them.
func TestLevelDocumentV1(t *testing.T) {
	result := compare(t, drift.V1, levelV1(t))
	if got := news(result); len(got) > 0 {
		t.Errorf("news: %v", got)
	}
	if len(result.Unused) > 0 {
		t.Errorf("of no use for the document that it was made for: %v", result.Unused)
	}
}

func TestDocumentsDoNotDifferFromThemselves(t *testing.T) {
	for api, data := range map[string][]byte{drift.V1: openapi.V1().Document, drift.V2: openapi.V2().Document} {
		doc, err := drift.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.APIVersion(); got != api {
			t.Errorf("API version %q, expected %q", got, api)
		}
		// Only our document marks statements that apply to requests only. Here it is the official one too.
		if got := news(compare(t, api, string(data))); len(got) > 0 {
			t.Errorf("%s differs from itself:\n%s", api, strings.Join(got, "\n"))
		}
	}
}

// change is one edit of a document that agrees with ours, and the resulting difference.
type change struct{ old, new, want string }

func changesOfOperations() []change {
	const one = "v2 POST /integrations/{integrationType}"
	return []change{
		{
			"operationId: listGroupIntegrations",
			"operationId: listAll",
			"v2 GET /integrations: operation-id is listAll in the document, listGroupIntegrations in ours",
		},
		{
			"      operationId: listGroupIntegrations",
			"      deprecated: true\n      operationId: listGroupIntegrations",
			"v2 GET /integrations: deprecated is true in the document, false in ours",
		},
		{
			"    delete:\n",
			"    patch:\n",
			"v2 DELETE /integrations/{integrationType}: ours has this operation, the document does not\n" +
				"v2 PATCH /integrations/{integrationType}: the document has this operation, ours does not",
		},
		{"integrations/{integrationType}:", "integrations/{kind}:", ""},
		{
			"  /api/atlas/v2/groups/{groupId}/clusters:",
			"  /api/atlas/v2/groups/{g}/integrations/{t}/test:",
			"v2 GET /integrations/{integrationType}/test: the document has this operation, ours does not",
		},
		{"  /api/atlas/v2/groups/{groupId}/clusters:", "  /api/atlas/v1.0/groups/{g}/integrations/{t}/test:", ""},
		{"        '409': {$ref: '#/components/responses/Refused'}\n", "", one + ", response 409: ours has this response, the document does not"},
		{"        '409':", "        '422': {description: More.}\n        '409':", one + ", response 422: the document has this response, ours does not"},
		{"[Project Read Only]", "[Project Read Only, Project Observer]", `v2 GET /integrations: the document names the role "Project Observer", ours does not`},
		{"[Project Read Only]", "[]", ""},
		{"      x-rolesRequirements: [Project Read Only]\n", "", ""},
		{"maximum: 500", "maximum: 1000", "each: parameter query itemsPerPage: maximum is 1000 in the document, 500 in ours"},
		{
			"in: query, schema: {type: boolean, default: true}",
			"in: query, required: true, schema: {type: boolean, default: true}",
			"each: parameter query includeCount: required is true in the document, false in ours",
		},
		{
			"        - $ref: '#/components/parameters/pageNum'\n",
			"",
			"v2 GET /integrations, parameter query pageNum: ours has this parameter, the document does not",
		},
		{
			"              x-xgen-version: '2023-01-01'",
			"              x-xgen-version: '2023-02-01'",
			"v2 GET /integrations, response 200, application/vnd.atlas.2023-01-01+json: version is 2023-02-01 in the document, 2023-01-01 in ours",
		},
		{
			"            application/vnd.atlas.2023-01-01+json:\n",
			"            application/vnd.atlas.2029-01-01+json:\n",
			"v2 GET /integrations, response 200, application/vnd.atlas.2023-01-01+json: ours has this media type, the document does not\n" +
				"v2 GET /integrations, response 200, application/vnd.atlas.2029-01-01+json: the document has this media type, ours does not",
		},
		{
			"schemas/Page'}\n",
			"schemas/Integration'}\n",
			"v2 GET /integrations, response 200, application/vnd.atlas.2023-01-01+json: holds is integration in the document, page in ours",
		},
		{"        required: true\n        content", "        content", one + ", body: required is false in the document, true in ours"},
		{
			"        Retry-After: {$ref: '#/components/headers/Wait'}\n",
			"",
			"each: response 429, header Retry-After: ours has this header, the document does not",
		},
		{
			"totalCount: {type: integer, format: int32, minimum: 0",
			"totalCount: {type: integer, format: int64",
			"v2 page.totalCount: format is int64 in the document, int32 in ours\nv2 page.totalCount: minimum is none in the document, 0 in ours",
		},
		{
			"field: {type: string}}",
			"field: {type: string}, code: {type: string}}",
			"v2 error.badRequestDetail.fields[].code: the document has this field, ours does not",
		},
		{
			"        - HIP_CHAT\n",
			"",
			"each: parameter path integrationType: ours allows \"HIP_CHAT\", the document does not\nv2 types: ours allows \"HIP_CHAT\", the document does not",
		},
	}
}

func changesOfTypes() []change {
	return []change{
		{"          SLACK: '#/components/schemas/Slack'\n", "", "v2 SLACK: listed is in oneOf only in the document, none in ours"},
		{"        - $ref: '#/components/schemas/Slack'\n", "", "v2 SLACK: listed is in the mapping only in the document, none in ours"},
		{"          SLACK: '#/components/schemas/Slack'", "          SLACK: Slack", ""},
		{"routingKey: {type: string}", "routingKey: {type: integer}", "v2 VICTOR_OPS.routingKey: type is integer in the document, string in ours"},
		{
			"routingKey: {type: string}",
			"routingKey: {type: string, nullable: true}",
			"v2 VICTOR_OPS.routingKey: nullable is true in the document, false in ours",
		},
		{"routingKey: {type: string}", "routingKey: {type: [string, 'null']}", "v2 VICTOR_OPS.routingKey: nullable is true in the document, false in ours"},
		{
			"routingKey: {type: string}",
			"routingKey: {oneOf: [{type: string}, {type: 'null'}]}",
			"v2 VICTOR_OPS.routingKey: nullable is true in the document, false in ours",
		},
		{
			"routingKey: {type: string}",
			"routingKey: {type: string, deprecated: true}",
			"v2 VICTOR_OPS.routingKey: deprecated is true in the document, false in ours",
		},
		{
			"routingKey: {type: string}",
			"routingKey: {type: string, readOnly: true}",
			"v2 VICTOR_OPS.routingKey: read-only is true in the document, false in ours",
		},
		{
			"routingKey: {type: string}",
			"routingKey: {type: string, pattern: '^a+$'}",
			"v2 VICTOR_OPS.routingKey: pattern is ^a+$ in the document, none in ours",
		},
		{"routingKey: {type: string}", "routingKey: {type: string, enum: [a, b]}", "v2 VICTOR_OPS.routingKey: enum is a,b in the document, none in ours"},
		{
			"routingKey: {type: string}",
			"routingKey: {type: string, allOf: [{maxLength: 5}]}",
			"v2 VICTOR_OPS.routingKey: max-length is 5 in the document, none in ours",
		},
		{"routingKey: {type: string}", "routingKey: {type: string, description: Another word.}", ""},
		{"items: {$ref: '#/components/schemas/Integration'}", "items: {description: One., allOf: [{$ref: '#/components/schemas/Integration'}]}", ""},
		{"        routingKey: {type: string}\n", "", "v2 VICTOR_OPS.routingKey: ours has this field, the document does not"},
		{"writeOnly: true", "writeOnly: false", "v2 PROMETHEUS.password: write-only is false in the document, true in ours"},
		{"[http, file]", "[file]", `v2 PROMETHEUS.serviceDiscovery: ours allows "http", the document does not`},
		{
			"required: [enabled, serviceDiscovery, username]",
			"required: [enabled, serviceDiscovery, username, password]",
			"v2 PROMETHEUS.password: required is true in the document, false in ours",
		},
		{"default: US}", "default: EU}", "v2 OPS_GENIE.region: default is EU in the document, US in ours"},
		{
			"minLength: 1, maxLength: 80",
			"minLength: 1, maxLength: 90",
			"v2 SLACK.channelName in responses: max-length is 90 in the document, none in ours\n" +
				"v2 SLACK.channelName in requests: max-length is 90 in the document, 80 in ours",
		},
		{"required: [url]", "additionalProperties: false\n      required: [url]", "v2 WEBHOOK: additional is false in the document, true in ours"},
		{"required: [url]", "additionalProperties: {}\n      required: [url]", ""},
		{"url: {type: string}", "url: &u {type: string}\n        other: *u", "v2 WEBHOOK.other: the document has this field, ours does not"},
		{
			"url: {type: string}",
			"url: {type: string}\n        self: {$ref: '#/components/schemas/Webhook'}",
			"v2 WEBHOOK.self: the document has this field, ours does not",
		},
		{
			"secret: {type: string",
			"secret: {default: hunter2hunter2, type: string",
			"v2 WEBHOOK.secret: default is 14 characters (value hidden) in the document, none in ours",
		},
		{
			"routingKey: {type: string}",
			"routingKey: {type: string, default: \"\\e[2Jx\\n\"}",
			"v2 VICTOR_OPS.routingKey: default is \ufffd[2Jx in the document, none in ours",
		},
	}
}

func TestEachChangeIsOneDifference(t *testing.T) {
	if len(news(compare(t, drift.V2, level(t)))) > 0 {
		t.Fatal("the document to change does not say what ours does: see TestLevelDocument")
	}
	for _, tt := range slices.Concat(changesOfOperations(), changesOfTypes(), changesOfTheAPI(), changesOfKeywords()) {
		text := level(t)
		if !strings.Contains(text, tt.old) {
			t.Errorf("the document has no %q", tt.old)
			continue
		}
		got := news(compare(t, drift.V2, strings.Replace(text, tt.old, tt.new, 1)))
		if text := strings.Join(got, "\n"); text != tt.want && strings.Join(shared(got), "\n") != tt.want {
			t.Errorf("%s -> %s:\n got %s\nwant %s", tt.old, tt.new, text, tt.want)
		}
	}
}

var operation = regexp.MustCompile(`^v2 [A-Z]+ \S+, `)

// shared makes one of the equal messages of several operations.
func shared(messages []string) (list []string) {
	for _, m := range messages {
		if m = operation.ReplaceAllString(m, "each: "); !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// The line of a difference is that of the thing itself in the document, or of the thing that should contain it.
func TestLinesOfDifferences(t *testing.T) {
	lines := strings.Split(ahead(t), "\n")
	found := 0
	for _, d := range compare(t, drift.V2, ahead(t)).Differences {
		switch {
		case d.Reason == "" && (d.Line < 1 || !strings.HasSuffix(lines[d.Line-1], "# ahead")):
			t.Errorf("%s: line %d is %q", d.Message, d.Line, lines[max(d.Line, 1)-1])
		case d.Reason == "":
			found++
		}
	}
	if found < 10 {
		t.Errorf("%d differences, expected 10 at least", found)
	}
}

// Each view is compared separately: those of a version that our document does not have, and those of requests that
// differ from responses.
func TestViewsAreComparedSeparately(t *testing.T) {
	got := slices.DeleteFunc(news(compare(t, drift.V2, laterPut(t))), func(s string) bool { return strings.Contains(s, "this type") })
	want := []string{`v2 OPS_GENIE.region in requests of 2023-01-01 PUT: the document allows "AP", ours does not`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A version may be any text: a message shows a short part of it.
func TestLongVersionsAreCut(t *testing.T) {
	text := laterPut(t)
	put := strings.Index(text, "updateGroupIntegration")
	version := strings.Repeat("x", 900)
	text = text[:put] + strings.Replace(text[put:], "application/vnd.atlas.2023-01-01+json", "application/vnd.atlas."+version+"+json", 1)
	found := false
	for _, message := range news(compare(t, drift.V2, text)) {
		found = found || strings.Contains(message, "in requests of")
		if len(message) > 500 {
			t.Errorf("a message of %d bytes: %.200q", len(message), message)
		}
	}
	if !found {
		t.Error("no message names the version")
	}
}

// laterPut is a document whose PUT takes requests of a version of its own.
func laterPut(t *testing.T) string {
	t.Helper()
	text := strings.Replace(level(t), "    Page:\n", `    Later:
      discriminator: {propertyName: type, mapping: {OPS_GENIE: OpsLater}}
    OpsLater:
      type: object
      required: [apiKey]
      properties:
        id: {type: string, nullable: true}
        type: {type: string, enum: [OPS_GENIE]}
        apiKey: {type: string}
        region: {type: string, enum: [US, EU, AP], default: US}
    Page:
`, 1)
	put := strings.Index(text, "updateGroupIntegration")
	return text[:put] + strings.Replace(text[put:], "schema: {$ref: '#/components/schemas/Integration'}}", `schema: {$ref: '#/components/schemas/Later'}}`, 1)
}

// Documents without a discriminator, whose members have their common fields from the union.
func TestUnionsWithoutDiscriminator(t *testing.T) {
	text := level(t)
	start, end := strings.Index(text, "      discriminator:"), strings.Index(text, "    PagerDuty:")
	text = text[:start] + text[end:]
	if got := news(compare(t, drift.V2, text)); len(got) > 0 {
		t.Errorf("without a discriminator:\n%s", strings.Join(got, "\n"))
	}
	text = level(t)
	start, end = strings.Index(text, "      oneOf:\n"), strings.Index(text, "      discriminator:")
	text = text[:start] + text[end:]
	if got := news(compare(t, drift.V2, text)); len(got) > 0 {
		t.Errorf("without oneOf:\n%s", strings.Join(got, "\n"))
	}
}

func TestReasonsWithoutDifference(t *testing.T) {
	text := strings.Replace(level(t), "        bodyTemplate: {type: string, format: password}\n", "", 1)
	unused := compare(t, drift.V2, text).Unused
	if len(unused) != 1 || unused[0].Text != "v2 WEBHOOK bodyTemplate nullable | official: false | true" {
		t.Errorf("unused: %v", unused)
	}
	lines := bytes.Split(openapi.V2().Ledger, []byte("\n"))
	if got := string(lines[unused[0].Line-1]); !strings.HasPrefix(got, unused[0].Text) {
		t.Errorf("line %d of the ledger is %s", unused[0].Line, got)
	}
	if unused := compare(t, drift.V2, strings.Replace(text, "    delete:\n", "    x-delete:\n", 1)).Unused; unused != nil {
		t.Errorf("a document that is not whole was told of %v", unused)
	}
}

// Reasons that point at our document find one there, and no line is there for nothing to match.
func TestReasonsOfLedgerExist(t *testing.T) {
	entries, err := drift.ReadLedger(openapi.V2().Ledger)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if seen[e.Key+e.Sources] {
			t.Errorf("line %d is there twice", e.Line)
		}
		seen[e.Key+e.Sources] = true
	}
	for _, bad := range []string{"v2 a b | official: no | yes", "v2 a | official: no | yes | why", "v2 a b | | yes | why"} {
		if _, err := drift.ReadLedger([]byte("# head\n\n" + bad + "\n")); err == nil || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestBrokenDocumentsAreRejected(t *testing.T) {
	text := level(t)
	change := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("the document has no %q", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	const ref = "url: {$ref: '%s'}"
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for _, d := range []string{"01", "12", "23", "34", "45", "56", "67", "78", "89"} {
		bomb += "a" + d[1:] + ": &a" + d[1:] + " [" + strings.Repeat("*a"+d[:1]+",", 9) + "*a" + d[:1] + "]\n"
	}
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", " \n", "the document is empty"},
		{"a comment", "# hello\n", "the document is empty"},
		{"a payload", `{"type":"OPS_GENIE","apiKey":"secret-key"}`, "not an OpenAPI 3 document"},
		{"a list", "- secret-key\n", "not an OpenAPI 3 document"},
		{"prose", "secret-key", "not an OpenAPI 3 document"},
		{"Swagger", "swagger: '2.0'\npaths: {}\n", "not an OpenAPI 3 document"},
		{"broken JSON", "{\n\"openapi\": secret-key}", "line 2: not valid JSON: "},
		{"broken YAML", "openapi: 3.0.1\npaths: {secret-key", "neither JSON nor YAML"},
		{"two documents", "openapi: 3.0.1\npaths: {}\n---\nopenapi: 3.0.1\npaths: {}\n", "line 4: a second YAML document after the first"},
		{"a broken second document", "openapi: 3.0.1\npaths: {}\n---\n{secret-key", "neither JSON nor YAML"},
		{"bytes", "\x00\x01secret-key", "neither JSON nor YAML"},
		{"other endpoints", "openapi: 3.0.1\npaths: {\"/api/atlas/v2/groups/{groupId}/clusters\": {}}\n", "no path of v2 "},
		{"twice", change("      x-rolesRequirements: [Project Owner]\n", "      operationId: again\n"), `line 66: the name "operationId" occurs twice`},
		{"a merge", change("Link: {", "Link: {<<: {}, "), "a merge key (<<)"},
		{"a list as a name", change("Link: {", "Link: {? [a] : b, "), "a name that is not a string"},
		{"a file", change("url: {type: string}", strings.Replace(ref, "%s", "other.yaml#/secret-key", 1)), "a $ref to another document"},
		{"a host", change("url: {type: string}", strings.Replace(ref, "%s", "https://example.com/secret-key", 1)), "a $ref to another document"},
		{"a mapping to a file", change("WEBHOOK: '#/components/schemas/Webhook'", "WEBHOOK: 'other.yaml#/Webhook'"), "a $ref to another document"},
		{"nothing there", change("url: {type: string}", strings.Replace(ref, "%s", "#/components/schemas/Gone", 1)), `the $ref "Gone" has no target`},
		{
			"a circle of references",
			change("    Link: {",
				"    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n    Link: {x: 1, $ref: '#/components/schemas/A', "),
			"refers to itself",
		},
		{"an alias bomb", bomb + text, "aliases expanded"},
		{"an alias in itself", change("    Link: {", "    A: &a [*a]\n    Link: {"), "inside the value that it refers to"},
		{"deep JSON", strings.Repeat(`{"a":`, 5000), "not valid JSON"},
		{"deep YAML", "a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "levels of mappings and lists"},
		{"a bomb of schemas", change("url: {type: string}", "url: {$ref: '#/components/schemas/S0'}") + schemaBomb(), "once each $ref is expanded"},
		{"too many values", "a: [" + strings.Repeat("[],", 1e6) + "[]]", "million values"},
		{
			"no types",
			change("oneOf:", "x-oneOf:")[:strings.Index(text, "oneOf:")] +
				"discriminator: {propertyName: type}\n" + text[strings.Index(text, "    PagerDuty:"):],
			"neither a discriminator mapping nor oneOf",
		},
	} {
		doc, err := drift.Parse([]byte(tt.text))
		if err == nil {
			_, err = doc.Compare(drift.V2)
		}
		var fault *drift.Fault
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, expected %s", tt.name, err, tt.want)
		} else if text := err.Error(); strings.Contains(text, "secret") || strings.Contains(text, "\n") {
			t.Errorf("%s: not fit to be shown: %q", tt.name, text)
		}
	}
}

// A document is read in memory that grows with its size, and with no more of it than Atlas's own needs.
func TestLargeDocument(t *testing.T) {
	var text strings.Builder
	text.WriteString(level(t))
	for text.Len() < 10<<20 {
		fmt.Fprintf(&text,
			"    Other%d:\n      type: object\n      description: Something else, with a word on it.\n"+
				"      properties: {a: {type: string}, b: {$ref: '#/components/schemas/Other%[1]d'}}\n",
			text.Len())
	}
	data := []byte(text.String())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	doc, err := drift.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if most, got := 60*uint64(len(data)), after.TotalAlloc-before.TotalAlloc; got > most {
		t.Errorf("%d bytes for a document of %d", got, len(data))
	}
	if result, err := doc.Compare(drift.V2); err != nil || result.Unexplained() > 0 {
		t.Errorf("%v, %v", result, err)
	}
}

// Many references to large things can't make the command hang.
func TestManyReferencesAreBounded(t *testing.T) {
	list := "{enum: [" + strings.Repeat("a,", 1e5) + "b]}"
	text := strings.Replace(level(t), "url: {type: string}", "url: {allOf: ["+strings.Repeat("{$ref: '#/components/schemas/List'},", 1e4)+"]}", 1)
	doc, err := drift.Parse([]byte(text + "    List: " + list + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = doc.Compare(drift.V2); err == nil || !strings.Contains(err.Error(), "once each $ref is expanded") {
		t.Errorf("%v", err)
	}
}

// schemaBomb are schemas each of which has the next one ten times.
func schemaBomb() string {
	var s strings.Builder
	for i := range 9 {
		next := string(rune('1' + i))
		s.WriteString("    S" + string(rune('0'+i)) + ": {allOf: [" + strings.Repeat("{$ref: '#/components/schemas/S"+next+"'},", 10) + "]}\n")
	}
	return s.String() + "    S9: {type: string}\n"
}

func FuzzCompare(f *testing.F) {
	f.Add([]byte(level(f)))
	f.Add(openapi.V1().Document)
	f.Add([]byte(`{"openapi":"3.0.1","paths":{"/groups/{a}/integrations":{"get":{"responses":{"200":{"content":{"a":{"schema":{"oneOf":[{},{}]}}}}}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := drift.Parse(data)
		for _, api := range []string{drift.V1, drift.V2} {
			if err == nil {
				_, err = doc.Compare(api)
			}
		}
		var fault *drift.Fault
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("%v is no fault of the document", err)
		}
	})
}
