// Package rename finds the field that a wrong name most likely means.
package rename

import (
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/suggest"
)

// MaxFields is the number of unknown fields that are searched for a misspelled one. No payload has more.
const MaxFields = 64

// MinPartial is the length of the shortest name that counts as a part of another one.
const MinPartial = 3

// partialMatch returns the one candidate that a name is part of, or that is part of it, as "url" is of "webhookUrl":
// other APIs use such names. It returns "" if there is none, or more than one, and for the type and the id.
func partialMatch(name string, candidates []string) string {
	found, letters := "", strings.ToLower(name)
	if len(name) < MinPartial || len(name) > suggest.MaxLength {
		return ""
	}
	for _, c := range candidates {
		part := strings.ToLower(c)
		if c == "type" || len(c) < MinPartial || !strings.Contains(letters, part) && !strings.Contains(part, letters) {
			continue
		}
		if found != "" {
			return ""
		}
		found = c
	}
	return found
}

// meant returns the field that an unknown one most likely means, or "".
func meant(name string, fields []string) string {
	if near := suggest.Nearest(name, fields); near != "" {
		return near
	}
	if other := otherNames[Letters(name)]; slices.Contains(fields, other) {
		return other
	}
	return partialMatch(name, fields)
}

// A role is the purpose of a secret: users often confuse names with the same role.
type role string

// roles are the endings of names, and the role of a field with such a name.
var roles = []struct {
	role    role
	endings []string
}{
	{"key", []string{"key", "token", "secret", "credential", "credentials"}},
	{"password", []string{"password", "passwd", "passphrase", "pass", "pwd"}},
	{"url", []string{"url", "uri", "webhook", "endpoint", "hook", "address", "link"}},
}

// otherNames are the names that other APIs have for a field, without separators: Datadog calls its regions
// sites, other services data centers.
var otherNames = map[string]string{"site": "region", "datacenter": "region", "location": "region"}

// roleOf returns the role of a field by its name, "" if it has none.
func roleOf(name string) role {
	letters := Letters(name)
	for _, r := range roles {
		if slices.ContainsFunc(r.endings, func(ending string) bool { return strings.HasSuffix(letters, ending) }) {
			return r.role
		}
	}
	return ""
}

// Fields returns the field that each surplus field of an object most likely means, by the name of the surplus field. A
// name that resembles no field, such as integrationKey, means the only missing secret with the same role. If several
// names have that role, only the first one does.
func Fields(object *jsonpos.Value, field *atlas.Field) map[string]string {
	var surplus []string
	found, taken := map[string]string{}, map[string]bool{}
	for i := range object.Members {
		m := &object.Members[i]
		name := m.Name
		if field.Lookup(name) != nil {
			taken[name] = true
			continue
		}
		if hasValue(m) {
			continue
		}
		if surplus = append(surplus, name); len(surplus) == MaxFields {
			break
		}
	}
	for _, name := range surplus {
		if near := meant(name, field.Names); near != "" {
			found[name], taken[near] = near, true
		}
	}
	for _, name := range surplus {
		if near := missingSecret(field, roleOf(name), taken); found[name] == "" && near != "" {
			found[name], taken[near] = near, true
		}
	}
	return found
}

// hasValue reports whether the name of a member also has its value, as in {password:secret} and {password secret} of
// YAML. A new name would drop it.
func hasValue(m *jsonpos.Member) bool {
	return strings.ContainsAny(m.Name, ":=") || m.Value.Kind == jsonpos.Null && strings.ContainsAny(m.Name, " \t")
}

// missingSecret returns the one secret of that role that a payload needs and does not have, "" if there is none or
// more than one.
func missingSecret(field *atlas.Field, r role, taken map[string]bool) string {
	missing := ""
	for _, name := range field.Names {
		f := field.Lookup(name)
		needed := f.Required || f.MissingOnCreate != ""
		if r == "" || taken[name] || f.Secret == "" || !needed || roleOf(name) != r {
			continue
		}
		if missing != "" {
			return ""
		}
		missing = name
	}
	return missing
}

// Letters returns a name in lower case without separators.
func Letters(s string) string {
	return strings.ToLower(withoutSeparators.Replace(s))
}

var withoutSeparators = strings.NewReplacer("_", "", "-", "", " ", "")

// IsProject reports whether a field names the project of an integration, as Terraform, CloudFormation and the path
// of the API do.
func IsProject(name string) bool {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
	case "projectid", "groupid":
		return true
	}
	return false
}

// TypeField returns the field whose name most likely means type, nil if there is none.
func TypeField(root *jsonpos.Value) *jsonpos.Member {
	for i := range root.Members[:min(len(root.Members), MaxFields)] {
		if suggest.Nearest(root.Members[i].Name, []string{"type"}) != "" {
			return &root.Members[i]
		}
	}
	return nil
}
