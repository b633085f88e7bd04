package ordered_test

import (
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
