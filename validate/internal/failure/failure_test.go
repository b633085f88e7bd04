package failure_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/types"
)

const secret = "s3cr3t-9f8e7d6c5b4a"

// failures returns the failures of a value by a schema.
func failures(t *testing.T, source, value string) []failure.Failure {
	t.Helper()
	compiled, err := schema.Compile([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonpos.Parse([]byte(value))
	if err != nil {
		t.Fatal(err)
	}
	list, err := compiled.Validate(&doc.Root)
	if err != nil {
		t.Fatal(err)
	}
	var all []failure.Failure
	for _, f := range list {
		all = append(all, failure.New(&doc.Root, types.Of(schemas.V2).ByName["DATADOG"].Payload, f))
	}
	return all
}

// No message contains the value, except as the caller shows it.
func TestKeywordMessages(t *testing.T) {
	for source, c := range map[string]struct{ value, message, next string }{
		`{"minimum": 3}`:                            {`1`, "want at least 3, got SHOWN", ""},
		`{"exclusiveMaximum": 3}`:                   {`3`, "want less than 3, got SHOWN", ""},
		`{"multipleOf": 2}`:                         {`3`, "want a multiple of 2, got SHOWN", ""},
		`{"maxItems": 1}`:                           {`["a", "b"]`, "want at most 1 element, got 2", ""},
		`{"minProperties": 2}`:                      {`{"` + secret + `": 1}`, "want at least 2 fields, got 1", ""},
		`{"uniqueItems": true}`:                     {`["` + secret + `", "` + secret + `"]`, "an element occurs twice", "keep one of them"},
		`{"pattern": "^x"}`:                         {`"` + secret + `"`, "want text of the form ^x, got 19 characters (value hidden)", ""},
		`{"required": ["one", "two"]}`:              {`{}`, `missing 2 fields: "one" and "two"`, "add it"},
		`{"not": {}}`:                               {`"` + secret + `"`, "the schema excludes this value", ""},
		`{"contains": {"const": 1}}`:                {`["` + secret + `"]`, "too few or too many elements match the schema", ""},
		`{"properties": {"` + secret + `": false}}`: {`{"` + secret + `": 1}`, "not allowed here", "remove it"},
	} {
		list := failures(t, source, c.value)
		if len(list) != 1 {
			t.Errorf("%s: %d failures", source, len(list))
			continue
		}
		message, next := list[0].Words(func() string { return "SHOWN" })
		if message != c.message {
			t.Errorf("%s: the message is %q, want %q", source, message, c.message)
		}
		if next != c.next {
			t.Errorf("%s: the hint is %q, want %q", source, next, c.next)
		}
		if strings.Contains(message+next, secret) {
			t.Errorf("%s: the secret is in %q or %q", source, message, next)
		}
	}
}

func TestKind(t *testing.T) {
	for source, want := range map[string]string{
		`{"type": "string"}`:                      "string",
		`{"type": ["string", "null"]}`:            "string",
		`{"type": ["string", "integer", "null"]}`: "string or integer",
	} {
		if list := failures(t, source, `true`); len(list) != 1 || list[0].Kind() != want {
			t.Errorf("%s: %d failures, want one of the kind %s", source, len(list), want)
		}
	}
}

// A failure has the field of its place: its rules depend on whether that is a secret.
func TestNew(t *testing.T) {
	list := failures(t, `{"properties": {"apiKey": {"type": "string"}, "other": {"items": {"type": "string"}}}}`, `{"apiKey": 1, "other": ["a", 2]}`)
	if len(list) != 2 {
		t.Fatalf("%d failures", len(list))
	}
	type part struct {
		IsSecret, IsKnown bool
		Value, Argument   string
	}
	want := []part{{IsSecret: true, IsKnown: true, Value: "1", Argument: "string"}, {Value: "2", Argument: "string"}}
	var got []part
	for _, f := range list {
		known := f.Field != nil
		got = append(got, part{known && f.Field.Secret != "", known, f.Value.Text, f.Argument().Text})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestName(t *testing.T) {
	doc, err := jsonpos.Parse([]byte(`{"rules": [{"0": 1}]}`))
	if err != nil {
		t.Fatal(err)
	}
	shown := func(token string) string { return "<" + token + ">" }
	if got := failure.Name(&doc.Root, "TYPE", []string{"rules", "0", "0"}, shown); got != "TYPE.<rules>[0].<0>" {
		t.Errorf("got %s", got)
	}
}

func TestRepeated(t *testing.T) {
	for array, want := range map[string]int{
		`[]`: 0, `[1, 2]`: 0, `[1, "1"]`: 0, `[1, 2, 1, 2]`: 2, `[{"a":1,"b":2}, {"b":2,"a":1}]`: 1, `[null, [], null]`: 2,
	} {
		doc, err := jsonpos.Parse([]byte(array))
		if err != nil {
			t.Fatal(err)
		}
		if got := failure.Repeated(&doc.Root); got != want {
			t.Errorf("%s: got %d, want %d", array, got, want)
		}
	}
}
