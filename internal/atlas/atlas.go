// Package atlas computes the facts that follow from the index in gen/schemas, each of them once: the types of an
// API version by name, defaults as values, unset values, masked secrets and the form of IDs.
//
// The tables are built on first use and are safe for concurrent use; callers don't change them.
package atlas

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/pattern"
)

// Type is one integration type of one API version.
type Type struct {
	*schemas.Type
	// Rank is the place of the type in lists, from 0.
	Rank int
	// Payload is the request body: an object.
	Payload *Field
}

// Field is one field of a type, at any depth. Its struct fields replace those of the index.
type Field struct {
	*schemas.Field
	// Default is what Atlas fills in, a string, a boolean or a [json.Number]; nil: nothing.
	Default any
	// Form is the pattern of the field, Disputed the one that real accounts break; nil: none.
	Form, Disputed *pattern.Pattern
	// Names are the names of the fields that a request may have, of an object.
	Names []string
	// Items is what each element of an array is.
	Items *Field
	// Variants are the objects of a union.
	Variants []*Field

	fields map[string]*Field
}

var (
	v1 = sync.OnceValue(func() *version { return newVersion(schemas.V1) })
	v2 = sync.OnceValue(func() *version { return newVersion(schemas.V2) })
)

type version struct {
	types  []*Type
	byName map[string]*Type
}

func newVersion(name string) *version {
	v := &version{byName: map[string]*Type{}}
	for i := range schemas.Types {
		if t := &schemas.Types[i]; t.APIVersion == name {
			typ := NewType(t)
			typ.Rank = len(v.types)
			v.types = append(v.types, typ)
			v.byName[t.Name] = typ
		}
	}
	return v
}

func table(apiVersion string) *version {
	if apiVersion == schemas.V1 {
		return v1()
	}
	return v2()
}

// Types returns the types of an API version, v1.0 or v2, in the order in which Atlas lists them.
func Types(apiVersion string) []*Type { return table(apiVersion).types }

// Find returns a type of an API version by its name, nil if the version has none of that name.
func Find(apiVersion, name string) *Type { return table(apiVersion).byName[name] }

// Rank returns the place of a type in lists of both API versions, which order the types that they share in the same
// way. Types of v2 only come after those of v1.0, and unknown types last.
func Rank(name string) int {
	for i, version := range []string{schemas.V1, schemas.V2} {
		if t := Find(version, name); t != nil {
			return i*len(schemas.Types) + t.Rank
		}
	}
	return 2 * len(schemas.Types)
}

