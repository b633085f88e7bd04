package editor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// omission is a field with a value that a payload leaves out.
type omission struct{ name, reason string }

// The reasons for leaving out a field.
const (
	unknownField = "this version does not support it"
	unknownValue = "this version does not accept its value"
	maskedField  = "Atlas returned it masked"
	linkedField  = "Atlas rejects an update that changes it in a workspace linked by OAuth2; " +
		"move the payload to a folder of its own and validate it with --for update"
)

// payloadOf returns a payload for an integration that an update accepts. It has references in place of masked values,
// and omits the fields that only Atlas sets. It also returns the other omitted fields.
func payloadOf(t *schemas.Type, in client.Integration) (payload []byte, leftOut []omission) {
	values := atlas.Object(in.JSON)
	object := atlas.Find(t.APIVersion, t.Name).Payload
	var doc bytes.Buffer
	out := redact.NewWriter(&doc, redact.EscapeJSON) // the file may be printed later
	separator := "{\n"
	for _, f := range t.Fields {
		value, there := values[f.Name]
		isNone := value == nil || value == ""
		delete(values, f.Name)
		if slices.Contains(in.Hidden, f.Name) && f.Secret == "" {
			continue // the command has reported it
		}
		field, ok := payloadField(t.Name, object.Lookup(f.Name), value, there)
		if isNone && slices.Contains(t.OAuthFields, f.Name) { // an update needs one of these fields
			field, ok = []byte("null"), true
		}
		if !ok {
			continue
		}
		if reason := unsendable(t, &f, value, field); reason == "" {
			fmt.Fprintf(out, "%s  %q: %s", separator, f.Name, field)
			separator = ",\n"
		} else if !isNone {
			leftOut = append(leftOut, omission{f.Name, reason})
		}
	}
	fmt.Fprint(out, "\n}\n")
	for name, value := range values {
		if value != nil && name != "links" {
			leftOut = append(leftOut, omission{name, unknownField})
		}
	}
	slices.SortFunc(leftOut, func(a, b omission) int { return strings.Compare(a.name, b.name) })
	return redact.UnprintableInJSON(doc.Bytes()), leftOut
}

// unsendable returns why an update can't send a field that Atlas returned with that value, "" if it can. The doc is
// its value in a payload, nil if it has none.
func unsendable(t *schemas.Type, f *schemas.Field, value any, doc []byte) string {
	text, _ := value.(string)
	switch {
	case doc == nil:
		return unknownField
	case t.OAuthFields != nil && f.Const == "" && !slices.Contains(t.OAuthFields, f.Name):
		return linkedField
	case f.Secret == "" && strings.HasPrefix(text, "****"):
		return maskedField
	case !accepted(t, f.Name, doc):
		return unknownValue
	}
	return ""
}

// accepted reports whether validate has no error about a field with that value.
func accepted(t *schemas.Type, name string, value []byte) bool {
	v, err := validate.New(validate.Options{APIVersion: t.APIVersion, Operation: validate.Update})
	if err != nil {
		return false
	}
	findings := v.Check(t.Name, fmt.Appendf(nil, `{"type":%q,%q:%s}`, t.Name, name, value))
	return !slices.ContainsFunc(findings, func(f validate.Finding) bool {
		return f.Severity == validate.Error && f.Rule != "duplicate-key" // of the field type
	})
}

// payloadField returns the value of a field in a payload; false if the payload omits it. It returns nil for a value of
// another type than the field's: it may contain secrets that nothing marks as such.
func payloadField(typeName string, f *atlas.Field, value any, there bool) (doc []byte, ok bool) {
	text, isText := value.(string)
	unset := !there || value == nil || value == ""
	switch {
	case f.ReadOnly, f.Name == "id":
		return nil, false
	case f.Secret == schemas.MaskOmitted, f.Secret != "" && (!unset || f.Required), isText && isReference(text):
		return fmt.Appendf(nil, "%q", reference(typeName, f.Name)), true
	case unset && f.Required && f.Nullable:
		return []byte("null"), true
	case unset:
		return nil, false
	case !hasKind(f.Kind, value):
		return nil, true
	}
	doc, err := json.Marshal(withReferences(typeName, f, value))
	return doc, err == nil
}

func hasKind(kind string, value any) bool {
	switch value.(type) {
	case string:
		return kind == "string"
	case bool:
		return kind == "boolean"
	case json.Number:
		return kind == "integer" || kind == "number"
	case []any:
		return kind == "array"
	case map[string]any:
		return kind == "object" || kind == "union"
	}
	return false
}

// withReferences replaces the secrets in an array or an object by references, and omits unknown fields.
func withReferences(typeName string, f *atlas.Field, value any) any {
	switch value := value.(type) {
	case string:
		if f.Secret != "" || isReference(value) {
			return reference(typeName, f.Name)
		}
	case []any:
		var list []any
		for _, element := range value {
			if f.Items != nil {
				list = append(list, withReferences(typeName, f.Items, element))
			}
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, member := range value {
			if child := f.VariantOf(value).Lookup(name); child != nil && !child.ReadOnly && hasKind(child.Kind, member) {
				object[name] = withReferences(typeName, child, member)
			}
		}
		return object
	}
	return value
}

// isReference reports whether a stored text would be expanded as a reference in a payload.
func isReference(text string) bool {
	return strings.Contains(text, "${env:") || strings.Contains(text, "${file:")
}
