// Package controlapi has what servers and clients of the control API of the fake Atlas share: its path, and the codes
// of its errors.
package controlapi

// Prefix begins all paths of the control API.
const Prefix = "/_atlasint/"

// The codes of the errors that programs distinguish. Their texts are for people and may change.
const (
	TokenRequired = "token-required" // the request has no token, or a wrong one
	Forbidden     = "forbidden"      // the server does not accept such requests, for example from another machine
	StoreFailed   = "store-failed"   // the store rejects reads or writes
)
