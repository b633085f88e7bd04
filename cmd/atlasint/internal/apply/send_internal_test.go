package apply

import (
	"slices"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/schemas"
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
		{
			"access list",
			&client.APIError{Status: 403, Code: "IP_ADDRESS_NOT_ON_ACCESS_LIST"},
			"Atlas denied access: 1 of 2 changes are missing; add the IP address of this machine to the API access list of the credentials, and run the command again",
		},
		{
			"no role",
			&client.APIError{Status: 401, Code: "NOT_IN_GROUP"},
			"Atlas denied access: 1 of 2 changes are missing; give the credentials a role in the project, and run the command again",
		},
		{
			"upgrade",
			&client.APIError{Status: 405, Code: "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES"},
			"Atlas accepts no changes during an upgrade: 1 of 2 changes are missing; run the command again later",
		},
		{"rate limit", &client.APIError{Status: 429}, "Atlas limits the requests: 1 of 2 changes are missing; wait a minute, and run the command again"},
	} {
		e := &sendError{Errors: []error{c.err}, Missing: 1, Changes: 2, cause: endsAll(c.err)}
		if got := e.Error(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Every documented code that denies access or rejects the project has a reason of its own.
func TestCodesThatEndARunHaveReasons(t *testing.T) {
	for code := range codeReasons {
		if !slices.ContainsFunc(schemas.ErrorCodes, func(c schemas.ErrorCode) bool { return c.Code == string(code) }) {
			t.Errorf("%s is no documented code", code)
		}
	}
	for _, c := range schemas.ErrorCodes {
		hasAccess := c.Status == 401 || c.Status == 403 || c.Status == 405
		_, listed := codeReasons[client.Code(c.Code)]
		if hasAccess && !listed && c.Code != "NOT_ORG_GROUP_CREATOR" && c.Code != "CANNOT_CHANGE_GROUP_NAME" { // of organizations and projects
			t.Errorf("%s (%d) has no reason", c.Code, c.Status)
		}
	}
}
