package cli_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outcome is the exit code of a command with its output.
type outcome struct {
	Code   int
	Stdout string
	Stderr string
}

// outcomeOf returns the results of run as one value.
func outcomeOf(code int, stdout, stderr string) outcome { return outcome{code, stdout, stderr} }

// wantOutcome checks the exit code and the whole output of a command.
func wantOutcome(t *testing.T, where string, want, got outcome) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", where, diff)
	}
}

// wantFailure checks the exit code of a command that fails without output, and that its diagnostics contain all parts.
func wantFailure(t *testing.T, where string, code int, got outcome, parts ...string) {
	t.Helper()
	if got.Code != code {
		t.Errorf("%s: exit code %d, want %d: %.500q", where, got.Code, code, got.Stderr)
	}
	if got.Stdout != "" {
		t.Errorf("%s: stdout is %.500q, want none", where, got.Stdout)
	}
	wantParts(t, where, got.Stderr, parts...)
}

// wantParts checks that a text contains all parts.
func wantParts(t *testing.T, where, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: %q is missing in %.2000q", where, part, text)
		}
	}
}

// wantNoParts checks that a text contains none of the parts.
func wantNoParts(t *testing.T, where, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s: %q is in %.2000q", where, part, text)
		}
	}
}
