// Package wire has the HTTP forms of the Atlas API: its paths, API versions, limits of bodies, errors, envelopes, pages
// and JSON. It has no state.
package wire

import (
	"net/http"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Target is the object of a request, derived from its method and path alone: requests without a route have one as
// well. Project and Type are as sent, and may be invalid.
type Target struct {
	Operation, APIVersion, Project, Type string

	Integrations bool // the path is of a project's integrations, with any method

	// Bucket names the token bucket of the request, and Limit is its capacity if it is another one than that of
	// integrations. Requests that the API does not have have no bucket.
	Bucket string
	Limit  int
}

// OtherOperation is the operation of requests that the API does not have.
const OtherOperation = "other"

// TargetOf returns the target of a method and a path, decoded by [DecodedPath].
func TargetOf(method, path string) Target {
	switch path {
	case OAuthPath + "token":
		return Target{Operation: verb(method, map[string]string{http.MethodPost: "token"})}
	case OAuthPath + "revoke":
		return Target{Operation: verb(method, map[string]string{http.MethodPost: "revoke"})}
	}
	t := Target{Operation: OtherOperation, APIVersion: APIVersionOf(path)}
	whole, ok := strings.CutPrefix(path, prefixOf(t.APIVersion))
	if t.APIVersion == "" || !ok {
		return t
	}
	rest, inProject := strings.CutPrefix(whole, "groups/")
	if inProject && !strings.HasPrefix(path, ByNamePath) {
		t.Project, rest, _ = strings.Cut(rest, "/")
	}
	if typ, ok := strings.CutPrefix(rest, "integrations/"); inProject && rest == "integrations" {
		t.Integrations, t.Bucket = true, t.Project
		t.Operation = verb(method, onAll)
	} else if inProject && ok && typ != "" && !strings.Contains(typ, "/") {
		t.Integrations, t.Bucket = true, t.Project
		t.Type, t.Operation = typ, verb(method, onOne)
	} else if t.APIVersion == schemas.V2 {
		t.companionOf(method, whole)
	}
	return t
}

// The operations by method, on all integrations of a project and on one.
var (
	onAll = map[string]string{http.MethodGet: "list", http.MethodHead: "list"}
	onOne = map[string]string{
		http.MethodGet: "get", http.MethodHead: "get", http.MethodPost: "create", http.MethodPut: "update", http.MethodDelete: "delete",
	}
)

func verb(method string, known map[string]string) string {
	if name, ok := known[method]; ok {
		return name
	}
	return OtherOperation
}

func prefixOf(apiVersion string) string {
	if apiVersion == schemas.V1 {
		return prefixV1
	}
	return prefixV2
}

// The beginnings of all paths of an API.
const (
	prefixV1  = "/api/atlas/v1.0/"
	prefixV2  = "/api/atlas/v2/"
	OAuthPath = "/api/oauth/"
)

// APIVersionOf returns the API version of a path, empty if it has none.
func APIVersionOf(path string) string {
	switch {
	case strings.HasPrefix(path, prefixV2):
		return schemas.V2
	case strings.HasPrefix(path, prefixV1):
		return schemas.V1
	default:
		return ""
	}
}

// MatchPath reports whether s matches a pattern, in which "*" matches any text.
func MatchPath(pattern, s string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	parts := strings.Split(rest, "*")
	for _, part := range parts[:len(parts)-1] {
		_, after, found := strings.Cut(s, part)
		if !found {
			return false
		}
		s = after
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}
