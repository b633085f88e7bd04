package apply

import (
	"errors"
	"net/http"

	"github.com/atlasint/atlasint/client"
)

// stopReason is why a run ended early, and the next step of the user.
type stopReason struct{ text, next string }

const (
	denied     = "Atlas denied access"
	noProject  = "the project does not exist"
	addAddress = "add the IP address of this machine to the API access list of the credentials, and run the command again"
	checkID    = "check the project ID, and run the command again"
	addProject = "give the credentials a role in the project, and run the command again"
	giveRole   = "give the credentials the role Project Owner, and run the command again"
)

// codeReasons are the reasons of the codes that every other change of the project would get too. A code that is not
// listed has the reason of its HTTP status.
var codeReasons = map[client.Code]stopReason{
	client.ErrProjectNotFound:                {noProject, checkID},
	"INVALID_GROUP_ID":                       {noProject, checkID},
	"NOT_ATLAS_GROUP":                        {"the project is not one of Atlas", checkID},
	"INVALID_ATLAS_GROUP":                    {"the project is faulty in Atlas", "contact MongoDB support"},
	"IP_ADDRESS_NOT_ON_ACCESS_LIST":          {denied, addAddress},
	"IP_ADDRESS_NOT_ON_WHITELIST":            {denied, addAddress},
	"NOT_IN_GROUP":                           {denied, addProject},
	"USER_CANNOT_ACCESS_GROUP":               {denied, addProject},
	"USER_UNAUTHORIZED":                      {denied, giveRole},
	"ACCESS_FORBIDDEN":                       {denied, giveRole},
	"NO_CURRENT_USER":                        {denied, "check the credentials, and run the command again"},
	"FEATURE_UNSUPPORTED":                    {}, // of one payload: the others may succeed
	"WRITES_NOT_ALLOWED_DURING_APP_UPGRADES": {"Atlas accepts no changes during an upgrade", "run the command again later"},
}

// endsAll returns why the next request would also fail; the zero value if it may succeed.
func endsAll(err error) stopReason {
	var lost *client.TransportError
	var apiErr *client.APIError
	if errors.As(err, &apiErr) {
		if reason, ok := codeReasons[apiErr.Code]; ok {
			return reason
		}
	}
	switch {
	case errors.Is(err, errChanged):
		return stopReason{"the plan is out of date", "write and review a new plan"}
	case errors.As(err, &lost):
		return stopReason{"the connection to the server failed", "run the command again when the server responds"}
	case apiErr == nil:
		return stopReason{}
	case apiErr.Status == http.StatusUnauthorized, apiErr.Status == http.StatusForbidden:
		return stopReason{denied, "check the credentials and their role in the project, and run the command again"}
	case apiErr.Status == http.StatusTooManyRequests:
		return stopReason{"Atlas limits the requests", "wait a minute, and run the command again"}
	}
	return stopReason{}
}
