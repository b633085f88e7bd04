package auth

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/access"
	"github.com/atlasint/atlasint/internal/atlas"
)

// Account is an API key or a service account.
type Account struct {
	User       string // the public key or the client ID, which is not empty
	Secret     string
	Role       access.Role
	AccessList access.List
}

// isUnlimited reports whether the account may do everything from everywhere.
func (a *Account) isUnlimited() bool { return a.Role == access.OrgOwner && len(a.AccessList) == 0 }

// HasBuiltIn reports whether the accounts have the user with this secret. Use it for built-in credentials only, which
// are public: it does not compare the secret in constant time.
func HasBuiltIn(accounts []Account, user, secret string) bool {
	return slices.ContainsFunc(accounts, func(a Account) bool { return a.User == user && a.Secret == secret })
}

// Authorize returns the response to a request that the access list or the role of the account does not permit, nil for
// all others. Operation is that of [wire.Target].
func (a *Account) Authorize(r *http.Request, operation string) *wire.Error {
	if a == nameless || a.isUnlimited() {
		return nil
	}
	if len(a.AccessList) > 0 {
		if peer := access.Peer(r.RemoteAddr); !a.AccessList.Allows(peer) {
			return wire.NewError("IP_ADDRESS_NOT_ON_ACCESS_LIST", peer.String())
		}
	}
	switch {
	case r.Method == http.MethodGet, r.Method == http.MethodHead, r.Method == http.MethodOptions, r.Method == http.MethodTrace:
		return nil
	case operation == createProject && !a.Role.CanCreateProjects():
		return notCreator(r.Body)
	case !a.Role.CanWrite():
		return wire.NewError("USER_UNAUTHORIZED")
	}
	return nil
}

// createProject is the operation that creates projects.
const createProject = "createGroup"

// notCreator returns the response to a role that may not create projects. It contains the organization that the body of
// the request names.
func notCreator(body io.Reader) *wire.Error {
	var sent struct {
		OrgID string `json:"orgId"`
	}
	data, err := io.ReadAll(body)
	if err != nil || json.Unmarshal(data, &sent) != nil || !atlas.IsID(sent.OrgID) {
		return wire.NewError("USER_UNAUTHORIZED")
	}
	return wire.NewError("NOT_ORG_GROUP_CREATOR", sent.OrgID)
}
