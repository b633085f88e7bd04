package apply_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
)

func TestExitCode(t *testing.T) {
	rejected, busy, broken := &client.APIError{Status: 400}, &client.APIError{Status: 429}, &client.APIError{Status: 500}
	for name, tc := range map[string]struct {
		err           error
		reads, writes int // without and with a change
	}{
		"rejected":               {rejected, exit.Failure, exit.Findings},
		"wrapped":                {fmt.Errorf("sending: %w", rejected), exit.Failure, exit.Findings},
		"no project":             {&client.APIError{Status: 404, Code: "GROUP_NOT_FOUND"}, exit.Failure, exit.Failure},
		"sent, no project":       {&apply.SendError{Errors: []error{&client.APIError{Status: 404, Code: "GROUP_NOT_FOUND"}}}, exit.Failure, exit.Failure},
		"rate limit":             {busy, exit.Failure, exit.Failure},
		"server error":           {broken, exit.Failure, exit.Failure},
		"network":                {&client.TransportError{}, exit.Failure, exit.Failure},
		"usage":                  {&client.UsageError{}, exit.Usage, exit.Usage},
		"payload":                {&client.PayloadError{}, exit.Findings, exit.Findings},
		"changed since review":   {apply.ErrChanged, exit.Findings, exit.Findings},
		"prune, paths":           {&apply.PruneError{}, exit.Usage, exit.Usage},
		"prune, findings":        {&apply.PruneError{Findings: true}, exit.Findings, exit.Findings},
		"sent, some rejected":    {&apply.SendError{Errors: []error{rejected}}, exit.Findings, exit.Findings},
		"sent, one server error": {&apply.SendError{Errors: []error{rejected, broken, rejected}}, exit.Failure, exit.Failure},
		"stopped":                {&apply.SendError{Stopped: true, Errors: []error{rejected}}, exit.Failure, exit.Failure},
		"other":                  {errors.New("other"), exit.Failure, exit.Failure},
	} {
		if reads, writes := apply.ExitCode(tc.err, false), apply.ExitCode(tc.err, true); reads != tc.reads || writes != tc.writes {
			t.Errorf("%s: exit codes %d and %d, want %d and %d", name, reads, writes, tc.reads, tc.writes)
		}
	}
}
