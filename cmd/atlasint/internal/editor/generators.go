package editor

import (
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/ordered"
)

// ForGenerators returns a JSON Schema (draft 2020-12) of the request bodies of all types of an API version, for code
// generators. It accepts the same bodies as the schemas of the types together. Each type is a member of $defs with a
// name such as PagerDuty. Only types have titles: generators name a type after each title, and properties share titles.
func ForGenerators(version string) ([]byte, error) {
	var branches []any
	definitions := ordered.Object{}
	for i := range schemas.Types {
		t := &schemas.Types[i]
		if t.APIVersion != version {
			continue
		}
		data, _ := schemas.Schema(version, t.Name)
		schema, err := ordered.Parse(data)
		if err != nil {
			return nil, err
		}
		name := codeName(t.Name)
		body := ordered.Object{{Name: "title", Value: name}}
		untitled, _ := withoutTitles(schema, "#/$defs/"+name).(ordered.Object)
		for _, m := range untitled {
			if m.Name != "$schema" {
				body = append(body, m)
			}
		}
		branches = append(branches, ordered.Object{{Name: "$ref", Value: "#/$defs/" + name}})
		definitions = append(definitions, ordered.Member{Name: name, Value: body})
	}
	return ordered.Indent(ordered.Object{
		{Name: "$schema", Value: "https://json-schema.org/draft/2020-12/schema"},
		{Name: "title", Value: "Integration"},
		{Name: "description", Value: "The request body of an integration of any type, Atlas API " + version},
		{Name: "oneOf", Value: branches},
		{Name: "$defs", Value: definitions},
	})
}

// codeName returns the name of a type in code, such as PagerDuty for PAGER_DUTY.
func codeName(typeName string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(typeName, "_") {
		name.WriteString(word[:1] + strings.ToLower(word[1:]))
	}
	return name.String()
}

// withoutTitles returns a copy of a schema without titles. Its references begin at root.
func withoutTitles(schema any, root string) any {
	switch node := schema.(type) {
	case []any:
		var list []any
		for _, item := range node {
			list = append(list, withoutTitles(item, root))
		}
		return list
	case ordered.Object:
		var copied ordered.Object
		for _, m := range node {
			if m.Name != "title" {
				copied = append(copied, ordered.Member{Name: m.Name, Value: keywordWithoutTitles(m, root)})
			}
		}
		return copied
	}
	return schema
}

func keywordWithoutTitles(m ordered.Member, root string) any {
	switch m.Name {
	case "const", "enum", "default", "examples", "required":
		return m.Value
	case "$ref":
		if ref, ok := m.Value.(string); ok && strings.HasPrefix(ref, "#") {
			return root + ref[1:]
		}
		return m.Value
	case "properties", "patternProperties", "$defs":
		var named ordered.Object
		object, _ := m.Value.(ordered.Object)
		for _, p := range object {
			named = append(named, ordered.Member{Name: p.Name, Value: withoutTitles(p.Value, root)})
		}
		return named
	}
	return withoutTitles(m.Value, root)
}
