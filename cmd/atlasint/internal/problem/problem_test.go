package problem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// The kind is that of the outermost problem: a function may state that a missing file is wrong input.
func TestKindOf(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want problem.Kind
	}{
		"nil":                        {nil, problem.None},
		"nil of a kind":              {problem.Of(problem.Input, nil), problem.None},
		"a finding":                  {problem.Findingf("stale"), problem.Finding},
		"input":                      {problem.Inputf("no path"), problem.Input},
		"a failure":                  {problem.Failuref("can't read"), problem.Failure},
		"printed":                    {problem.Printed(problem.Finding), problem.Finding},
		"without a kind":             {fs.ErrNotExist, problem.Failure},
		"wrapped":                    {fmt.Errorf("a.json: %w", problem.Inputf("no path")), problem.Input},
		"a failure as input":         {problem.Inputf("a.json: %w", problem.Failuref("can't read")), problem.Input},
		"a finding in another error": {problem.Worded("stale", problem.Findingf("old")), problem.Finding},
	} {
		if got := problem.KindOf(tc.err); got != tc.want {
			t.Errorf("%s: kind %d, want %d", name, got, tc.want)
		}
	}
}

// Each error wraps its cause, whatever its text is.
func TestErrorsWrapTheirCause(t *testing.T) {
	missing := &fs.PathError{Op: "open", Path: "secret", Err: fs.ErrNotExist}
	const text = "can't read a.json: file does not exist; check the path"
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"Findingf": {problem.Findingf("can't read a.json: %w", problem.Cause(missing)), text},
		"Inputf":   {problem.Inputf("can't read a.json: %w", problem.Cause(missing)), text},
		"Failuref": {problem.Failuref("can't read a.json: %w", problem.Cause(missing)), text},
		"Of":       {problem.Of(problem.Input, missing), "open secret: file does not exist"},
		"Worded":   {problem.Worded("no plan", missing), "no plan"},
		"Cause":    {problem.Cause(missing), "file does not exist; check the path"},
		"Output":   {problem.Output(missing), "can't write the output: file does not exist; check the path"},
		"Output, consequences": {
			problem.Output(missing, "nothing was sent"), "can't write the output: file does not exist; check the path; nothing was sent",
		},
		"Report": {problem.Report(missing), "can't write the report: file does not exist; check the path"},
	} {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		var path *fs.PathError
		if !errors.As(tc.err, &path) || path != missing {
			t.Errorf("%s does not wrap its cause", name)
		}
	}
}
