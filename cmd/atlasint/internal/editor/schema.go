package editor

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/ordered"
)

// retired is the caveat of a type whose service no longer exists.
const retired = "retired-service"

// typeSchema returns the schema for payloads of one type.
func typeSchema(t *schemas.Type) (ordered.Object, error) {
	body, err := typeBody(t, "#/definitions/")
	if err != nil {
		return nil, err
	}
	snippet, err := snippetOf(t)
	if err != nil {
		return nil, err
	}
	schema := head(path(t.APIVersion, t.Name), fmt.Sprintf("%s integration (Atlas %s)", t.Title, t.APIVersion), about(t))
	return append(append(schema, body...), atFirst(snippet)), nil
}

// atFirst returns a keyword that makes editors suggest snippets while the payload has no type. Any value matches one of
// the two alternatives, and the matching one decides the suggestions.
func atFirst(snippets ...any) ordered.Member {
	typed := ordered.Object{
		{Name: "required", Value: []string{"type"}},
		{Name: "properties", Value: ordered.Object{{Name: "type", Value: true}}}, // a strict ajv requires it
	}
	return ordered.Member{Name: "anyOf", Value: []any{
		typed, ordered.Object{{Name: "not", Value: typed}, {Name: "defaultSnippets", Value: snippets}},
	}}
}

func head(path, title, description string) ordered.Object {
	return ordered.Object{
		{Name: "$schema", Value: dialect},
		{Name: "$id", Value: ids + path},
		{Name: "title", Value: title},
		{Name: "description", Value: description},
	}
}

// unionSchema returns the schema of the payloads of an API version. The type selects the one branch that applies:
// an editor then offers the fields of that type only, and reports errors of no other.
func unionSchema(v apiVersion) (ordered.Object, error) {
	var branches, snippets []any
	definitions := ordered.Object{}
	for _, t := range v.types {
		body, err := typeBody(t, "#/definitions/"+t.Name+"/definitions/")
		if err != nil {
			return nil, err
		}
		snippet, err := snippetOf(t)
		if err != nil {
			return nil, err
		}
		definitions = append(definitions, ordered.Member{Name: t.Name, Value: body})
		snippets = append(snippets, snippet)
		branches = append(branches, branch(t.Name))
	}
	schema := head(path(v.name, union), fmt.Sprintf("Third-party integration (Atlas %s)", v.name),
		"A third-party integration of a MongoDB Atlas project. The type selects the service and the fields.")
	return append(schema, ordered.Object{
		{Name: "type", Value: "object"},
		{Name: "required", Value: []string{"type"}},
		{Name: "properties", Value: ordered.Object{{Name: "type", Value: typeProperty(v)}}},
		{Name: "allOf", Value: branches},
		atFirst(snippets...),
		{Name: "definitions", Value: definitions},
	}...), nil
}

// branch returns a condition that applies the schema of a type to payloads of that type. No branch applies to a payload
// without a type.
func branch(name string) ordered.Object {
	// Editors look for suggestions even here, and would take the first name for the only one.
	is := ordered.Object{{Name: "type", Value: ordered.Object{{Name: "const", Value: name}, {Name: "doNotSuggest", Value: true}}}}
	return ordered.Object{
		{Name: "if", Value: ordered.Object{
			{Name: "type", Value: "object"}, {Name: "required", Value: []string{"type"}}, {Name: "properties", Value: is},
		}},
		{Name: "then", Value: ordered.Object{{Name: "$ref", Value: "#/definitions/" + name}}},
	}
}

// typeProperty returns the schema of the type field, which suggests the types of an API version.
func typeProperty(v apiVersion) ordered.Object {
	var names, words []string
	for _, t := range v.types {
		names = append(names, t.Name)
		words = append(words, t.Title+": "+about(t))
	}
	return ordered.Object{
		{Name: "title", Value: "Integration type"},
		{Name: "description", Value: "The service of the integration. Must equal the type in the path."},
		{Name: "type", Value: "string"},
		{Name: "enum", Value: names},
		{Name: "enumDescriptions", Value: words},
		{Name: "suggestSortText", Value: sortText(0)},
	}
}

// about returns the description of a type, with the reason if the type is retired.
func about(t *schemas.Type) string {
	if note := retirement(t); note != "" {
		return "Retired. " + t.Description + " " + note
	}
	return t.Description
}

// retirement returns why a type is retired, or "" if it is not.
func retirement(t *schemas.Type) string {
	for _, c := range t.Caveats {
		if c.Value == retired {
			return sentence(c.Text)
		}
	}
	return ""
}

func sentence(s string) string { return strings.TrimSuffix(s, ".") + "." }

// typeBody transforms the published schema of a type. Editors get its fields in the order of their use.
func typeBody(t *schemas.Type, definitions string) (ordered.Object, error) {
	data, _ := schemas.Schema(t.APIVersion, t.Name)
	parsed, err := ordered.Parse(data)
	published, isObject := parsed.(ordered.Object)
	if err != nil || !isObject {
		return nil, fmt.Errorf("the schema of %s is not an object: %v", t.Name, err) //nolint:errorlint // the error can be nil
	}
	body := slices.DeleteFunc(slices.Clone(published), func(m ordered.Member) bool {
		return m.Name == "title" || m.Name == "description" || m.Name == "examples" // typeSchema has words of its own
	})
	transformed, err := transformer{definitions: definitions}.schema(body)
	if err != nil {
		return nil, fmt.Errorf("the schema of %s: %w", t.Name, err)
	}
	body, _ = transformed.(ordered.Object)
	for i := range body {
		if body[i].Name == "properties" {
			body[i].Value, err = properties(t, published, definitions)
		}
	}
	return body, err
}

