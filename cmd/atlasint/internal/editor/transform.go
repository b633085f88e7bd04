package editor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/ordered"
)

// The keywords that JSON Schema 2020-12 and draft-07 share, grouped by the kind of their value.
var (
	sameKeywords = []string{
		"type", "const", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
		"multipleOf", "minItems", "maxItems", "uniqueItems", "required", "minProperties", "maxProperties",
		"title", "description", "default", "examples", "deprecated",
	}
	schemaKeywords = []string{"items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else"}
	listKeywords   = []string{"allOf", "anyOf", "oneOf"}
	mapKeywords    = []string{"properties", "patternProperties"}
)

// silentKeywords do not affect validation, and editors do not show them. Draft-07 would check format, but 2020-12 does
// not.
var silentKeywords = []string{"$schema", "$id", "$comment", "format", "readOnly", "writeOnly", "contentEncoding", "contentMediaType"}

// strictKeywords have schemas that must not accept references, because a match means rejection or selects another
// schema, and because names are not references.
var strictKeywords = []string{"not", "if", "propertyNames"}

// transformer converts a published draft 2020-12 schema to a draft-07 schema for editors, which also accepts a
// reference in place of any string.
type transformer struct {
	definitions string         // the JSON Pointer of $defs in the result, such as #/definitions/
	field       *schemas.Field // the field that the schema is for, nil for all others
	strict      bool           // accept no references
}

// schema transforms one schema. Descriptions come first and suggestions last, as editors show them.
func (tr transformer) schema(value any) (any, error) {
	node, isObject := value.(ordered.Object)
	if !isObject {
		return value, nil // true or false
	}
	var head, body, tail ordered.Object
	for _, m := range node {
		if slices.Contains(silentKeywords, m.Name) || strings.HasPrefix(m.Name, "x-") {
			continue
		}
		members, err := tr.keyword(node, m)
		if err != nil {
			return nil, err
		}
		switch m.Name {
		case "title", "description":
			head = append(head, members...)
		case "default", "examples", "deprecated":
			tail = append(tail, members...)
		default:
			body = append(body, members...)
		}
	}
	if !tr.strict {
		body = tr.acceptReference(node, body)
	}
	return slices.Concat(head, body, tail), nil
}

// keyword transforms one member of a schema. It returns an error for a keyword without a counterpart in draft-07,
// because the editor would accept values that the published schema rejects.
func (tr transformer) keyword(node ordered.Object, m ordered.Member) (ordered.Object, error) {
	inner := transformer{definitions: tr.definitions, strict: tr.strict || slices.Contains(strictKeywords, m.Name)}
	var err error
	switch {
	case slices.Contains(sameKeywords, m.Name):
	case m.Name == "items" && node.Get("prefixItems") != nil:
		m.Name = "additionalItems"
		m.Value, err = inner.schema(m.Value)
	case m.Name == "prefixItems":
		m.Name = "items"
		m.Value, err = inner.list(m.Value)
	case slices.Contains(schemaKeywords, m.Name):
		m.Value, err = inner.schema(m.Value)
	case slices.Contains(listKeywords, m.Name):
		m.Value, err = inner.list(m.Value)
	case slices.Contains(mapKeywords, m.Name):
		m.Value, err = inner.each(m.Value)
	case m.Name == "$defs":
		m.Name = "definitions"
		m.Value, err = inner.each(m.Value)
	case m.Name == "dependentRequired":
		m.Name = "dependencies"
	case m.Name == "dependentSchemas" && node.Get("dependentRequired") == nil:
		m.Name = "dependencies"
		m.Value, err = inner.each(m.Value)
	case m.Name == "$ref":
		return tr.reference(node, m)
	default:
		err = fmt.Errorf("the keyword %s has no form in draft-07", m.Name)
	}
	return ordered.Object{m}, err
}

