package validate

import (
	"slices"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// keyword is what a schema refuses a value by.
type keyword string

const (
	accepted         keyword = ""
	keywordType      keyword = "type"
	keywordConst     keyword = "const"
	keywordEnum      keyword = "enum"
	keywordPattern   keyword = "pattern"
	keywordMinLength keyword = "minLength"
	keywordMaxLength keyword = "maxLength"
)

// accepts tells that a payload meets the type's schema. It is one pass over the members, since nothing is
// wrong with most payloads; where it says false, explain finds what is wrong. That both say what the
// schema says is held by TestSameVerdictAsSchemas and FuzzSameVerdict, with schema libraries as judges.
func (t *typeSchema) accepts(root *jsonpos.Value) bool {
	var present uint64
	for i := range root.Members {
		m := &root.Members[i]
		f := t.fields[m.Name]
		// A field that occurs twice is left to explain, for which the last counts.
		if f == nil || f.ReadOnly || f.mask&present != 0 || f.refusal(&m.Value) != accepted {
			return false
		}
		present |= f.mask
	}
	return present == t.required
}

// refusal is the first keyword of the field's schema that the value does not meet.
func (f *field) refusal(v *jsonpos.Value) keyword {
	switch {
	case v.Kind == jsonpos.String && f.Kind == "string":
		return f.refusalOfText(v.Text)
	case v.Kind == jsonpos.Bool && f.Kind == "boolean", v.Kind == jsonpos.Null && f.Nullable:
		return accepted
	default:
		return keywordType
	}
}

func (f *field) refusalOfText(s string) keyword {
	switch {
	case f.Const != "" && s != f.Const:
		return keywordConst
	case f.Enum != nil && !slices.Contains(f.Enum, s):
		return keywordEnum
	case f.pattern != nil && !f.pattern.matches(s):
		return keywordPattern
	case f.MinLength > 0 && utf8.RuneCountInString(s) < f.MinLength:
		return keywordMinLength
	case f.MaxLength > 0 && utf8.RuneCountInString(s) > f.MaxLength:
		return keywordMaxLength
	default:
		return accepted
	}
}
