// Package surplus explains the fields of a payload that its type lacks.
package surplus

import (
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
	"github.com/atlasint/atlasint/validate/internal/rename"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// Kind is the kind of a field that the type lacks.
type Kind int

// The kinds.
const (
	Unknown Kind = iota // no type has the field
	Foreign             // another type has the field
	Removed             // the API had the field
)

// Field is a field that the type lacks.
type Field struct {
	Kind       Kind
	Message    string
	Hint       string
	APIVersion string // the API version that has the field, if the hint suggests it; else ""
}

// Object is an object with fields that its type lacks.
type Object struct {
	// Type and Types are the type of the payload and the types of its API version; nil for an object inside a payload.
	Type  *types.Type
	Types *types.Set
	YAML  bool // the payload is YAML

	field *atlas.Field
	known map[string]bool   // the fields of the object that its type has: no other can be renamed to them
	Meant map[string]string // the fields that the surplus fields most likely mean
}

// NewObject returns an object whose fields the description of field lists.
func NewObject(object *jsonpos.Value, field *atlas.Field) *Object {
	o := &Object{field: field, known: map[string]bool{}, Meant: rename.Fields(object, field)}
	for i := range object.Members {
		if name := object.Members[i].Name; field.Lookup(name) != nil {
			o.known[name] = true
		}
	}
	return o
}

// Explain explains a surplus field, which messages show as shown.
func (o *Object) Explain(name, shown string) Field {
	if o.Type != nil {
		if fault, found := o.ofType(name, shown); found {
			return fault
		}
	}
	text := "the fields are " + words.List(o.field.Names, "and")
	if near := o.Meant[name]; near != "" {
		text = fmt.Sprintf("did you mean %q?", near)
		if otherformat.CamelCase(name) == near {
			text = fmt.Sprintf("did you mean %q? only Terraform writes it in snake case", near)
		}
		if o.known[near] {
			text = hintDuplicate(near)
		}
		text += " (fields: " + strings.Join(o.field.Names, ", ") + ")"
	}
	if colon := otherformat.ColonHint(name); o.YAML && colon != "" {
		text = colon
	}
	return Field{Message: "unknown field " + shown, Hint: text}
}

// ofType explains a field of the payload itself that the API has elsewhere. It reports false for others.
func (o *Object) ofType(name, shown string) (Field, bool) {
	if name == "$schema" {
		return Field{Message: "Atlas rejects the field " + shown, Hint: "remove it, and name the schema in the editor's settings"}, true
	}
	if fault, found := o.removed(name, shown); found {
		return fault, true
	}
	if rename.IsProject(name) {
		return Field{Message: "unknown field " + shown, Hint: "remove it: the project is part of the URL, not of the payload"}, true
	}
	if o.Type.Payload.Lookup(name) != nil {
		return Field{Message: "field " + shown + " is set by Atlas only", Hint: "remove it"}, true
	}
	if other := o.Types.Other().ByName[o.Type.Name]; other != nil {
		if f := other.Payload.Lookup(name); f != nil && !f.ReadOnly {
			return Field{
				Unknown, fmt.Sprintf("field %s exists in %s only", shown, other.APIVersion),
				"remove it, or send the payload to " + other.APIVersion, other.APIVersion,
			}, true
		}
	}
	owners := o.Types.Owners(name)
	if len(owners) == 0 {
		return Field{}, false
	}
	text := "remove it: Atlas rejects the fields of other types, even with the value false"
	if own := o.Meant[name]; own != "" && !o.known[own] {
		text = fmt.Sprintf("%s calls it %q: rename it, since Atlas rejects the fields of other types", o.Type.Name, own)
	}
	return Field{Kind: Foreign, Message: fmt.Sprintf("field %s belongs to %s", shown, words.List(owners, "and")), Hint: text}, true
}

// removed explains a field that the API had. It reports false for others.
func (o *Object) removed(name, shown string) (Field, bool) {
	for _, r := range o.Type.Removed {
		if r.Name != name {
			continue
		}
		text := "remove it"
		if o.known[r.Use] {
			text = hintDuplicate(r.Use)
		} else if r.Use != "" {
			text = fmt.Sprintf("use %q", r.Use)
		}
		return Field{Kind: Removed, Message: fmt.Sprintf("field %s was removed from the API on %s", shown, r.Since), Hint: text}, true
	}
	return Field{}, false
}

// hintDuplicate returns the hint for a surplus field whose right name the payload also has.
func hintDuplicate(name string) string {
	return fmt.Sprintf("remove it: the payload already has %q", name)
}
