package jsonpos_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

func TestKindString(t *testing.T) {
	for kind, want := range map[jsonpos.Kind]string{
		jsonpos.Null: "null", jsonpos.Bool: "boolean", jsonpos.Number: "number",
		jsonpos.String: "string", jsonpos.Array: "array", jsonpos.Object: "object", 99: "invalid",
	} {
		if got := kind.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMember(t *testing.T) {
	root := parse(t, `{"a":1,"b":2,"a":3}`).Root
	if m := root.Member("a"); m == nil || m.Value.Text != "3" || m != &root.Members[2] {
		t.Errorf("got %+v, want the last member", m)
	}
	if m := root.Member("c"); m != nil {
		t.Errorf("got %+v, want nil", m)
	}
	if m := root.Members[0].Value.Member("a"); m != nil {
		t.Errorf("got %+v for a number, want nil", m)
	}
}

func TestAny(t *testing.T) {
	got := parse(t, `{"n":null,"b":[true,false],"x":-1.50e1,"s":"\u0041","o":{},"l":[],"x":2}`).Root
	want := map[string]any{
		"n": nil, "b": []any{true, false}, "x": json.Number("2"), "s": "A",
		"o": map[string]any{}, "l": []any{},
	}
	if diff := cmp.Diff(want, got.Any()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPointer(t *testing.T) {
	for _, test := range []struct {
		tokens []string
		want   string
	}{
		{nil, ""},
		{[]string{""}, "/"},
		{[]string{"a", "0", "b"}, "/a/0/b"},
		{[]string{"~1/~", "é \""}, "/~01~1~0/é \""},
	} {
		if got := jsonpos.Pointer(test.tokens...); got != test.want {
			t.Errorf("%q: got %q, want %q", test.tokens, got, test.want)
		}
	}
}
