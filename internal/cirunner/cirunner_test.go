package cirunner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/cirunner"
)

func TestSamplesAreWorkflowCommands(t *testing.T) {
	samples := cirunner.Samples()
	if diff := cmp.Diff(samples, cirunner.Commands(strings.Join(samples, "\r\n"))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestOtherLinesAreNoCommands(t *testing.T) {
	for _, line := range []string{
		"", "a ::error::x", "::error: x", "::unknown::x", ":: error::x", `"::error::x`, ":\\:error::x",
		"##[error", "##[unknown]x", "# #[error]x", "##\\[error]x", "##vso[task]x", "##vso[a.b.c]x", "##VSO[task.complete]x", "vso[task.complete]",
		"##teamcity[ ]", "##teamcity[buildStop", "##teamcity\\[buildStop 'x']", "# #teamcity[buildStop 'x']", "teamcity[buildStop 'x']",
	} {
		if found := cirunner.Commands(line); len(found) > 0 {
			t.Errorf("%q is a command", line)
		}
	}
}

func TestBracketed(t *testing.T) {
	want := []string{"::error::##[group]x", "##vso[a.b]"}
	if diff := cmp.Diff(want, cirunner.Bracketed("::error::##[group]x\n##vso[a.b]\n::error::y\nz")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
