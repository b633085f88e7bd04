package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
	"github.com/atlasint/atlasint/validate/internal/rename"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// surplusFieldRule is the rule for one kind of fields that the schema lacks. Its methods explains and explain are those
// of all kinds: the name of a field determines the kind.
type surplusFieldRule struct{ kind surplusKind }

func (r surplusFieldRule) about() Rule {
	switch r.kind {
	case foreignField:
		return Rule{
			ID: "foreign-field", Default: Error,
			Summary:  `the field belongs to another integration type`,
			Evidence: `Atlas returns 400 INVALID_ATTRIBUTE, even where the value is false (reported: atlas-sdk-go#667)`,
			Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1", "sendDatabaseMetrics": false}`,
			Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
		}
	case removedField:
		return Rule{
			ID: "removed-field", Default: Error,
			Summary:  `the field was removed from the API, or renamed`,
			Evidence: `Atlas returns 400 INVALID_ATTRIBUTE (official); clients required scheme long after its removal (reported: terraform-provider-mongodbatlas#2687)`,
			Fails:    `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http", "scheme": "https"}`,
			Passes:   `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http"}`,
		}
	default:
		return Rule{
			ID: "unknown-field", Default: Error,
			Summary:  `no integration type has the field`,
			Evidence: `Atlas returns 400 INVALID_ATTRIBUTE: unknown fields are rejected, not ignored (official)`,
			Fails:    `{"type": "OPS_GENIE", "apikey": "k-1", "apiKey": "k-1"}`,
			Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
		}
	}
}

// explains reports whether the failure has fields that the schema lacks.
func (surplusFieldRule) explains(f failure.Failure) bool {
	return f.Field != nil && (f.Keyword == "additionalProperties" || f.Keyword == "unevaluatedProperties") && f.Names != nil
}

func (surplusFieldRule) explain(c *check, f failure.Failure) {
	isSurplus := map[string]bool{}
	for _, name := range f.Names {
		isSurplus[name] = true
	}
	object := newSurplusObject(f.Value, f.Field)
	if f.Value == c.root {
		object.typ, object.types = c.typ, c.v.types
	}
	for i := range f.Value.Members {
		m := &f.Value.Members[i]
		if !isSurplus[m.Name] {
			continue
		}
		fault := object.explain(m.Name, c.shownName(m.Name))
		at := span{start: m.NameStart, end: m.NameEnd, path: append(slices.Clone(f.Path), m.Name)}
		c.add(surplusFieldRule{fault.kind}, at, c.subject(f.Path)+": "+fault.message, advice{
			text: fault.hint, suggestion: Suggestion{APIVersion: fault.apiVersion},
			edits: correction.Name(f.Value, m, object.meant[m.Name]),
		})
	}
}

// surplusKind is the kind of a field that the type lacks.
type surplusKind int

const (
	unknownField surplusKind = iota // no type has the field
	foreignField                    // another type has the field
	removedField                    // the API had the field
)

// surplusField is a field that the type lacks.
type surplusField struct {
	kind       surplusKind
	message    string
	hint       string
	apiVersion string // the API version that has the field, if the hint suggests it; else ""
}

// surplusObject is an object with fields that its type lacks.
type surplusObject struct {
	// typ and types are the type of the payload and the types of its API version; nil for an object inside a payload.
	typ   *types.Type
	types *types.Set

	field *atlas.Field
	known map[string]bool   // the fields of the object that its type has: no other can be renamed to them
	meant map[string]string // the fields that the surplus fields most likely mean
}

// newSurplusObject returns an object whose fields the description of field lists.
func newSurplusObject(object *jsonpos.Value, field *atlas.Field) *surplusObject {
	o := &surplusObject{field: field, known: map[string]bool{}, meant: rename.Fields(object, field)}
	for i := range object.Members {
		if name := object.Members[i].Name; field.Lookup(name) != nil {
			o.known[name] = true
		}
	}
	return o
}

// explain explains a surplus field, which messages show as shown.
func (o *surplusObject) explain(name, shown string) surplusField {
	if o.typ != nil {
		if fault, found := o.ofType(name, shown); found {
			return fault
		}
	}
	text := "the fields are " + words.List(o.field.Names, "and")
	if near := o.meant[name]; near != "" {
		text = fmt.Sprintf("did you mean %q?", near)
		if otherformat.CamelCase(name) == near {
			text = fmt.Sprintf("did you mean %q? only Terraform writes it in snake case", near)
		}
		if o.known[near] {
			text = hintDuplicate(near)
		}
		text += " (fields: " + strings.Join(o.field.Names, ", ") + ")"
	}
	return surplusField{message: "unknown field " + shown, hint: text}
}

// ofType explains a field of the payload itself that the API has elsewhere. It reports false for others.
func (o *surplusObject) ofType(name, shown string) (surplusField, bool) {
	if name == "$schema" {
		return surplusField{message: "Atlas rejects the field " + shown, hint: "remove it, and name the schema in the editor's settings"}, true
	}
	if fault, found := o.removed(name, shown); found {
		return fault, true
	}
	if rename.IsProject(name) {
		return surplusField{message: "unknown field " + shown, hint: "remove it: the project is part of the URL, not of the payload"}, true
	}
	if o.typ.Payload.Lookup(name) != nil {
		return surplusField{message: "field " + shown + " is set by Atlas only", hint: "remove it"}, true
	}
	if other := o.types.Other().ByName[o.typ.Name]; other != nil {
		if f := other.Payload.Lookup(name); f != nil && !f.ReadOnly {
			return surplusField{
				unknownField, fmt.Sprintf("field %s exists in %s only", shown, other.APIVersion),
				"remove it, or send the payload to " + other.APIVersion, other.APIVersion,
			}, true
		}
	}
	owners := o.types.Owners(name)
	if len(owners) == 0 {
		return surplusField{}, false
	}
	text := "remove it: Atlas rejects the fields of other types, even with the value false"
	if own := o.meant[name]; own != "" && !o.known[own] {
		text = fmt.Sprintf("%s calls it %q: rename it, since Atlas rejects the fields of other types", o.typ.Name, own)
	}
	return surplusField{kind: foreignField, message: fmt.Sprintf("field %s belongs to %s", shown, words.List(owners, "and")), hint: text}, true
}

// removed explains a field that the API had. It reports false for others.
func (o *surplusObject) removed(name, shown string) (surplusField, bool) {
	for _, r := range o.typ.Removed {
		if r.Name != name {
			continue
		}
		text := "remove it"
		if o.known[r.Use] {
			text = hintDuplicate(r.Use)
		} else if r.Use != "" {
			text = fmt.Sprintf("use %q", r.Use)
		}
		return surplusField{kind: removedField, message: fmt.Sprintf("field %s was removed from the API on %s", shown, r.Since), hint: text}, true
	}
	return surplusField{}, false
}

// hintDuplicate returns the hint for a surplus field whose right name the payload also has.
func hintDuplicate(name string) string {
	return fmt.Sprintf("remove it: the payload already has %q", name)
}
