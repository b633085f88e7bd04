package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
	"github.com/atlasint/atlasint/validate/internal/rename"
)

type unknownFieldRule struct{}

func (unknownFieldRule) about() Rule {
	return Rule{
		ID: "unknown-field", Default: Error,
		Summary:  `no integration type has the field`,
		Evidence: `Atlas returns 400 INVALID_ATTRIBUTE: unknown fields are rejected, not ignored (official)`,
		Fails:    `{"type": "OPS_GENIE", "apikey": "k-1", "apiKey": "k-1"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

type foreignFieldRule struct{}

func (foreignFieldRule) about() Rule {
	return Rule{
		ID: "foreign-field", Default: Error,
		Summary:  `the field belongs to another integration type`,
		Evidence: `Atlas returns 400 INVALID_ATTRIBUTE, even where the value is false (reported: atlas-sdk-go#667)`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1", "sendDatabaseMetrics": false}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

type removedFieldRule struct{}

func (removedFieldRule) about() Rule {
	return Rule{
		ID: "removed-field", Default: Error,
		Summary:  `the field was removed from the API, or renamed`,
		Evidence: `Atlas returns 400 INVALID_ATTRIBUTE (official); clients required scheme long after its removal (reported: terraform-provider-mongodbatlas#2687)`,
		Fails:    `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http", "scheme": "https"}`,
		Passes:   `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http"}`,
	}
}

// explains reports whether the failure has fields that the schema lacks. The name of a field determines which of the
// three rules it breaks.
func (removedFieldRule) explains(f failure.Failure) bool {
	return f.Field != nil && (f.Keyword == "additionalProperties" || f.Keyword == "unevaluatedProperties") && f.Names != nil
}

func (removedFieldRule) explain(c *check, f failure.Failure) {
	surplus := map[string]bool{}
	others := siblingFields{there: map[string]bool{}, meant: rename.Fields(f.Value, f.Field)}
	for _, name := range f.Names {
		surplus[name] = true
	}
	for i := range f.Value.Members {
		if name := f.Value.Members[i].Name; f.Field.Lookup(name) != nil {
			others.there[name] = true
		}
	}
	for i := range f.Value.Members {
		m := &f.Value.Members[i]
		if !surplus[m.Name] {
			continue
		}
		if c.full() {
			c.add(unknownFieldRule{}, span{}, "", advice{})
			continue
		}
		r, message, next := c.surplus(f, m.Name, others)
		next.edits = correction.Name(f.Value, m, others.meant[m.Name])
		at := span{start: m.NameStart, end: m.NameEnd, path: append(slices.Clone(f.Path), m.Name)}
		c.add(r, at, c.subject(f.Path)+": "+message, next)
	}
}

// siblingFields has the other fields of an object: those of its type, to which no other can be renamed, and the fields
// that its surplus fields most likely mean.
type siblingFields struct {
	there map[string]bool
	meant map[string]string
}

// surplus returns the rule, message and hint for a field that the object's type lacks.
func (c *check) surplus(f failure.Failure, name string, others siblingFields) (r rule, message string, next advice) {
	shown := redact.Name(name)
	if f.Value == c.root {
		if r, message, next = c.surplusOfType(name, shown, others); r != nil {
			return r, message, next
		}
	}
	known := f.Field.Names
	text := "the fields are " + words.List(known, "and")
	if near := others.meant[name]; near != "" {
		text = fmt.Sprintf("did you mean %q?", near)
		if otherformat.CamelCase(name) == near {
			text = fmt.Sprintf("did you mean %q? only Terraform writes it in snake case", near)
		}
		if others.there[near] {
			text = thereAlready(near)
		}
		text += " (fields: " + strings.Join(known, ", ") + ")"
	}
	return unknownFieldRule{}, "unknown field " + shown, hint(text)
}

// surplusOfType does the same for a field of the payload itself that the API has elsewhere; it returns no rule for
// others.
func (c *check) surplusOfType(name, shown string, others siblingFields) (rule, string, advice) {
	if name == "$schema" {
		return unknownFieldRule{}, "Atlas rejects the field " + shown, hint("remove it, and name the schema in the editor's settings")
	}
	for _, r := range c.typ.Removed {
		if r.Name == name {
			text := "remove it"
			if others.there[r.Use] {
				text = thereAlready(r.Use)
			} else if r.Use != "" {
				text = fmt.Sprintf("use %q", r.Use)
			}
			return removedFieldRule{}, fmt.Sprintf("field %s was removed from the API on %s", shown, r.Since), hint(text)
		}
	}
	if rename.IsProject(name) {
		return unknownFieldRule{}, "unknown field " + shown, hint("remove it: the project is part of the URL, not of the payload")
	}
	if c.typ.Payload.Lookup(name) != nil {
		return unknownFieldRule{}, "field " + shown + " is set by Atlas only", hint("remove it")
	}
	if other := c.v.others().ByName[c.typ.Name]; other != nil {
		if f := other.Payload.Lookup(name); f != nil && !f.ReadOnly {
			return unknownFieldRule{}, fmt.Sprintf("field %s exists in %s only", shown, other.APIVersion),
				inOtherVersion("remove it, or send the payload to %s", other.APIVersion)
		}
	}
	if owners := c.v.types.Owners(name); len(owners) > 0 {
		text := "remove it: Atlas rejects the fields of other types, even with the value false"
		if own := others.meant[name]; own != "" && !others.there[own] {
			text = fmt.Sprintf("%s calls it %q: rename it, since Atlas rejects the fields of other types", c.typ.Name, own)
		}
		return foreignFieldRule{}, fmt.Sprintf("field %s belongs to %s", shown, words.List(owners, "and")), hint(text)
	}
	return nil, "", advice{}
}

func thereAlready(name string) string {
	return fmt.Sprintf("remove it: the payload already has %q", name)
}
