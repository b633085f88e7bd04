package snippet

import (
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// Secrets finds the texts of a payload that must not be shown: those of secret and unknown fields with the names below
// them, and the values of references.
type Secrets struct {
	Expanded map[*jsonpos.Value]bool // values whose references were replaced
	Refers   func(text string) bool  // reports whether a text contains a reference
}

// Of returns the secret texts of a payload whose request body is the field.
func (s Secrets) Of(root *jsonpos.Value, payload *atlas.Field) []string {
	return s.in(root, payload, nil)
}

// Hider returns a Hider of the secret texts of a payload of a type, nil if it is unknown. There may be no payload.
func (s Secrets) Hider(root *jsonpos.Value, typ *atlas.Type) *redact.Hider {
	var list []string
	switch {
	case root == nil:
	case typ == nil:
		list = s.ofUnknown(root)
	default:
		list = s.Of(root, typ.Payload)
	}
	return redact.NewHider(list, IsPublic)
}

// IsPublic reports whether a text is a name or a value that every payload may have.
func IsPublic(text string) bool {
	return text == "true" || text == "false" || atlas.IsField(text) ||
		atlas.Find(schemas.V1, text) != nil || atlas.Find(schemas.V2, text) != nil
}

// ofUnknown returns the secret texts of a payload whose type is unknown: those of fields that are secret in any type.
func (s Secrets) ofUnknown(v *jsonpos.Value) (list []string) {
	for i := range v.Members {
		list = append(list, joined(v.Members[i].Name)...)
		if m := &v.Members[i]; isSecret(m.Name) {
			list = s.in(&m.Value, nil, list)
		} else {
			list = append(list, s.ofUnknown(&m.Value)...)
		}
	}
	for i := range v.Elements {
		list = append(list, s.ofUnknown(&v.Elements[i])...)
	}
	return list
}

// isSecret reports whether a field of some type with this name is secret.
func isSecret(name string) bool {
	for _, version := range []string{schemas.V1, schemas.V2} {
		for _, typ := range atlas.Types(version) {
			if f := typ.Payload.Lookup(name); f != nil && f.Secret != "" {
				return true
			}
		}
	}
	return false
}

func (s Secrets) in(v *jsonpos.Value, field *atlas.Field, list []string) []string {
	hidden := field == nil || field.Secret != ""
	switch v.Kind {
	case jsonpos.String:
		if s.Expanded[v] || hidden && !s.Refers(v.Text) {
			return append(list, secretParts(v.Text)...)
		}
	case jsonpos.Number:
		if hidden && len(v.Text) >= minSecretNumber {
			return append(list, v.Text)
		}
	case jsonpos.Object:
		for i := range v.Members {
			m := &v.Members[i]
			if hidden && !s.Refers(m.Name) { // YAML reads a password in braces as a name
				list = append(list, secretParts(m.Name)...)
			}
			list = append(list, joined(m.Name)...)
			list = s.in(&m.Value, memberField(field, v, m.Name), list)
		}
	case jsonpos.Array:
		for i := range v.Elements {
			list = s.in(&v.Elements[i], elementField(field), list)
		}
	}
	return list
}

// joined returns the value in a name such as apiKey:VALUE, as YAML reads a member without a space after its colon.
func joined(name string) []string {
	if i := strings.IndexAny(name, ":="); i > 0 && isSecret(name[:i]) {
		return secretParts(name[i+1:])
	}
	return nil
}

// memberField returns the field of a member of an object, nil if it is unknown.
func memberField(field *atlas.Field, object *jsonpos.Value, name string) *atlas.Field {
	if field == nil {
		return nil
	}
	variant := field.Variant(func(tag string) string {
		if m := object.Member(tag); m != nil {
			return m.Value.Text
		}
		return ""
	})
	if variant != nil {
		field = variant
	}
	return field.Lookup(name)
}

// elementField returns the field of the elements of an array, nil if it is unknown.
func elementField(field *atlas.Field) *atlas.Field {
	if field == nil {
		return nil
	}
	return field.Items
}

// minSecretNumber is the length of the shortest number that may be a secret. Shorter ones are counts.
const minSecretNumber = 4

// secretParts returns a text, or the parts of a URL that may be secret: a policy about hosts may name the host. Texts
// of a schema are shown on one line, so the parts are also returned in that form.
func secretParts(text string) (parts []string) {
	_, rest, isURL := strings.Cut(text, "://")
	if !isURL {
		return withLine(text, nil)
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	if i := strings.LastIndex(host, "@"); i >= 0 {
		parts = append(parts, host[:i])
		for part := range strings.SplitSeq(host[:i], ":") {
			parts = withLine(part, parts)
		}
	}
	parts = withLine(path, parts)
	for _, segment := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/?#&=", r) }) {
		if strings.ContainsAny(segment, "0123456789") { // others are words, which hosts have too
			parts = withLine(segment, parts)
		}
	}
	return parts
}

// withLine appends a text and, if that differs, the text on one line.
func withLine(text string, list []string) []string {
	list = append(list, text)
	if line := redact.Line(text); line != text {
		list = append(list, line)
	}
	return list
}
