package workspace

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/yamlform"
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
	s := schemaOf(configForm())
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

func schemaOf(f *yamlform.Form) jsonSchema {
	s := jsonSchema{Description: f.About}
	switch {
	case f.IsText():
		s.textOf(f)
	case f.Boolean:
		s.Type = "boolean"
	case f.Items != nil:
		items := schemaOf(f.Items)
		s.Type, s.Items, s.MinItems, s.MaxItems = "array", &items, f.AtLeast, f.AtMost
	default:
		s.Type, s.Additional, s.Properties = "object", new(bool), propertiesOf(f)
	}
	for _, k := range f.Keys {
		if k.Required != "" {
			s.Required = append(s.Required, k.Name)
		}
	}
	for _, name := range f.OneOf {
		s.AnyOf = append(s.AnyOf, jsonSchema{Required: []string{name}, Properties: map[string]jsonSchema{name: {}}}) // a strict ajv requires both
	}
	return s
}

func (s *jsonSchema) textOf(f *yamlform.Form) {
	if f.Allowed == nil {
		s.Type, s.Pattern = "string", f.Pattern
		return
	}
	for _, value := range f.Allowed {
		s.Enum = append(s.Enum, value)
	}
	if slices.Contains(f.Allowed, "off") {
		s.Enum = append(s.Enum, false) // as YAML 1.1 reads off
	}
}

func propertiesOf(f *yamlform.Form) map[string]jsonSchema {
	properties := map[string]jsonSchema{}
	for _, k := range f.Keys {
		properties[k.Name] = schemaOf(k.Form)
		if f.Nullable {
			properties[k.Name] = orNull(properties[k.Name])
		}
	}
	if f.Values != nil {
		for name, value := range f.Known() {
			properties[name] = schemaOf(value)
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
