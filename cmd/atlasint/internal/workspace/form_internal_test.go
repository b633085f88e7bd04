package workspace

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
)

// values are values of keys of the configuration, right and wrong. They have no fault that only the decoder finds, such
// as an unknown type or a malformed pattern.
var values = []any{
	nil, "", "v2", "v1.0", "error", "off", "0123456789abcdef01234567", 2.0, true, false, []any{}, []any{"a"},
	[]any{"*"}, []any{1.0}, []any{nil}, []any{[]any{}}, map[string]any{},
	map[string]any{"url": "off"}, map[string]any{"url": false}, map[string]any{"url": "fatal"},
	map[string]any{"url": nil}, map[string]any{"nonsense": "off"}, map[string]any{"syntax": "error"},
}

func drawMapping(rt *rapid.T, what string, keys []string, nested map[string]*rapid.Generator[any]) map[string]any {
	m := map[string]any{}
	for _, name := range keys {
		if !rapid.Bool().Draw(rt, what+" has "+name) {
			continue
		}
		value := rapid.SampledFrom(values)
		if nested[name] != nil && rapid.IntRange(0, 3).Draw(rt, "form of "+name) > 0 {
			value = nested[name]
		}
		m[name] = value.Draw(rt, name)
	}
	return m
}

func listOf(what string, keys []string, nested map[string]*rapid.Generator[any]) *rapid.Generator[any] {
	return rapid.Custom(func(rt *rapid.T) any {
		var list []any
		for range rapid.IntRange(1, 2).Draw(rt, "length") {
			list = append(list, drawMapping(rt, what, keys, nested))
		}
		return list
	})
}

// The JSON Schema for editors accepts exactly the configurations that the command accepts.
func TestConfigSchemaAgreesWithTheDecoder(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(ConfigSchema())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("c.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("c.json")
	if err != nil {
		t.Fatal(err)
	}
	text, texts, api := rapid.Just[any]("a/b.json"), rapid.Just[any]([]any{"DATADOG", "*"}), rapid.Just[any]("v2")
	rules := rapid.Just[any](map[string]any{"url": "off", "enum": "warning"})
	schemas := listOf("schema", []string{"types", "file", "severity"},
		map[string]*rapid.Generator[any]{"types": texts, "file": text, "severity": rapid.Just[any]("error")})
	overrides := listOf("override", []string{"paths", "api", "rules", "schemas", "other"},
		map[string]*rapid.Generator[any]{"paths": texts, "api": api, "rules": rules, "schemas": schemas})
	whole := map[string]*rapid.Generator[any]{
		"overrides": overrides,
		"schemas":   schemas,
		"exclude":   texts,
		"rules":     rules,
		"api":       api,
		"baseURL":   text,
		"extends":   text,
		"groupId":   rapid.Just[any]("0123456789abcdef01234567"),
		"yaml":      rapid.Just[any](true),
	}
	keys := []string{"extends", "api", "rules", "exclude", "overrides", "schemas", "groupId", "baseURL", "yaml", "other"}
	accepted := 0
	rapid.Check(t, func(rt *rapid.T) {
		config := any(drawMapping(rt, "configuration", keys, whole))
		if rapid.IntRange(0, 20).Draw(rt, "no mapping") == 0 {
			config = rapid.SampledFrom(values).Draw(rt, "configuration")
		}
		data, err := json.Marshal(config) // JSON is YAML
		if err != nil {
			rt.Fatal(err)
		}
		_, byDecoder := newConfig("/"+ConfigName, "/"+ConfigName, data, false, glob.NewBudget())
		bySchema := schema.Validate(config)
		isUnknownType := byDecoder != nil && strings.Contains(byDecoder.Error(), "types: unknown type")
		isEmpty := strings.Contains(string(data), `"file":""`) || strings.Contains(string(data), `"exclude":[""]`)
		if isUnknownType || isEmpty {
			rt.Skip("a fault that only the decoder finds")
		}
		if (bySchema == nil) != (byDecoder == nil) {
			rt.Fatalf("%s\nschema: %v\ncommand: %v", data, bySchema, byDecoder)
		}
		if bySchema == nil {
			accepted++
		}
	})
	if accepted == 0 {
		t.Error("no configuration was accepted")
	}
}

// A long list of schemas is rejected by the schema and by the command.
func TestConfigSchemaBoundsSchemas(t *testing.T) {
	if got := schemaOf(configForm()).Properties["schemas"].MaxItems; got != maxSchemas {
		t.Errorf("at most %d schemas, want %d", got, maxSchemas)
	}
}
