package correction_test

import (
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// apply returns the text after the edits, "" without any. They are in the order of their places.
func apply(text string, edits []correction.Edit) (changed string) {
	at := 0
	for _, e := range edits {
		changed += text[at:e.Start] + e.Text
		at = e.End
	}
	if edits == nil {
		return ""
	}
	return changed + text[at:]
}

func parse(t *testing.T, text string) *jsonpos.Value {
	t.Helper()
	doc, err := jsonpos.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &doc.Root
}

func TestName(t *testing.T) {
	for text, want := range map[string]string{
		`{"api_key": "x"}`:                `{"apiKey": "x"}`,
		`{"API KEY": "x", "type": "y"}`:   `{"apiKey": "x", "type": "y"}`,
		`{"api_key": "x", "apiKey": "y"}`: "", // one of them is lost
		`{"api_key": "x", "apikey": "y"}`: "",
		`{"apiKye": "x"}`:                 "", // other letters are a guess
	} {
		root := parse(t, text)
		if got := apply(text, correction.Name(root, &root.Members[0], "apiKey")); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// Name does not search the object if the names differ in more than case and separators: a payload can have many such
// names. Without an object, a search panics.
func TestNameWithoutSearch(t *testing.T) {
	for name, target := range map[string]string{"apiKeys": "apiKey", "k1": "", "_": "", "- ": "", "": ""} {
		if edits := correction.Name(nil, &jsonpos.Member{Name: name}, target); edits != nil {
			t.Errorf("%q to %q: %v", name, target, edits)
		}
	}
}

func TestAllowed(t *testing.T) {
	region := types.Of(schemas.V2).ByName["DATADOG"].Payload.Lookup("region")
	allowed := []string{"US", "EU", "US3", "AP_1"}
	for text, want := range map[string]string{
		`"us"`:     `"US"`,
		`" ap-1 "`: `"AP_1"`,
		`"US1"`:    `"US"`, // an alias
		`"UK"`:     "",
		`""`:       "",
		`3`:        "",
		`["us"]`:   "",
	} {
		if got := apply(text, correction.Allowed(parse(t, text), allowed, region)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	if got := correction.Allowed(parse(t, `"us"`), []string{"US", "U_S"}, nil); got != nil {
		t.Errorf("of two values that it may mean, it chose %v", got)
	}
}

func TestUnquote(t *testing.T) {
	for text, want := range map[string]string{`"true"`: "true", `"12"`: "12", `"-1"`: "-1", `"01"`: "", `"+1"`: ""} {
		if got := apply(text, correction.Unquote(parse(t, text))); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	for _, c := range []struct {
		kind, text string
		want       bool
	}{
		{"boolean", "false", true}, {"boolean", "False", false}, {"boolean", "1", false}, {"integer", "12", true}, {"integer", "1.5", false},
		{"integer", "1234567890123456", false}, {"string", "true", false},
	} {
		if got := correction.IsLiteral(c.kind, c.text); got != c.want {
			t.Errorf("%s %s: got %t", c.kind, c.text, got)
		}
	}
}

func TestTrim(t *testing.T) {
	for text, want := range map[string]string{
		`" a "`:                     `"a"`,
		`"\t\u0020a\"b\\\n"`:        `"a\"b\\"`,
		`"` + "\u00a0" + `a\u00a0"`: `"a"`,
		`"a"`:                       "",
		`"  "`:                      "", // nothing would be left
		`" a b "`:                   "", // which of them is surplus?
		`" \ud83d\ude00"`:           `"\ud83d\ude00"`,
	} {
		if got := apply(text, correction.Trim([]byte(text), parse(t, text))); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
