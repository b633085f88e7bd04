package cli

import (
	"errors"
	"fmt"
	"testing"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
)

func TestExitCodeOfErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want int
	}{
		"no problem":     {problem.Printed(problem.None), exit.OK},
		"a finding":      {problem.Findingf("stale"), exit.Findings},
		"input":          {problem.Inputf("no path"), exit.Usage},
		"a failure":      {problem.Failuref("can't read"), exit.Failure},
		"a wrapped kind": {fmt.Errorf("a.json: %w", problem.Findingf("stale")), exit.Findings},
		"no kind":        {errors.New("the script has another form"), exit.Failure},
	} {
		if got := exitCode(tc.err); got != tc.want {
			t.Errorf("%s: exit code %d, want %d", name, got, tc.want)
		}
	}
}

// Errors of cobra have no kind, and would be failures: each command has its own checks of arguments.
func TestWrongArgumentsAreInput(t *testing.T) {
	root := Tree()
	usage.RejectUnknown(root)
	checked := 0
	var check func(*cobra.Command)
	check = func(cmd *cobra.Command) {
		for _, args := range [][]string{{}, {"%1"}, {"%1", "%2", "%3"}} {
			if err := cmd.ValidateArgs(args); err != nil {
				checked++
				if kind := problem.KindOf(err); kind != problem.Input {
					t.Errorf("%s with %d arguments: kind %d, want %d: %v", cmd.CommandPath(), len(args), kind, problem.Input, err)
				}
			}
		}
		for _, sub := range cmd.Commands() {
			check(sub)
		}
	}
	check(root)
	if checked < 20 {
		t.Errorf("only %d errors were checked", checked)
	}
}