// TypeNames returns the names of the types of all API versions, sorted.
func TypeNames() []string {
	var names []string
	for i := range schemas.Types {
		names = append(names, schemas.Types[i].Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TypeName returns the name of the type that a user means: the name or the title of a type, in any case and with any
// separators. Of a title with parentheses, each part alone is enough. A text that fits no type is returned unchanged.
func TypeName(text string) string {
	letters := lettersOf(text)
	for i := range schemas.Types {
		t := &schemas.Types[i]
		title, other, _ := strings.Cut(t.Title, "(")
		for _, spelling := range []string{t.Name, t.Title, title, other} {
			if letters != "" && letters == lettersOf(spelling) {
				return t.Name
			}
		}
	}
	return text
}

// OtherVersion returns the API version that apiVersion is not.
func OtherVersion(apiVersion string) string {
	if apiVersion == schemas.V1 {
		return schemas.V2
	}
	return schemas.V1
}

// NewType computes the facts of one entry of an index.
func NewType(t *schemas.Type) *Type {
	return &Type{Type: t, Payload: newField(&schemas.Field{Kind: "object", Title: t.Title, Fields: t.Fields})}
}

func newField(f *schemas.Field) *Field {
	field := &Field{
		Field: f, Default: defaultOf(f), Form: pattern.New(f.Pattern), Disputed: pattern.New(f.DisputedPattern),
		fields: make(map[string]*Field, len(f.Fields)),
	}
	for i := range f.Fields {
		child := newField(&f.Fields[i])
		field.fields[child.Name] = child
		if !child.ReadOnly {
			field.Names = append(field.Names, child.Name)
		}
	}
	if f.Items != nil {
		field.Items = newField(f.Items)
	}
	for i := range f.Variants {
		field.Variants = append(field.Variants, newField(&f.Variants[i]))
	}
	return field
}

func defaultOf(f *schemas.Field) any {
	switch {
	case f.Default == "":
		return nil
	case f.Kind == "boolean":
		return f.Default == "true"
	case f.Kind == "integer" || f.Kind == "number":
		return json.Number(f.Default)
	}
	return f.Default
}

// Lookup returns the field of an object with that name, also one that only responses have; nil if there is none. Of
// a union it returns the field of one of the objects, a secret if it is one in any of them.
func (f *Field) Lookup(name string) *Field {
	found := f.fields[name]
	for _, variant := range f.Variants {
		if child := variant.Lookup(name); child != nil && (found == nil || child.Secret != "") {
			found = child
		}
	}
	return found
}

// Variant returns the object of a union whose constant field has the text that tag returns for its name; nil if
// there is none.
func (f *Field) Variant(tag func(name string) string) *Field {
	for _, variant := range f.Variants {
		for _, child := range variant.fields {
			if child.Const != "" && child.Const == tag(child.Name) {
				return variant
			}
		}
	}
	return nil
}

// VariantOf returns the object of a union that a decoded object is, or f itself if it matches none.
func (f *Field) VariantOf(object map[string]any) *Field {
	if variant := f.Variant(func(name string) string { text, _ := object[name].(string); return text }); variant != nil {
		return variant
	}
	return f
}

// Free reports whether a request chooses the value: neither the type nor the id, which Atlas ignores.
func (f *Field) Free() bool { return !f.ReadOnly && f.Const == "" && f.Name != "id" }

// Optional reports whether a payload may leave the field out. What responses never show is kept by updates only.
func (f *Field) Optional(update bool) bool {
	return !f.Required && (f.Secret != schemas.MaskOmitted || update)
}

// IsUnset reports whether responses show this value while the field is unset.
func (f *Field) IsUnset(value any) bool {
	return value == nil && f.Unset == "null" || value == "" && f.Unset == `""`
}

// Effective returns the value in effect: the default where value is empty. Values are those of
// encoding/json.
func (f *Field) Effective(value any) any {
	if IsEmpty(value) {
		return f.Default
	}
	return value
}

// IsEmpty reports whether a value is null or an empty text: in responses, both mean that the field is unset.
func IsEmpty(value any) bool { return value == nil || value == "" }

// MaskedValue returns a stored value as responses show it: secrets are masked, at any depth.
func (f *Field) MaskedValue(value any) any {
	switch value := value.(type) {
	case string:
		if f.Secret == "" {
			return value
		}
		return Mask(f.Secret, value)
	case map[string]any:
		return f.maskedObject(value)
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			if list[i] = element; f.Items != nil {
				list[i] = f.Items.MaskedValue(element)
			}
		}
		return list
	}
	return value
}

func (f *Field) maskedObject(value map[string]any) any {
	object := f.VariantOf(value)
	shown := make(map[string]any, len(value))
	for name, member := range value {
		child := object.Lookup(name)
		switch {
		case child == nil:
			shown[name] = member
		case child.Secret != schemas.MaskOmitted:
			shown[name] = child.MaskedValue(member)
		}
	}
	return shown
}

// RejectedType returns the entry of a type name that clients send and no API version serves, nil if there is
// none. It ignores case and separators.
func RejectedType(name string) *schemas.RejectedType {
	for i := range schemas.RejectedTypes {
		r := &schemas.RejectedTypes[i]
		ending, isEnding := strings.CutPrefix(r.Name, "*")
		if lettersOf(name) == lettersOf(r.Name) || isEnding && strings.HasSuffix(strings.ToUpper(name), ending) {
			return r
		}
	}
	return nil
}

func lettersOf(s string) string {
	return strings.ToLower(withoutSeparators.Replace(s))
}

var withoutSeparators = strings.NewReplacer("_", "", "-", "", " ", "", "(", "", ")", "")

// IsField reports whether a word is the name of a field of some type.
func IsField(word string) bool { return fieldNames()[word] }

var fieldNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for i := range schemas.Types {
		for j := range schemas.Types[i].Fields {
			names[schemas.Types[i].Fields[j].Name] = true
		}
	}
	return names
})
