package fakeatlas

import (
	"net/http"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
)

// target is what a request is about, told from its method and path alone: those that never reach a route
// have one too. The names in it are the client's own, and may be no project and no type at all.
type target struct {
	operation, generation, project, typ string

	integrations bool // the path is of a project's integrations, whatever the method
}

// otherOperation stands for what the API does not have.
const otherOperation = "other"

func targetOf(method, path string) target {
	switch path {
	case oauth + "token":
		return target{operation: verb(method, map[string]string{http.MethodPost: "token"})}
	case oauth + "revoke":
		return target{operation: verb(method, map[string]string{http.MethodPost: "revoke"})}
	}
	t := target{operation: otherOperation, generation: generationOf(path)}
	rest, ok := strings.CutPrefix(path, prefixOf(t.generation)+"groups/")
	if t.generation == "" || !ok {
		return t
	}
	project, rest, _ := strings.Cut(rest, "/")
	t.project = project
	if rest == "integrations" {
		t.integrations = true
		t.operation = verb(method, onAll)
	} else if typ, ok := strings.CutPrefix(rest, "integrations/"); ok && typ != "" && !strings.Contains(typ, "/") {
		t.integrations = true
		t.typ, t.operation = typ, verb(method, onOne)
	}
	return t
}

// What the methods do, to all integrations of a project and to one.
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
	return otherOperation
}

func prefixOf(generation string) string {
	if generation == schemas.V1 {
		return prefixV1
	}
	return prefixV2
}

const (
	prefixV1 = "/api/atlas/v1.0/"
	prefixV2 = "/api/atlas/v2/"
	oauth    = "/api/oauth/"
)

func generationOf(path string) string {
	switch {
	case strings.HasPrefix(path, prefixV2):
		return schemas.V2
	case strings.HasPrefix(path, prefixV1):
		return schemas.V1
	default:
		return ""
	}
}

// matches reads "*" in a pattern as any text.
func matches(pattern, s string) bool {
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
