package atlas

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// MaskedField is a field of an integration that is safe to show: its value is of a kind that encoding/json decodes,
// with json.Number for numbers.
type MaskedField struct {
	Name  string
	Value any
}

// String returns name=value on one line, quoted if the value contains a space, a quote or an equals sign. It
// is empty if the field is unset.
func (f MaskedField) String() string {
	text := redact.Line(fmt.Sprint(f.Value))
	switch f.Value.(type) {
	case []any, map[string]any:
		data, _ := json.Marshal(f.Value) // it comes from JSON
		text = redact.Line(string(data))
	}
	switch {
	case f.Value == nil || f.Value == "":
		return ""
	case strings.ContainsAny(text, " =\""):
		text = fmt.Sprintf("%q", text)
	}
	return f.Name + "=" + text
}

// MaskedFields returns the fields of the integration doc, except its type and id: those of the API description in
// its order, then unknown ones by name. Secrets are masked, even if the server did not mask them. Of fields
// and types that the description lacks, anything could be a secret: only null, true and false are shown. An
// empty version means all API versions.
func MaskedFields(version, typ string, doc []byte) []MaskedField {
	values := Object(doc)
	delete(values, "type")
	delete(values, "id")
	var known, unknown []MaskedField
	for _, f := range described(version, typ) {
		value, there := values[f.Name]
		delete(values, f.Name)
		if there && f.Secret != schemas.MaskOmitted {
			known = append(known, MaskedField{f.Name, newField(&f).SafeValue(value)})
		}
	}
	for name, value := range values {
		unknown = append(unknown, MaskedField{redact.Line(redact.Plain(name)), harmless(value)})
	}
	slices.SortFunc(unknown, func(a, b MaskedField) int { return cmp.Compare(a.Name, b.Name) })
	return append(known, unknown...)
}

// described returns the fields of a type, each name once.
func described(version, typ string) (fields []schemas.Field) {
	for _, t := range schemas.Types {
		if t.Name != typ || version != "" && t.APIVersion != version {
			continue
		}
		for _, f := range t.Fields {
			if !slices.ContainsFunc(fields, func(o schemas.Field) bool { return o.Name == f.Name }) {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// masked returns a secret as [Mask] does. A text in which the client has hidden a credential has no mask.
func masked(how, s string) string {
	if !strings.Contains(s, redact.Hidden) {
		return Mask(how, s)
	}
	if shown, ok := origin(s); ok && how == schemas.MaskOrigin {
		return shown + "/" + redact.Hidden
	}
	return redact.Hidden
}

// SafeValue returns the value of a field in a form that is safe to show. In arrays and objects, too, secrets are masked
// and unknown members are hidden.
func (f *Field) SafeValue(value any) any {
	switch value := value.(type) {
	case string:
		if f.Secret != "" {
			return masked(f.Secret, value)
		}
		return value
	case json.Number:
		if f.Secret == "" {
			return value
		}
	case []any:
		if f.Items != nil {
			list := make([]any, len(value))
			for i, element := range value {
				list[i] = f.Items.SafeValue(element)
			}
			return list
		}
	case map[string]any:
		if f.Kind == "object" || f.Kind == "union" {
			return f.safeObject(value)
		}
	}
	return harmless(value)
}

func (f *Field) safeObject(value map[string]any) any {
	shown := make(map[string]any, len(value))
	for name, member := range value {
		switch child := f.VariantOf(value).Lookup(name); {
		case child == nil:
			shown[redact.Line(redact.Plain(name))] = harmless(member)
		case child.Secret != schemas.MaskOmitted:
			shown[name] = child.SafeValue(member)
		}
	}
	return shown
}

// harmless returns a value that can't be a secret, or [redact.Hidden].
func harmless(value any) any {
	switch value.(type) {
	case nil, bool:
		return value
	}
	return redact.Hidden
}
