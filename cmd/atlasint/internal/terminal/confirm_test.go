package terminal_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
)

func TestConfirmAcceptsYes(t *testing.T) {
	for reply, want := range map[string]bool{
		"y\n": true, "yes\n": true, " Yes \r\n": true, "Y": true,
		"": false, "\n": false, "n\n": false, "no\n": false, "yes please\n": false, "no\nyes\n": false, "1\n": false,
	} {
		var out strings.Builder
		if got := terminal.Confirm(strings.NewReader(reply), &out, "Go on?"); got != want {
			t.Errorf("the reply %q confirms: %t, want %t", reply, got, want)
		}
		question, end := strings.CutPrefix(out.String(), "Go on? [y/N] ")
		if ended := strings.HasSuffix(reply, "\n"); !end || (question == "") != ended {
			t.Errorf("the reply %q: it prints %q", reply, out.String())
		}
	}
	if terminal.CanConfirm(strings.NewReader("y\n")) {
		t.Error("a reader counts as a terminal")
	}
}
