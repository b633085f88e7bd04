package connection_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
)

func TestErrorText(t *testing.T) {
	wrong := &client.UsageError{Reason: "a reason", Hint: "set PlainHTTP", HintOption: "PlainHTTP"}
	lost := &client.TransportError{Reason: "a timeout", Hint: "set Timeout", HintOption: "Timeout"}
	own := &client.UsageError{Reason: "a reason", Hint: "a hint"}
	for _, tc := range []struct {
		err    error
		suffix string
	}{
		{wrong, "a reason; use https, or allow http with --plain-http"},
		{fmt.Errorf("stored: %w", wrong), "stored: a reason; use https, or allow http with --plain-http"},
		{fmt.Errorf("stored: %w", lost), "a timeout; try again, or allow more time with --timeout"},
		{own, "a reason; a hint"},
		{errors.New("other"), "other"},
	} {
		before := tc.err.Error()
		if got := connection.ErrorText(tc.err); !strings.HasSuffix(got, tc.suffix) {
			t.Errorf("got %q, want %q at the end", got, tc.suffix)
		}
		if tc.err.Error() != before {
			t.Errorf("the error changed from %q to %q", before, tc.err)
		}
	}
}
