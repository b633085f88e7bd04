package connection_test

import (
	"errors"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
)

func TestErrorTextHasHintOfCommand(t *testing.T) {
	wrong := &client.UsageError{Reason: "a reason", Hint: "set PlainHTTP", SuggestedOption: "PlainHTTP"}
	lost := &client.TransportError{Method: "GET", URL: "/", Reason: "a timeout", Hint: "set Timeout", SuggestedOption: "Timeout"}
	const unread = "the payload was stored, but the integration can't be read: "
	own := &client.UsageError{Reason: "a reason", Hint: "a hint"}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{wrong, "a reason; use https, or allow http with --plain-http"},
		{&client.UnreadError{Cause: wrong}, unread + "a reason; use https, or allow http with --plain-http"},
		{&client.UnreadError{Cause: own}, unread + "a reason; a hint"},
		{&client.UnreadError{Cause: lost}, unread + "GET /: a timeout; try again, or allow more time with --timeout"},
		{own, "a reason; a hint"},
		{errors.New("other"), "other"},
	} {
		before := tc.err.Error()
		for range 2 { // a text can be printed again
			if got := connection.ErrorText(tc.err); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		}
		if after := tc.err.Error(); after != before {
			t.Errorf("the error was changed from %q to %q", before, after)
		}
	}
}