func properties(t *schemas.Type, published ordered.Object, definitions string) (ordered.Object, error) {
	example, err := exampleOf(t)
	if err != nil {
		return nil, err
	}
	list := ordered.Object{}
	for position, m := range inOrder(published, example) {
		schema, err := property(t, m, example[m.Name], definitions)
		if err != nil {
			return nil, fmt.Errorf("the schema of %s.%s: %w", t.Name, m.Name, err)
		}
		schema = append(schema, ordered.Member{Name: "suggestSortText", Value: sortText(position)})
		list = append(list, ordered.Member{Name: m.Name, Value: schema})
	}
	return list, nil
}

// inOrder returns the fields of requests: the required ones, then those in the example, then the others.
func inOrder(published ordered.Object, example map[string]any) ordered.Object {
	var ranks [3]ordered.Object
	required, _ := published.Get("required").([]any)
	fields, _ := published.Get("properties").(ordered.Object)
	for _, m := range fields {
		_, usual := example[m.Name]
		switch {
		case slices.Contains(required, any(m.Name)):
			ranks[0] = append(ranks[0], m)
		case usual:
			ranks[1] = append(ranks[1], m)
		default:
			ranks[2] = append(ranks[2], m)
		}
	}
	return slices.Concat(ranks[:]...)
}

// sortText keeps suggestions in the order of the schema; editors sort them by name otherwise.
func sortText(position int) string { return fmt.Sprintf("%02d", position) }

// property transforms the schema of a field, and adds the description, the examples and the deprecation from the index.
func property(t *schemas.Type, m ordered.Member, example any, definitions string) (ordered.Object, error) {
	f := fieldOf(t, m.Name)
	if f == nil {
		return nil, errors.New("the index has no such field")
	}
	transformed, err := transformer{definitions: definitions, field: f}.schema(m.Value)
	if err != nil {
		return nil, err
	}
	schema, _ := transformed.(ordered.Object)
	for i := range schema {
		if schema[i].Name == "description" {
			schema[i].Value = explain(t, f)
		}
	}
	if note := retirement(t); f.Const != "" && note != "" {
		schema = append(schema, retiredMark(note))
	}
	if list := examples(t, f, example); list != nil {
		schema = append(schema, ordered.Member{Name: "examples", Value: list})
	}
	return schema, nil
}

func fieldOf(t *schemas.Type, name string) *schemas.Field {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return &t.Fields[i]
		}
	}
	return nil
}

// retiredMark returns the keywords of a deprecation in an allOf of their own. If they were keywords of the property
// itself, editors would not suggest the property.
func retiredMark(note string) ordered.Member {
	mark := ordered.Object{{Name: "deprecated", Value: true}, {Name: "deprecationMessage", Value: note}}
	return ordered.Member{Name: "allOf", Value: []any{mark}}
}

// examples returns the values that an editor inserts with the name of the field, or nil. The editor inserts a single
// value and lets the user choose among several. The result repeats the enum, because editors do not read it inside
// anyOf.
func examples(t *schemas.Type, f *schemas.Field, example any) any {
	switch {
	case f.Enum != nil:
		return f.Enum
	case f.Secret != "" && f.TemplateBytes == 0:
		return []string{reference(t.Name, f.Name)}
	case f.Kind == "string" && f.Const == "" && example != nil:
		if f.TemplateBytes == 0 { // an example could pass as a real value
			return []string{reference(t.Name, f.Name)}
		}
		return []any{example}
	default:
		return nil
	}
}

// explain returns the description of a field for the hover text, which contains no other keyword except the title.
func explain(t *schemas.Type, f *schemas.Field) string {
	words := []string{f.Description}
	if f.Const != "" {
		words = []string{t.Title + ": " + about(t), f.Description}
	}
	if f.Default != "" {
		words = append(words, fmt.Sprintf("Default: %s.", f.Default))
	}
	if f.Since != "" {
		words = append(words, fmt.Sprintf("Since %s.", f.Since))
	}
	if f.Secret != "" {
		words = append(words, "A secret: "+references+", so that the file can be committed.")
	}
	return strings.Join(words, " ")
}

const references = "${env:NAME} or ${file:PATH} may replace it"

// notes returns the notes about the enum values, one text for each value.
func notes(f *schemas.Field) []string {
	list := make([]string, len(f.Enum))
	for i, value := range f.Enum {
		for _, n := range f.EnumNotes {
			if n.Value == value {
				list[i] = sentence(n.Text)
			}
		}
	}
	return list
}

// snippetOf returns the snippet that editors suggest in an empty document: the starter of the type. The editor inserts
// a value that begins with ^ as raw text, and the escaped dollar of a reference starts no tab stop.
func snippetOf(t *schemas.Type) (ordered.Object, error) {
	members, err := starter(t)
	if err != nil {
		return nil, err
	}
	for i, m := range members {
		text, isText := m.Value.(string)
		if !isText || !strings.Contains(text, "$") {
			continue
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			return nil, err
		}
		members[i].Value = "^" + strings.ReplaceAll(string(quoted), "$", `\$`)
	}
	return ordered.Object{
		{Name: "label", Value: t.Name},
		{Name: "description", Value: t.Title + ": " + about(t)},
		{Name: "body", Value: members},
	}, nil
}
