package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// unsupported are keywords that a bounded schema may not have, and why.
var unsupported = map[string]string{
	"$dynamicRef":      "$dynamicRef is not supported; use $ref",
	"$dynamicAnchor":   "$dynamicAnchor is not supported; use $defs and $ref",
	"$recursiveRef":    "$recursiveRef is not supported; use $ref",
	"$recursiveAnchor": "$recursiveAnchor is not supported; use $defs and $ref",
	"$vocabulary":      "$vocabulary is not supported; remove it",
	"contentSchema":    "contentSchema is not supported; remove it",
	"regexProperties":  "regexProperties is not supported; use propertyNames with the format regex",
}

// drafts are the supported values of $schema without the scheme and an empty fragment, and whether each is draft-07.
var drafts = map[string]bool{"json-schema.org/draft/2020-12/schema": false, "json-schema.org/draft-07/schema": true}

// target is a subschema that a reference may lead to, with its JSON Pointer.
type target struct {
	schema  *jsonpos.Value
	pointer string
}

// inspector checks a schema before jsonschema/v5 compiles it.
type inspector struct {
	schema     *Schema
	subschemas []*jsonpos.Value // as in the source, where references are not replaced
	known      map[*jsonpos.Value]bool
	references []keyword
	complexity int // of all regular expressions so far
}

// keyword is a keyword with its JSON Pointer in the schema.
type keyword struct {
	*jsonpos.Member
	pointer string
}

func (k keyword) fault(reason string) error {
	return &Error{Start: k.NameStart, Pointer: k.pointer, Reason: reason}
}

// inspect returns the first fault that it finds, nil if there is none.
func (i *inspector) inspect() error {
	if err := i.draft(); err != nil {
		return err
	}
	if err := i.subschema(i.schema.root, ""); err != nil {
		return err
	}
	for _, ref := range i.references {
		if err := i.reference(ref); err != nil {
			return err
		}
	}
	if err := i.chains(); err != nil {
		return err
	}
	return i.measure()
}

// draft reads $schema.
func (i *inspector) draft() error {
	m := i.schema.root.Member("$schema")
	if m == nil {
		return nil
	}
	_, text, _ := strings.Cut(strings.TrimSuffix(m.Value.Text, "#"), "://")
	draft7, known := drafts[text]
	if !known {
		return &Error{Start: m.Value.Start, Pointer: "/$schema", Reason: "unsupported draft; set $schema to https://json-schema.org/draft/2020-12/schema or http://json-schema.org/draft-07/schema#"}
	}
	i.schema.draft7 = draft7
	return nil
}

// subschema inspects a subschema and those inside of it. It follows no reference.
func (i *inspector) subschema(v *jsonpos.Value, pointer string) error {
	i.known[v] = true
	if i.subschemas = append(i.subschemas, v); len(i.subschemas) > maxSubschemas {
		return &Error{Start: v.Start, Pointer: pointer, Reason: fmt.Sprintf("more than %d subschemas; use fewer, or split the schema", maxSubschemas)}
	}
	for at := range v.Members {
		k := keyword{&v.Members[at], pointer + jsonpos.Pointer(v.Members[at].Name)}
		if err := i.keyword(v, k); err != nil {
			return err
		}
		for sub := range parts(k.Member) {
			below := k.pointer
			if sub.token != nil {
				below += jsonpos.Pointer(*sub.token)
			}
			if err := i.subschema(sub.schema, below); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i *inspector) keyword(in *jsonpos.Value, k keyword) error {
	if reason := unsupported[k.Name]; reason != "" {
		return k.fault(reason)
	}
	isText := k.Value.Kind == jsonpos.String
	switch k.Name {
	case "$schema", "$id", "$anchor", expandKeyword:
		return i.identity(in, k)
	case "$ref":
		if isText {
			i.references = append(i.references, k)
		}
	case "pattern":
		if isText {
			return i.expression(k, k.Value.Text)
		}
	case "patternProperties":
		for at := range k.Value.Members {
			p := keyword{&k.Value.Members[at], k.pointer + jsonpos.Pointer(k.Value.Members[at].Name)}
			if err := i.expression(p, p.Name); err != nil {
				return err
			}
		}
	case "minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains", "minProperties", "maxProperties":
		if n, err := strconv.ParseFloat(k.Value.Text, 64); k.Value.Kind == jsonpos.Number && (err != nil || n > maxBound) {
			return k.fault(fmt.Sprintf("the value of %s is more than %d; write a smaller number", k.Name, maxBound))
		}
	case "format":
		if _, known := jsonschema.Formats[k.Value.Text]; isText && !known {
			return k.fault("unknown format; the formats are " + strings.Join(slices.Sorted(maps.Keys(jsonschema.Formats)), ", "))
		}
	}
	return nil
}

// identity reads the keywords that name a subschema, and those that only the root may have.
func (i *inspector) identity(in *jsonpos.Value, k keyword) error {
	here := target{in, strings.TrimSuffix(k.pointer, jsonpos.Pointer(k.Name))}
	if k.Name == "$anchor" && !i.schema.draft7 {
		return i.anchor(k, k.Value.Text, here)
	}
	if name, isAnchor := strings.CutPrefix(k.Value.Text, "#"); k.Name == "$id" && isAnchor && i.schema.draft7 {
		return i.anchor(k, name, here)
	}
	if k.Name != "$anchor" && in != i.schema.root {
		return k.fault(k.Name + " is only supported in the root of the schema; move it there")
	}
	if k.Name == expandKeyword {
		if k.Value.Kind != jsonpos.Bool {
			return k.fault("the value of " + expandKeyword + " is not allowed; write true or false")
		}
		i.schema.asWritten = k.Value.Text == "false"
	}
	return nil
}

// anchor adds a name for a subschema. jsonschema/v5 would choose one of several subschemas with a name at random.
func (i *inspector) anchor(k keyword, name string, here target) error {
	if in := here.schema; in == i.schema.root && k.Name == "$id" || i.schema.draft7 && in.Member("$ref") != nil {
		return nil // which has no effect
	}
	if _, known := i.schema.anchors[name]; known {
		return k.fault("the value of " + k.Name + " occurs twice; each subschema needs another name")
	}
	i.schema.anchors[name] = here
	return nil
}

// reference checks that a $ref leads to a subschema of this schema.
func (i *inspector) reference(k keyword) error {
	if !strings.HasPrefix(k.Value.Text, "#") {
		return k.fault("$ref refers to another document; only references that begin with # are supported")
	}
	if found, _ := i.schema.resolve(k.Value.Text); found == nil || !i.known[found] {
		return k.fault("$ref has no target; correct it, or add the subschema to $defs")
	}
	return nil
}
