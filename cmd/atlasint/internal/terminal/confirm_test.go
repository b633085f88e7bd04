package terminal_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
)

func TestConfirm(t *testing.T) {
	for answer, want := range map[string]bool{
		"y\n": true, "yes\n": true, " Yes \r\n": true, "Y": true,
		"": false, "\n": false, "n\n": false, "no\n": false, "yes please\n": false, "no\nyes\n": false, "1\n": false,
	} {
		var out strings.Builder
		if got := terminal.Confirm(strings.NewReader(answer), &out, "Go on?"); got != want {
			t.Errorf("the answer %q confirms: %t, want %t", answer, got, want)
		}
		question, end := strings.CutPrefix(out.String(), "Go on? [y/N] ")
		if ended := strings.HasSuffix(answer, "\n"); !end || (question == "") != ended {
			t.Errorf("the answer %q: it prints %q", answer, out.String())
		}
	}
	if terminal.CanConfirm(strings.NewReader("y\n")) {
		t.Error("a reader counts as a terminal")
	}
}
