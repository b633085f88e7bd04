package workspace

import (
	"bytes"
	"encoding/json"
	"slices"
)

// jsonSchema has the keywords of draft-07 that the schema of the configuration uses.
type jsonSchema struct {
	Schema      string                `json:"$schema,omitempty"`
	ID          string                `json:"$id,omitempty"`
	Title       string                `json:"title,omitempty"`
	Description string                `json:"description,omitempty"`
	Type        any                   `json:"type,omitempty"` // a text, or a list of texts
	Enum        []any                 `json:"enum,omitempty"`
	Pattern     string                `json:"pattern,omitempty"`
	MinItems    int                   `json:"minItems,omitempty"`
	MaxItems    int                   `json:"maxItems,omitempty"`
	Items       *jsonSchema           `json:"items,omitempty"`
	Required    []string              `json:"required,omitempty"`
	AnyOf       []jsonSchema          `json:"anyOf,omitempty"`
	Properties  map[string]jsonSchema `json:"properties,omitempty"`
	Additional  *bool                 `json:"additionalProperties,omitempty"`
}

// ConfigSchema returns the JSON Schema (draft-07) of the configuration file, for editors.
func ConfigSchema() []byte {
	s := configForm().schema()
	s.Schema = "http://json-schema.org/draft-07/schema#"
	s.ID = "https://github.com/atlasint/atlasint/blob/main/docs/atlasint.schema.json"
	s.Title = "Configuration of atlasint, " + ConfigName
	s = orNull(s)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(s) // a struct of texts and numbers always has a JSON form
	return out.Bytes()
}

func (f *form) schema() jsonSchema {
	s := jsonSchema{Description: f.about}
	switch {
	case f.isText():
		s.textOf(f)
	case f.boolean:
		s.Type = "boolean"
	case f.items != nil:
		items := f.items.schema()
		s.Type, s.Items, s.MinItems, s.MaxItems = "array", &items, f.atLeast, f.atMost
	default:
		s.Type, s.Additional, s.Properties = "object", new(bool), f.properties()
	}
	for _, k := range f.keys {
		if k.required != "" {
			s.Required = append(s.Required, k.name)
		}
	}
	for _, name := range f.oneOf {
		s.AnyOf = append(s.AnyOf, jsonSchema{Required: []string{name}, Properties: map[string]jsonSchema{name: {}}}) // a strict ajv requires both
	}
	return s
}

func (s *jsonSchema) textOf(f *form) {
	if f.allowed == nil {
		s.Type, s.Pattern = "string", f.pattern
		return
	}
	for _, value := range f.allowed {
		s.Enum = append(s.Enum, value)
	}
	if slices.Contains(f.allowed, "off") {
		s.Enum = append(s.Enum, false) // as YAML 1.1 reads off
	}
}

func (f *form) properties() map[string]jsonSchema {
	properties := map[string]jsonSchema{}
	for _, k := range f.keys {
		properties[k.name] = k.form.schema()
		if f.nullable {
			properties[k.name] = orNull(properties[k.name])
		}
	}
	if f.values != nil {
		for name, value := range f.known() {
			properties[name] = value.schema()
		}
	}
	return properties
}

// orNull returns the schema of a value that may also be absent after its key.
func orNull(s jsonSchema) jsonSchema {
	if s.Enum != nil {
		s.Enum = append(s.Enum, nil)
		return s
	}
	s.Type = []any{s.Type, "null"}
	return s
}
