package cli

import (
	"errors"
	"fmt"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

func TestExitCodeOfErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want int
	}{
		"no problem":        {problem.Printed(problem.None), exit.OK},
		"a finding":         {problem.Findingf("stale"), exit.Findings},
		"input":             {problem.Inputf("no path"), exit.Usage},
		"a failure":         {problem.Failuref("can't read"), exit.Failure},
		"a wrapped kind":    {fmt.Errorf("a.json: %w", problem.Findingf("stale")), exit.Findings},
		"an error of cobra": {errors.New("unknown shorthand flag"), exit.Usage},
	} {
		if got := exitCode(tc.err); got != tc.want {
			t.Errorf("%s: exit code %d, want %d", name, got, tc.want)
		}
	}
}
