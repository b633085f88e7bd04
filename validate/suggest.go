package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/suggest"
)

// minPartial is the length of the shortest name that counts as a part of another one.
const minPartial = 3

// partialMatch returns the one candidate that a name is part of, or that is part of it, as "url" is of "webhookUrl":
// other APIs use such names. It returns "" if there is none, or more than one, and for the type and the id.
func partialMatch(name string, candidates []string) string {
	found, letters := "", strings.ToLower(name)
	if len(name) < minPartial || len(name) > suggest.MaxLength {
		return ""
	}
	for _, c := range candidates {
		part := strings.ToLower(c)
		if c == "type" || len(c) < minPartial || !strings.Contains(letters, part) && !strings.Contains(part, letters) {
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

// roleOf returns the role of a field by its name, "" if it has none.
func roleOf(name string) role {
	letters := lettersOf(name)
	for _, r := range roles {
		if slices.ContainsFunc(r.endings, func(ending string) bool { return strings.HasSuffix(letters, ending) }) {
			return r.role
		}
	}
	return ""
}

// renames returns the fields that the surplus fields of an object most likely mean, by the names of these. One whose
// name resembles no field's, such as integrationKey, means the one missing secret of the same role, if it is the
// first of its kind.
func renames(object *jsonpos.Value, field *atlas.Field) map[string]string {
	var surplus []string
	found, taken := map[string]string{}, map[string]bool{}
	for i := range object.Members {
		name := object.Members[i].Name
		if field.Lookup(name) != nil {
			taken[name] = true
			continue
		}
		if surplus = append(surplus, name); len(surplus) == maxFields {
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

// meantType returns the type that an unknown name most likely means, or "". Some are better known by the name
// of their service, as TEAMS or SPLUNK_ON_CALL.
func (v *Validator) meantType(name string) string {
	near, letters := suggest.Nearest(name, v.typeNames), lettersOf(name)
	for i := 0; near == "" && len(letters) >= minPartial && i < len(v.typeNames); i++ {
		if strings.Contains(lettersOf(v.types[v.typeNames[i]].Title), letters) {
			near = v.typeNames[i]
		}
	}
	return near
}

// lettersOf returns a name in lower case without separators.
func lettersOf(s string) string {
	return strings.ToLower(withoutSeparators.Replace(s))
}

var withoutSeparators = strings.NewReplacer("_", "", "-", "", " ", "")

// suggestion returns a hint for a name that does not exist: the nearest candidate, else all candidates.
func suggestion(name string, candidates []string) string {
	if near := suggest.Nearest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "it is one of " + list(candidates, "or")
}

// list joins names with commas and a conjunction: a, b or c.
func list(names []string, conjunction string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
}

func quoted(names []string, conjunction string) string {
	q := make([]string, len(names))
	for i, name := range names {
		q[i] = strconv.Quote(name)
	}
	return list(q, conjunction)
}

// article returns the name of a kind with its article; null has none.
func article(k jsonpos.Kind) string {
	if k == jsonpos.Null {
		return "null"
	}
	return withArticle(k.String())
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
