package validate

import (
	"slices"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// accepts tells that a payload surely meets the type's schema, by the index that was made from the same
// document. It spares the schema library the many payloads with which nothing is wrong; false only means
// that the schema has to judge. FuzzAccepts holds it to never accepting what the schema refuses.
func (t *typeSchema) accepts(root *jsonpos.Value) bool {
	var present uint64
	for i := range root.Members {
		m := &root.Members[i]
		f := t.fields[m.Name]
		// A field that occurs twice is left to the schema, which sees the last.
		if f == nil || f.ReadOnly || f.mask&present != 0 || !f.accepts(&m.Value) {
			return false
		}
		present |= f.mask
	}
	return present == t.required
}

func (f *field) accepts(v *jsonpos.Value) bool {
	switch v.Kind {
	case jsonpos.Null:
		return f.Nullable
	case jsonpos.Bool:
		return f.Kind == "boolean"
	case jsonpos.String:
		return f.Kind == "string" && f.acceptsText(v.Text)
	default:
		return false
	}
}

func (f *field) acceptsText(s string) bool {
	switch {
	case f.Const != "":
		return s == f.Const
	case f.Enum != nil:
		return slices.Contains(f.Enum, s)
	case f.pattern != nil:
		return f.pattern.matches(s)
	case f.MinLength > 0 || f.MaxLength > 0:
		n := utf8.RuneCountInString(s)
		return n >= f.MinLength && (f.MaxLength == 0 || n <= f.MaxLength)
	default:
		return true
	}
}