// reference transforms a $ref. It moves the $ref into a separate schema, because draft-07 ignores its siblings.
func (tr transformer) reference(node ordered.Object, m ordered.Member) (ordered.Object, error) {
	target, _ := m.Value.(string)
	name, local := strings.CutPrefix(target, "#/$defs/")
	if !local || strings.Contains(name, "/") || node.Get("allOf") != nil && len(node) > 1 {
		return nil, fmt.Errorf("the $ref %s has no form in draft-07", target)
	}
	m.Value = tr.definitions + name
	if len(node) == 1 {
		return ordered.Object{m}, nil
	}
	return ordered.Object{{Name: "allOf", Value: []any{ordered.Object{m}}}}, nil
}

func (tr transformer) list(value any) (any, error) {
	list, _ := value.([]any)
	transformed := make([]any, len(list))
	for i, v := range list {
		var err error
		if transformed[i], err = tr.schema(v); err != nil {
			return nil, err
		}
	}
	return transformed, nil
}

func (tr transformer) each(value any) (any, error) {
	object, _ := value.(ordered.Object)
	transformed := ordered.Object{}
	for _, m := range object {
		schema, err := tr.schema(m.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		transformed = append(transformed, ordered.Member{Name: m.Name, Value: schema})
	}
	return transformed, nil
}

// acceptReference also allows a reference for a constrained string. The value of the reference is validated after it is
// expanded. A constant can't be a reference, because it identifies the type.
func (tr transformer) acceptReference(node, body ordered.Object) ordered.Object {
	lengths := node.Get("minLength") != nil || node.Get("maxLength") != nil
	switch {
	case !allowsText(node), node.Get("const") != nil:
		return body
	case node.Get("enum") != nil:
		return orReference(tr.enum(body))
	case lengths:
		return orReference(body)
	case node.Get("pattern") != nil:
		return orPattern(node, body)
	}
	return body
}

// allowsText reports whether the type of a schema, or else its enum, allows strings. Schemas with keywords for strings
// always have a type.
func allowsText(node ordered.Object) bool {
	switch kind := node.Get("type").(type) {
	case string:
		return kind == "string"
	case []any:
		return slices.Contains(kind, any("string"))
	}
	values, _ := node.Get("enum").([]any)
	return slices.ContainsFunc(values, func(v any) bool { _, isText := v.(string); return isText })
}

// enum adds descriptions of the values. If all values are strings it removes the type, because the type is redundant
// and editors then suggest only the enum values.
func (tr transformer) enum(body ordered.Object) ordered.Object {
	values, _ := body.Get("enum").([]any)
	texts := !slices.ContainsFunc(values, func(v any) bool { _, isText := v.(string); return !isText })
	var kept ordered.Object
	for _, m := range body {
		if m.Name == "type" && texts {
			continue
		}
		kept = append(kept, m)
		if m.Name == "enum" && tr.field != nil {
			kept = append(kept, ordered.Member{Name: "enumDescriptions", Value: notes(tr.field)})
		}
	}
	return kept
}

// orPattern extends a pattern with references. Editors report a pattern better than an anyOf.
func orPattern(node, body ordered.Object) ordered.Object {
	title, _ := node.Get("title").(string)
	description, _ := node.Get("description").(string)
	var widened ordered.Object
	for _, m := range body {
		if m.Name != "pattern" {
			widened = append(widened, m)
			continue
		}
		widened = append(widened, ordered.Member{Name: m.Name, Value: fmt.Sprintf("%s|%s", m.Value, expand.Pattern)},
			ordered.Member{Name: "patternErrorMessage", Value: title + " has the wrong form. " + description + " " + references + "."})
	}
	return widened
}

// orReference returns a schema that accepts references and the values of another schema. If both alternatives fail,
// editors report the first one and suggest its values.
func orReference(schema ordered.Object) ordered.Object {
	return ordered.Object{{Name: "anyOf", Value: []any{schema, ordered.Object{
		{Name: "type", Value: "string"}, {Name: "pattern", Value: expand.Pattern},
	}}}}
}
