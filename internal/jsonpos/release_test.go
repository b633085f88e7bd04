package jsonpos

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReleaseForgets looks into a parser that waits to be used again: nothing
// of a document may be left in it, finished or not.
func TestReleaseForgets(t *testing.T) {
	for _, data := range []string{
		`{"a":[{"b":"c","b":[1]}],"a":1}`,
		`{"a":1,"b":[1,"c",{"d":1,"e":`,
		`[[1,{"a":[2,[{"b":`,
	} {
		p := new(parser)
		p.reset([]byte(data))
		if root, err := p.document(); err == nil {
			duplicates(&root, &p.path)
		}
		p.release()
		if p.data != nil || p.text != "" {
			t.Errorf("%s: the text is left: %q %q", data, p.data, p.text)
		}
		if n := len(p.members) + len(p.elements); n > 0 {
			t.Errorf("%s: %d members and elements are left", data, n)
		}
		if p.path != [MaxDepth]pathStep{} {
			t.Errorf("%s: the path is left", data)
		}
		checkEmpty(t, p.members[:cap(p.members)])
		checkEmpty(t, p.elements[:cap(p.elements)])
	}
}

func checkEmpty[T any](t *testing.T, list []T) {
	t.Helper()
	for i := range list {
		if diff := cmp.Diff(*new(T), list[i]); diff != "" {
			t.Errorf("something is left (-want +got):\n%s", diff)
		}
	}
}
