package apply

import (
	"testing"

	"github.com/atlasint/atlasint/client"
)

// TestSendErrorNamesTheNextStep checks that the next step fits the cause: a permanent error is not "run it again".
func TestSendErrorNamesTheNextStep(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"rejected", &client.APIError{Status: 400, Code: "INVALID_ATTRIBUTE"}, "1 of 2 changes are missing; correct the errors, and run the command again"},
		{"payload", &client.PayloadError{Reason: "no"}, "1 of 2 changes are missing; correct the errors, and run the command again"},
		{"server error", &client.APIError{Status: 500}, "1 of 2 changes are missing; run the command again to make them"},
		{
			"network",
			&client.TransportError{},
			"the connection to the server failed: 1 of 2 changes are missing; run the command again when the server responds",
		},
		{
			"no project",
			&client.APIError{Status: 404, Code: client.ErrProjectNotFound},
			"the project does not exist: 1 of 2 changes are missing; check the project ID, and run the command again",
		},
		{
			"unauthorized",
			&client.APIError{Status: 401},
			"Atlas denied access: 1 of 2 changes are missing; check the credentials and their role in the project, and run the command again",
		},
		{
			"forbidden",
			&client.APIError{Status: 403},
			"Atlas denied access: 1 of 2 changes are missing; check the credentials and their role in the project, and run the command again",
		},
		{"rate limit", &client.APIError{Status: 429}, "Atlas limits the requests: 1 of 2 changes are missing; wait a minute, and run the command again"},
	} {
		e := &sendError{Errors: []error{c.err}, Missing: 1, Changes: 2, cause: endsAll(c.err)}
		if got := e.Error(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
