package ordered_test

import (
	"encoding/json"
	"testing"

	"github.com/atlasint/atlasint/internal/ordered"
)

func TestIndent(t *testing.T) {
	got, err := ordered.Indent(ordered.Object{
		{Name: "b", Value: "<&>"},
		{Name: "a", Value: ordered.Object{{Name: "\"z\"", Value: nil}, {Name: "y", Value: []any{1, ordered.Object{}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "b": "<&>",
  "a": {
    "\"z\"": null,
    "y": [
      1,
      {}
    ]
  }
}
`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	if _, err := ordered.Indent(ordered.Object{{Name: "f", Value: func() {}}}); err == nil {
		t.Error("no error for a value that is no JSON")
	}
}

func TestParse(t *testing.T) {
	const text = "{\"b\":[1.50,{}],\"a\":{\"z\":null,\"y\":true},\"c\":\"\\u00e9\"}"
	value, err := ordered.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(value); err != nil || string(got) != "{\"b\":[1.50,{}],\"a\":{\"z\":null,\"y\":true},\"c\":\"é\"}" {
		t.Errorf("got %s, %v", got, err)
	}
	object := value.(ordered.Object)
	if object.Get("c") != "é" || object.Get("d") != nil {
		t.Errorf("c is %v and d is %v", object.Get("c"), object.Get("d"))
	}
	for _, bad := range []string{"", "{", "[1", "{}{}", "{}}", "1]", "nul", `{"a":}`} {
		if _, err := ordered.Parse([]byte(bad)); err == nil {
			t.Errorf("no error for %q", bad)
		}
	}
}
