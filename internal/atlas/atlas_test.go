package atlas

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
)

func TestEqual(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`1e2`, `100`, true}, {`9007199254740993`, `9007199254740992`, false}, {`1`, `"1"`, false},
		{`null`, `null`, true}, {`null`, `false`, false}, {`"a"`, `"a"`, true}, {`true`, `true`, true},
		{`[1,[2]]`, `[1.0,[2]]`, true}, {`[1]`, `[1,2]`, false}, {`[]`, `{}`, false}, {`"a"`, `["a"]`, false},
		{`{"a":1,"b":{"c":[]}}`, `{"b":{"c":[]},"a":1}`, true}, {`{"a":1}`, `{"b":1}`, false}, {`{"a":null}`, `{}`, false},
	} {
		x, y := Object([]byte(`{"v":` + tc.a + `}`))["v"], Object([]byte(`{"v":` + tc.b + `}`))["v"]
		if Equal(x, y) != tc.want || Equal(y, x) != tc.want {
			t.Errorf("%s equals %s: want %t", tc.a, tc.b, tc.want)
		}
	}
}

func TestTypeName(t *testing.T) {
	for _, typ := range schemas.Types {
		for _, spelling := range []string{typ.Name, strings.ToLower(typ.Name), strings.ReplaceAll(typ.Name, "_", "-"), typ.Title, strings.ToUpper(typ.Title)} {
			if got := TypeName(spelling); got != typ.Name {
				t.Errorf("TypeName(%q) = %q, want %q", spelling, got, typ.Name)
			}
		}
	}
	for text, want := range map[string]string{
		"pagerduty": "PAGER_DUTY", "VictorOps": "VICTOR_OPS", "splunk on-call": "VICTOR_OPS", "opsgenie": "OPS_GENIE",
		"": "", "-": "-", "(": "(", "teams": "teams", "DATADOGG": "DATADOGG", "*": "*",
	} {
		if got := TypeName(text); got != want {
			t.Errorf("TypeName(%q) = %q, want %q", text, got, want)
		}
	}
}

// The facts of nested fields: defaults, variants, and masks at any depth.
func TestNestedFacts(t *testing.T) {
	text := func(name, secret string) schemas.Field {
		return schemas.Field{Name: name, Kind: "string", Secret: secret}
	}
	typ := NewType(&schemas.Type{Name: "T", Fields: []schemas.Field{
		{Name: "on", Kind: "boolean", Default: "true"},
		{Name: "count", Kind: "integer", Default: "3"},
		{Name: "list", Kind: "array", Items: &schemas.Field{Kind: "union", Variants: []schemas.Field{
			{Kind: "object", Fields: []schemas.Field{
				{Name: "kind", Kind: "string", Const: "A"},
				text("key", schemas.MaskLast4),
				text("gone", schemas.MaskOmitted),
			}},
			{Kind: "object", Fields: []schemas.Field{{Name: "kind", Kind: "string", Const: "B"}, text("key", "")}},
		}}},
	}})
	on := typ.Payload.Lookup("on")
	values := map[string]any{"default": on.Default, "of nil": on.Effective(nil), "of false": on.Effective(false)}
	if diff := cmp.Diff(map[string]any{"default": true, "of nil": true, "of false": false}, values); diff != "" {
		t.Errorf("effective values (-want +got):\n%s", diff)
	}
	if count := typ.Payload.Lookup("count"); count.Default != json.Number("3") {
		t.Errorf("the default of a number is %#v", count.Default)
	}
	list := typ.Payload.Lookup("list")
	if key := list.Items.Lookup("key"); key == nil || key.Secret == "" {
		t.Error("a field that is secret in one variant is not secret in the union")
	}
	stored := Object([]byte(`{"list":[{"kind":"A","key":"abcdefgh","gone":"x","n":1.50},{"kind":"B","key":"abcdefgh"},7]}`))
	want := Object([]byte(`{"list":[{"kind":"A","key":"****efgh","n":1.50},{"kind":"B","key":"abcdefgh"},7]}`))
	if diff := cmp.Diff(want["list"], list.MaskedValue(stored["list"])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	safe := Object([]byte(`{"list":[{"kind":"A","key":"****efgh","n":"(hidden)"},{"kind":"B","key":"abcdefgh"},"(hidden)"]}`))
	stored["list"].([]any)[2] = map[string]any{"token": "abcdefgh"}
	safe["list"].([]any)[2] = map[string]any{"token": "(hidden)"}
	if diff := cmp.Diff(safe["list"], list.SafeValue(stored["list"])); diff != "" {
		t.Errorf("displayed (-want +got):\n%s", diff)
	}
}

func TestRejectedType(t *testing.T) {
	for name, want := range map[string]string{"HIP_CHAT": "HIPCHAT_NOT_SUPPORTED", "hipchat": "HIPCHAT_NOT_SUPPORTED", "S3_LOG_EXPORT": ""} {
		if r := RejectedType(name); r == nil || r.ErrorCode != want {
			t.Errorf("%s: %v, want the error code %q", name, r, want)
		}
	}
	if r := RejectedType("DATADOG"); r != nil {
		t.Errorf("DATADOG is refused: %v", r)
	}
}
