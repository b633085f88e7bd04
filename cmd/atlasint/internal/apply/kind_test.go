package apply_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

func TestKindOf(t *testing.T) {
	rejected, busy, broken := &client.APIError{Status: 400}, &client.APIError{Status: 429}, &client.APIError{Status: 500}
	for name, tc := range map[string]struct {
		err           error
		reads, writes problem.Kind // without and with a change
	}{
		"rejected":               {rejected, problem.Failure, problem.Finding},
		"wrapped":                {fmt.Errorf("sending: %w", rejected), problem.Failure, problem.Finding},
		"no project":             {&client.APIError{Status: 404, Code: "GROUP_NOT_FOUND"}, problem.Failure, problem.Failure},
		"sent, no project":       {&apply.SendError{Errors: []error{&client.APIError{Status: 404, Code: "GROUP_NOT_FOUND"}}}, problem.Failure, problem.Failure},
		"rate limit":             {busy, problem.Failure, problem.Failure},
		"server error":           {broken, problem.Failure, problem.Failure},
		"network":                {&client.TransportError{}, problem.Failure, problem.Failure},
		"usage":                  {&client.UsageError{}, problem.Input, problem.Input},
		"payload":                {&client.PayloadError{}, problem.Finding, problem.Finding},
		"changed since review":   {apply.ErrChanged, problem.Finding, problem.Finding},
		"input":                  {problem.Inputf("no folder"), problem.Input, problem.Input},
		"finding":                {problem.Findingf("warnings"), problem.Finding, problem.Finding},
		"sent, some rejected":    {&apply.SendError{Errors: []error{rejected}}, problem.Finding, problem.Finding},
		"sent, one server error": {&apply.SendError{Errors: []error{rejected, broken, rejected}}, problem.Failure, problem.Failure},
		"stopped":                {&apply.SendError{Stopped: true, Errors: []error{rejected}}, problem.Failure, problem.Failure},
		"other":                  {errors.New("other"), problem.Failure, problem.Failure},
	} {
		if reads, writes := apply.KindOf(tc.err, false), apply.KindOf(tc.err, true); reads != tc.reads || writes != tc.writes {
			t.Errorf("%s: kinds %d and %d, want %d and %d", name, reads, writes, tc.reads, tc.writes)
		}
	}
}
