package jsonpos

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPointer(t *testing.T) {
	tokens := rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune("a~/01é"))), 1, 4)
	rapid.Check(t, func(t *rapid.T) {
		want := tokens.Draw(t, "tokens")
		got := strings.Split(Pointer(want...), "/")[1:]
		for i, token := range got {
			got[i] = Unescape(token)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	if got := Pointer("a/b", "~1", "0"); got != "/a~1b/~01/0" {
		t.Errorf("got %s", got)
	}
}
