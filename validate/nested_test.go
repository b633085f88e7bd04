package validate

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	five "github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/internal/specgen"
	"github.com/atlasint/atlasint/validate/internal/records"
	"github.com/atlasint/atlasint/validate/internal/types"
)

var update = flag.Bool("update", false, "rewrite the table of payloads that other validators check, too")

// nestedValidator returns a validator for the document with nested request bodies, and the schema of its one type.
func nestedValidator(t testing.TB, options Options) (*Validator, []byte) {
	t.Helper()
	document, err := os.ReadFile("../internal/specgen/testdata/nested.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return documentValidator(t, document, options)
}

// documentValidator returns a validator for the types of a document, and the schema of its type RELAY.
func documentValidator(t testing.TB, document []byte, options Options) (*Validator, []byte) {
	t.Helper()
	index, requests, err := specgen.Index(specgen.Document{APIVersion: schemas.V2, YAML: document})
	if err != nil {
		t.Fatal(err)
	}
	var documented []schemas.Type
	if err := json.Unmarshal(index, &documented); err != nil {
		t.Fatal(err)
	}
	v, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	v.types = &types.Set{ByName: map[string]*types.Type{}}
	for i := range documented {
		v.types.ByName[documented[i].Name] = &types.Type{Type: atlas.NewType(&documented[i]), Schema: sync.OnceValue(func() *schema.Schema {
			s, err := schema.Compile(requests[documented[i].Name])
			if err != nil {
				panic(err)
			}
			return s
		})}
		v.types.Names = append(v.types.Names, documented[i].Name)
	}
	return v, requests["RELAY"]
}

// Subjects and pointers start at the payload, also in an array and on a line of NDJSON.
func TestNestedInBatch(t *testing.T) {
	const good = `{"type":"RELAY","retry":{"attempts":3},"events":["CREATED"]}`
	const bad = `{"type":"RELAY","retry":{"attempts":33},"events":["CREATED"]}`
	v, _ := nestedValidator(t, Options{})
	for _, tc := range []struct {
		layout Layout
		input  string
		want   string
	}{
		{Array, "[" + good + ",\n " + bad + "]", "2 2:38"},
		{Lines, good + "\n\n" + bad + "\n", "2 3:37"},
	} {
		r, err := v.CheckReader("p", strings.NewReader(tc.input), tc.layout)
		if err != nil {
			t.Fatal(err)
		}
		if r.Payloads != 2 {
			t.Errorf("layout %d: %d payloads, want 2", tc.layout, r.Payloads)
		}
		if len(r.Findings) != 1 {
			t.Fatalf("layout %d: findings %v, want one", tc.layout, r.Findings)
		}
		f := r.Findings[0]
		got := fmt.Sprintf("%d %d:%d %s %s", f.Record, f.Line, f.Column, f.Pointer, f.Message)
		if want := tc.want + " /retry/attempts RELAY.retry.attempts: want at most 10, got 33"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Fields past the 64th are required in a nested object too, and known.
func TestManyRequiredFields(t *testing.T) {
	const count = 70
	document, err := os.ReadFile("../internal/specgen/testdata/nested.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var names, properties, values []string
	for i := range count {
		name := fmt.Sprintf("f%d", i)
		names, values = append(names, name), append(values, fmt.Sprintf("%q: %d", name, i))
		properties = append(properties, fmt.Sprintf("            %s: {title: Field, description: A number., type: integer}\n", name))
	}
	text := strings.Replace(string(document), "required: [attempts]\n          properties:\n",
		"required: ["+strings.Join(names, ", ")+"]\n          properties:\n"+strings.Join(properties, ""), 1)
	text = strings.Replace(text, "retry: {attempts: 3, delay: null}", "retry: {"+strings.Join(values, ", ")+"}", 1)
	v, _ := documentValidator(t, []byte(text), Options{})
	for without := range count + 1 {
		sent := slices.Clone(values)
		if without < count {
			sent = slices.Delete(sent, without, without+1)
		}
		doc, findings := v.CheckPayload("p", []byte(`{"type":"RELAY","events":["CREATED"],"retry":{`+strings.Join(sent, ",")+`}}`))
		accepted := v.types.ByName["RELAY"].Schema().Accepts(doc.root)
		switch {
		case without == count && len(findings) > 0:
			t.Errorf("all fields: %v", findings)
		case without < count && (accepted || len(findings) != 1 || findings[0].Pointer != "/retry/"+names[without] || findings[0].Rule != "required"):
			t.Errorf("without %s: accepted %t, %v", names[without], accepted, findings)
		}
	}
}

// Each case is a payload in which the finding begins at the mark ›, with the pointer, the rule and the message.
func TestNestedFindings(t *testing.T) {
	const head = "{\"type\": \"RELAY\",\n \"retry\": {\"attempts\": 3},\n"
	const tail = "\"events\": [\"CREATED\"]"
	rule := func(target string) string {
		return head + tail + ",\n \"rules\": [{\"name\": \"ok\", \"target\": {\"kind\": \"QUEUE\", \"queue\": \"q\"}},\n" +
			"  {\"name\": \"second\",\n   \"target\": " + target + "}]}"
	}
	retry := func(object string) string {
		return "{\"type\": \"RELAY\",\n \"retry\": " + object + ",\n " + tail + "}"
	}
	events := func(array string) string { return head + " \"events\": " + array + "}" }
	one := func(object string) string { return head + tail + ",\n \"rules\": [" + object + "]}" }
	cases := []struct{ name, payload, want string }{
		{
			name:    "integer over its bound",
			payload: retry(`{"attempts": ›11}`),
			want:    `/retry/attempts schema RELAY.retry.attempts: want at most 10, got 11`,
		},
		{
			name:    "integer under its bound",
			payload: retry("{\"jitter\": true,\n  \"attempts\": ›0}"),
			want:    `/retry/attempts schema RELAY.retry.attempts: want at least 1, got 0`,
		},
		{
			name:    "integer with a fraction",
			payload: retry(`{"attempts": ›1.5}`),
			want:    `/retry/attempts wrong-type RELAY.retry.attempts: want integer, got number; write a whole number`,
		},
		{
			name:    "integer in quotes",
			payload: retry(`{"attempts": ›"3"}`),
			want:    `/retry/attempts wrong-type RELAY.retry.attempts: want integer, got string "3"; remove the quotes`,
		},
		{
			name:    "integer as words",
			payload: retry(`{"attempts": ›"three"}`),
			want:    `/retry/attempts wrong-type RELAY.retry.attempts: want integer, got string`,
		},
		{
			name:    "integer of null",
			payload: retry(`{"attempts": ›null}`),
			want:    `/retry/attempts null RELAY.retry.attempts: null is not allowed; the field is required: give it an integer`,
		},
		{
			name:    "integer beyond 64 bits",
			payload: retry(`{"attempts": ›123456789012345678901}`),
			want:    `/retry/attempts schema RELAY.retry.attempts: want at most 10, got a number`,
		},
		{
			name:    "integer of an exponent",
			payload: retry(`{"attempts": ›1e300}`),
			want:    `/retry/attempts schema RELAY.retry.attempts: want at most 10, got 1e300`,
		},
		{
			name:    "number under its bound",
			payload: retry(`{"attempts": 3, "delay": ›-0.5}`),
			want:    `/retry/delay schema RELAY.retry.delay: want at least 0, got -0.5`,
		},
		{
			name:    "number as a boolean",
			payload: retry(`{"attempts": 3, "delay": ›true}`),
			want:    `/retry/delay wrong-type RELAY.retry.delay: want number, got boolean`,
		},
		{
			name:    "boolean in quotes",
			payload: retry(`{"attempts": 3, "jitter": ›"true"}`),
			want:    `/retry/jitter wrong-type RELAY.retry.jitter: want boolean, got string "true"; remove the quotes`,
		},
		{
			name:    "boolean of null",
			payload: retry(`{"attempts": 3, "jitter": ›null}`),
			want:    `/retry/jitter null RELAY.retry.jitter: null is not allowed; leave out the field`,
		},
		{
			name:    "enum in an object",
			payload: retry(`{"attempts": 3, "strategy": ›"LINEARR"}`),
			want:    `/retry/strategy enum RELAY.retry.strategy: "LINEARR" is not allowed; did you mean "LINEAR"? (use "FIXED", "LINEAR" or "EXPONENTIAL")`,
		},
		{
			name:    "alias in an object",
			payload: retry(`{"attempts": 3, "strategy": ›"expo"}`),
			want:    `/retry/strategy enum RELAY.retry.strategy: "expo" is not allowed; Atlas calls it "EXPONENTIAL"`,
		},
		{
			name:    "enum of a number",
			payload: retry(`{"attempts": 3, "strategy": ›2}`),
			want:    `/retry/strategy wrong-type RELAY.retry.strategy: want string, got number; use "FIXED", "LINEAR" or "EXPONENTIAL"`,
		},
		{
			name:    "missing in an object",
			payload: retry(`›{"jitter": true}`),
			want:    `/retry/attempts required RELAY.retry: missing required field "attempts" (Attempts, integer)`,
		},
		{
			name:    "misspelled in an object",
			payload: retry(`{›"atempts": 3, "attempts": 3}`),
			want: `/retry/atempts unknown-field RELAY.retry: unknown field "atempts"; remove it: the payload already has "attempts" ` +
				`(fields: attempts, delay, jitter, strategy)`,
		},
		{
			name:    "unknown in an object",
			payload: retry(`{"attempts": 3, ›"colour": 3}`),
			want:    `/retry/colour unknown-field RELAY.retry: unknown field "colour"; the fields are attempts, delay, jitter and strategy`,
		},
		{
			name:    "of responses, in an object",
			payload: retry(`{"attempts": 3, ›"status": "x"}`),
			want:    `/retry/status unknown-field RELAY.retry: unknown field "status"; the fields are attempts, delay, jitter and strategy`,
		},
		{
			name:    "object as an array",
			payload: retry(`›[]`),
			want:    `/retry wrong-type RELAY.retry: want object, got array; write an object, between { and }`,
		},
		{
			name:    "object as a string",
			payload: retry(`›"attempts"`),
			want:    `/retry wrong-type RELAY.retry: want object, got string; write an object, between { and }`,
		},
		{
			name:    "object of null",
			payload: retry(`›null`),
			want:    `/retry null RELAY.retry: null is not allowed; the field is required: give it an object`,
		},
		{
			name:    "array as a string",
			payload: events(`›"CREATED"`),
			want:    `/events wrong-type RELAY.events: want array, got string; write a list, between [ and ]`,
		},
		{
			name:    "array as an object",
			payload: events(`›{}`),
			want:    `/events wrong-type RELAY.events: want array, got object; write a list, between [ and ]`,
		},
		{
			name:    "empty array",
			payload: events(`›[]`),
			want:    `/events schema RELAY.events: want at least 1 element, got 0`,
		},
		{
			name: "many rules",
			payload: head + tail + ",\n \"rules\": ›[" +
				strings.Repeat(`{"name": "ok", "target": {"kind": "QUEUE", "queue": "q"}},`, 3) +
				`{"name": "ok", "target": {"kind": "QUEUE", "queue": "q"}}]}`,
			want: `/rules schema RELAY.rules: want at most 3 elements, got 4`,
		},
		{
			name:    "element twice",
			payload: events("[\"CREATED\",\n  \"CLOSED\", ›\"CREATED\"]"),
			want:    `/events schema RELAY.events: an element occurs twice; keep one of them`,
		},
		{
			name:    "element of no list",
			payload: events(`["CREATED", ›"CLOSE"]`),
			want:    `/events/1 enum RELAY.events[1]: "CLOSE" is not allowed; did you mean "CLOSED"? (use "CREATED", "UPDATED", "CLOSED" or "DELETED")`,
		},
		{
			name:    "element of another type",
			payload: events(`["CREATED", ›7]`),
			want:    `/events/1 wrong-type RELAY.events[1]: want string, got number; use "CREATED", "UPDATED", "CLOSED" or "DELETED"`,
		},
		{
			name:    "element of null",
			payload: events(`[›null]`),
			want:    `/events/0 null RELAY.events[0]: null is not allowed; give it a string`,
		},
		{
			name:    "array of objects, missing",
			payload: one("{\"name\": \"ok\", \"target\": {\"kind\": \"QUEUE\", \"queue\": \"q\"}},\n  ›{\"name\": \"ok\"}"),
			want:    `/rules/1/target required RELAY.rules[1]: missing required field "target" (Target, union)`,
		},
		{
			name:    "array of objects, unknown",
			payload: one(`{"name": "ok", "target": {"kind": "QUEUE", "queue": "q"}, ›"z": 1}`),
			want:    `/rules/0/z unknown-field RELAY.rules[0]: unknown field "z"; the fields are name, priority and target`,
		},
		{
			name:    "array of objects, too short",
			payload: one(`{"name": ›"x", "target": {"kind": "QUEUE", "queue": "q"}}`),
			want:    `/rules/0/name length RELAY.rules[0].name: want at least 2 characters, got 1`,
		},
		{
			name:    "array of objects, too long",
			payload: one(`{"name": ›"éééééééééé", "target": {"kind": "QUEUE", "queue": "q"}}`),
			want:    `/rules/0/name length RELAY.rules[0].name: want at most 8 characters, got 10`,
		},
		{
			name:    "array of objects, negative",
			payload: one(`{"name": "ok", "priority": ›-1, "target": {"kind": "QUEUE", "queue": "q"}}`),
			want:    `/rules/0/priority schema RELAY.rules[0].priority: want at least 0, got -1`,
		},
		{
			name:    "array of objects, a string",
			payload: one(`›"rule"`),
			want:    `/rules/0 wrong-type RELAY.rules[0]: want object, got string; write an object, between { and }`,
		},
		{
			name:    "union without its tag",
			payload: rule(`›{"queue": "q"}`),
			want: `/rules/1/target schema RELAY.rules[1].target: the value matches none of the forms in the schema; ` +
				`the nearest one: RELAY.rules[1].target: missing required field "kind" (Kind, string)`,
		},
		{
			name:    "union of an unknown tag",
			payload: rule(`›{"kind": "TOPIC", "queue": "q"}`),
			want: `/rules/1/target schema RELAY.rules[1].target: the value matches none of the forms in the schema; ` +
				`the nearest one: RELAY.rules[1].target.kind: "TOPIC" is not allowed`,
		},
		{
			name:    "union of another type",
			payload: rule(`›"queue"`),
			want: `/rules/1/target schema RELAY.rules[1].target: the value matches none of the forms in the schema; ` +
				`the nearest one: RELAY.rules[1].target: want object, got string`,
		},
		{
			name:    "union, missing in its variant",
			payload: rule(`›{"kind": "QUEUE"}`),
			want:    `/rules/1/target/queue required RELAY.rules[1].target: missing required field "queue" (Queue name, string)`,
		},
		{
			name:    "union, of the other variant",
			payload: rule("{\"kind\": \"QUEUE\", \"queue\": \"q\",\n    ›\"token\": \"0123abcd\"}"),
			want:    `/rules/1/target/token unknown-field RELAY.rules[1].target: unknown field "token"; the fields are kind, queue and shards`,
		},
		{
			name:    "union, pattern",
			payload: rule(`{"kind": "QUEUE", "queue": ›"Q1"}`),
			want:    `/rules/1/target/queue schema RELAY.rules[1].target.queue: want text of the form ^[a-z]+$, got 2 characters (value hidden)`,
		},
		{
			name:    "union, array in its variant",
			payload: rule(`{"kind": "QUEUE", "queue": "q", "shards": [1, ›8]}`),
			want:    `/rules/1/target/shards/1 schema RELAY.rules[1].target.shards[1]: want at most 7, got 8`,
		},
		{
			name:    "secret in a variant",
			payload: rule(`{"kind": "HOOK", "token": ›"0123abcX"}`),
			want: `/rules/1/target/token key-format RELAY.rules[1].target.token: want 8 hexadecimal digits in lower case, got 8 characters (value hidden); ` +
				`the length is right, but not all of them are hexadecimal digits`,
		},
		{
			name:    "masked secret in a variant",
			payload: rule(`{"kind": "HOOK", "token": ›"****abcd"}`),
			want: `/rules/1/target/token masked-value RELAY.rules[1].target.token: this is a mask that Atlas returned instead of the ` +
				`secret; replace it with the real value`,
		},
		{
			name:    "URL in a variant",
			payload: rule(`{"kind": "HOOK", "token": "0123abcd", "url": ›"hooks"}`),
			want:    `/rules/1/target/url url RELAY.rules[1].target.url is not an absolute URL (value hidden); write the whole URL, beginning with https://`,
		},
		{
			name:    "name twice in an object",
			payload: retry("{\"attempts\": 3,\n ›\"attempts\": 4}"),
			want:    `/retry/attempts duplicate-key the name "attempts" occurs twice in one object; keep one; the first is at 2:12`,
		},
	}
	if len(cases) < 40 {
		t.Fatalf("%d cases", len(cases))
	}
	v, _ := nestedValidator(t, Options{})
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			before, after, marked := strings.Cut(tc.payload, "›")
			if !marked {
				t.Fatal("no mark")
			}
			line := 1 + strings.Count(before, "\n")
			column := 1 + len([]rune(before[strings.LastIndex(before, "\n")+1:]))
			want := fmt.Sprintf("%d:%d %s", line, column, tc.want)
			var got []string
			for _, f := range v.Check("p", []byte(before+after)) {
				text := fmt.Sprintf("%d:%d %s %s %s", f.Line, f.Column, f.Pointer, f.Rule, f.Message)
				if f.Hint != "" {
					text += "; " + f.Hint
				}
				got = append(got, text)
			}
			if diff := cmp.Diff([]string{want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Nested secrets are in no finding and in no snippet.
func TestNestedSecrets(t *testing.T) {
	const canary = "c4n4ry7e57c4n4ry"
	v, _ := nestedValidator(t, Options{Snippets: true})
	for _, value := range []string{`"` + canary + `"`, `["` + canary + `"]`, `{"` + canary + canary + `": "` + canary + `"}`, `"https://` + canary + `"`} {
		for _, path := range []string{`"token": %s`, `"token": "0123abcd", "url": %s`, `"token": "0123abcd", "z": %s`} {
			payload := `{"type":"RELAY","retry":{"attempts":1},"events":["CREATED"],"rules":[{"name":"ok",` +
				`"target":{"kind":"HOOK",` + fmt.Sprintf(path, value) + `}}]}`
			for _, f := range v.Check("p", []byte(payload)) {
				if text := fmt.Sprintf("%+v %+v", f, f.Snippet); strings.Contains(text, canary) {
					t.Errorf("%s: %s", payload, text)
				}
			}
		}
	}
}

// tableFile has random payloads for the nested document with the verdict of all validators; ajv reads it, too.
var tableFile = filepath.FromSlash("../.ci/peers/nested.json")

type table struct {
	Schema json.RawMessage `json:"schema"`
	Cases  []tableCase     `json:"cases"`
}

type tableCase struct {
	Valid   bool            `json:"valid"`
	Payload json.RawMessage `json:"payload"`
}

// Our verdict, with the first step and without it, is that of jsonschema v5 and v6 on the table of payloads.
func TestNestedVerdicts(t *testing.T) {
	v, source := nestedValidator(t, Options{})
	v5, v6 := five.MustCompileString("https://schemas.invalid/nested.json", string(source)), compileV6(t, source)
	if *update {
		writeTable(t, v, source)
	}
	data, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	var all table
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(compact(t, source), compact(t, all.Schema)); diff != "" {
		t.Errorf("the table is for another schema: go test ./validate -run TestNestedVerdicts -update (-want +got):\n%s", diff)
	}
	valid := 0
	for _, tc := range all.Cases {
		var value any
		if err := json.Unmarshal(tc.Payload, &value); err != nil {
			t.Fatal(err)
		}
		c := v.checkRecord("p", tc.Payload, records.At{})
		failures, err := c.typ.Schema().Validate(c.root)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{"findings": c.errors == 0, "v5": v5.Validate(value) == nil, "v6": v6.Validate(value) == nil, "second step": failures == nil}
		for name, verdict := range got {
			if verdict != tc.Valid {
				t.Errorf("%s: %t, the table: %t: %s", name, verdict, tc.Valid, tc.Payload)
			}
		}
		if c.typ.Schema().Accepts(c.root) && !tc.Valid {
			t.Errorf("the first step accepts %s", tc.Payload)
		}
		if tc.Valid {
			valid++
		}
	}
	if len(all.Cases) < 300 {
		t.Errorf("%d cases, want at least 300", len(all.Cases))
	}
	if valid < 75 || valid > 225 {
		t.Errorf("%d of %d cases are valid, want 75 to 225", valid, len(all.Cases))
	}
}

func compact(t *testing.T, data []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, data); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func writeTable(t *testing.T, v *Validator, source []byte) {
	t.Helper()
	random := rand.New(rand.NewPCG(12, 300))
	var out strings.Builder
	fmt.Fprintf(&out, "{\"schema\": %s,\n\"cases\": [\n", compact(t, source))
	for i := range 300 {
		payload := relay(random)
		c := v.checkRecord("p", []byte(payload), records.At{})
		line, err := json.Marshal(tableCase{c.errors == 0, json.RawMessage(payload)})
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			out.WriteString(",\n")
		}
		out.Write(line)
	}
	out.WriteString("\n]}\n")
	if err := os.WriteFile(tableFile, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// relay writes a payload of the nested document in which some parts are wrong.
func relay(random *rand.Rand) string {
	choose := func(bad int, good []string, wrong ...string) string {
		if random.IntN(bad) == 0 {
			return wrong[random.IntN(len(wrong))]
		}
		return good[random.IntN(len(good))]
	}
	const rarely = 14
	retry := `{"attempts":` + choose(rarely, []string{"1", "10", "3", "3.0"}, "0", "11", "1.5", `"3"`, "null", "1e300")
	if random.IntN(2) == 0 {
		retry += `,"delay":` + choose(rarely, []string{"null", "0", "1.25", "9007199254740993"}, "-1", `"x"`, "[]")
	}
	if random.IntN(2) == 0 {
		retry += `,"strategy":` + choose(rarely, []string{`"FIXED"`, `"LINEAR"`}, `"linear"`, "1", "null")
	}
	retry += choose(rarely, []string{"}"}, `,"status":"x"}`, `,"z":{}}`)
	valid := []string{`["CREATED"]`, `["CREATED","CLOSED"]`, `["UPDATED","CREATED","CLOSED","DELETED"]`}
	events := choose(rarely, valid, `[]`, `["CREATED","CREATED"]`, `"CREATED"`, `["OPENED"]`, `[null]`, `{}`)
	payload := `{"type":"RELAY","retry":` + choose(rarely*2, []string{retry}, "[]", "null", "{}") + `,"events":` + events
	if random.IntN(3) > 0 {
		var rules []string
		for range random.IntN(4) + random.IntN(20)/19 {
			target := choose(2, []string{
				`{"kind":"QUEUE","queue":` + choose(rarely, []string{`"q"`, `"alerts"`}, `"Q"`, `""`, "7") +
					choose(rarely, []string{"}", `,"shards":[]}`, `,"shards":[0,7,7]}`}, `,"shards":[8]}`, `,"token":"0123abcd"}`, `,"shards":{}}`),
			}, `{"kind":"HOOK","token":`+choose(rarely, []string{`"0123abcd"`}, `"0123"`, "null", "1")+
				choose(rarely, []string{"}", `,"url":"https://hooks.example.com/a"}`}, `,"queue":"q"}`, `,"url":1}`))
			target = choose(rarely*3, []string{target}, `{"kind":"TOPIC"}`, `{}`, `"x"`, "null")
			rule := `{"name":` + choose(rarely*2, []string{`"ab"`, `"éé"`, `"eight888"`}, `"a"`, `"nine99999"`, "null") + `,"target":` + target
			rules = append(rules, rule+choose(rarely*2, []string{"}", `,"priority":0}`}, `,"priority":-1}`, `,"priority":"1"}`, `,"z":1}`))
		}
		payload += `,"rules":[` + strings.Join(rules, ",") + "]"
	}
	return payload + "}"
}
