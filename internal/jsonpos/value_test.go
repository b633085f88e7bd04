package jsonpos_test

import (
	"testing"

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
