package specgen

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// typeSpec is one integration type of one generation, as its component schema states it.
type typeSpec struct {
	Name, Title, Description string
	Fields                   []fieldSpec
	Removed                  []removed
	Caveats                  []pair
	schema                   []byte
}

type fieldSpec struct {
	Name, Title, Description   string
	Kind                       string
	Nullable, Required         bool
	ReadOnly, WriteOnly        bool
	Const                      string
	Enum                       []string
	Pattern, DisputedPattern   string
	MinLength, MaxLength       int
	Default                    string
	Format, Secret, Since      string
	Unset                      string
	TemplateBytes              int
	TemplateShape              string
	Evidence                   string
	Aliases, RefusedValues     []pair
	EnumNotes                  []pair
	requestSchema, ownKeywords *yaml.Node
}

type removed struct{ Name, Since, Use string }

type pair struct{ Value, Text string }

// readTypes reads the members of the union Integration, in the order of its discriminator mapping.
func readTypes(doc Document) ([]typeSpec, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return nil, err
	}
	schemas := lookup(root, "components", "schemas")
	mapping := lookup(schemas, "Integration", "discriminator", "mapping")
	if mapping == nil {
		return nil, fmt.Errorf("no components.schemas.Integration with a discriminator mapping")
	}
	var types []typeSpec
	for name, ref := range members(mapping) {
		node, err := component(schemas, ref)
		if err != nil {
			return nil, err
		}
		t, err := readType(name, node)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if t.schema, err = t.requestSchema(doc.Generation, node, example(root, name)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := prove(t.schema); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		types = append(types, t)
	}
	return types, nil
}

// readMediaType returns the media type that the document prefers, the first one, for payloads. Answers have
// it too.
func readMediaType(doc Document) (string, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return "", err
	}
	for name := range members(lookup(root, "components", "requestBodies", "Payload", "content")) {
		return name, nil
	}
	return "", fmt.Errorf("no components.requestBodies.Payload with a media type")
}

func readType(name string, node *yaml.Node) (typeSpec, error) {
	t := typeSpec{Name: name}
	var required []*yaml.Node
	for key, value := range members(node) {
		switch key {
		case "title":
			t.Title = value.Value
		case "description":
			t.Description = value.Value
		case "required":
			required = append(required, value.Content...)
		case "x-request":
			if list := lookup(value, "required"); list != nil && len(value.Content) == 2 {
				required = append(required, list.Content...)
			} else {
				return t, unknown(value, "x-request of a type, but for required,")
			}
		case "x-removed-fields":
			for field, r := range members(value) {
				t.Removed = append(t.Removed, removed{field, text(r, "since"), text(r, "use")})
			}
		case "x-caveats":
			t.Caveats = pairs(value)
		case "type", "properties", "x-evidence":
		default:
			return t, unknown(value, key)
		}
	}
	for field, value := range members(lookup(node, "properties")) {
		f, err := readField(field, value)
		if err != nil {
			return t, fmt.Errorf("%s: %w", field, err)
		}
		t.Fields = append(t.Fields, f)
	}
	return t, t.require(required)
}

func (t *typeSpec) require(names []*yaml.Node) error {
	for _, name := range names {
		i := slices.IndexFunc(t.Fields, func(f fieldSpec) bool { return f.Name == name.Value })
		if i < 0 {
			return fmt.Errorf("line %d: %s is required but is no property", name.Line, name.Value)
		}
		t.Fields[i].Required = true
	}
	return nil
}

func readField(name string, node *yaml.Node) (fieldSpec, error) {
	f := fieldSpec{Name: name, ownKeywords: node, requestSchema: lookup(node, "x-request")}
	if err := f.read(node); err != nil {
		return f, err
	}
	// What x-request states holds for requests, and the index speaks of requests.
	if f.requestSchema != nil {
		f.Nullable = f.Nullable && lookup(f.requestSchema, "type") == nil
		if err := f.read(f.requestSchema); err != nil {
			return f, err
		}
	}
	return f, nil
}

// read takes over the keywords of node. It knows every keyword that the validator can speak about, and
// refuses the others: a constraint that nobody can explain to a user has no place in the documents.
func (f *fieldSpec) read(node *yaml.Node) (err error) {
	for key, value := range members(node) {
		switch key {
		case "title":
			f.Title = value.Value
		case "description":
			f.Description = value.Value
		case "type":
			f.Kind, f.Nullable = kind(value)
		case "const":
			f.Const = value.Value
		case "enum":
			f.Enum = values(value)
		case "pattern":
			f.Pattern = value.Value
		case "minLength":
			f.MinLength, err = strconv.Atoi(value.Value)
		case "maxLength":
			f.MaxLength, err = strconv.Atoi(value.Value)
		case "default":
			f.Default = value.Value
		case "format":
			f.Format = value.Value
		case "readOnly":
			f.ReadOnly = value.Value == "true"
		case "writeOnly":
			f.WriteOnly = value.Value == "true"
		case "x-secret":
			f.Secret, err = value.Value, oneOf(value, "last4", "origin", "omitted")
		case "x-unset":
			f.Unset, err = unset(value)
		case "x-since":
			f.Since = value.Value
		case "x-disputed-pattern":
			f.DisputedPattern = value.Value
		case "x-evidence":
			f.Evidence = value.Value
		case "x-enum-descriptions":
			f.EnumNotes, err = pairs(value), f.explains(value)
		case "x-aliases":
			f.Aliases = pairs(value)
		case "x-refused-values":
			f.RefusedValues = pairs(value)
		case "x-template":
			f.TemplateShape = text(value, "shape")
			f.TemplateBytes, err = strconv.Atoi(text(value, "maxBytes"))
		case "examples", "x-request":
		default:
			return unknown(value, key)
		}
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", value.Line, key, err)
		}
	}
	return nil
}

// explains refuses words about values that the field does not have. The enum stands above them.
func (f *fieldSpec) explains(node *yaml.Node) error {
	for value := range members(node) {
		if !slices.Contains(f.Enum, value) {
			return fmt.Errorf("%q is not in the enum above it", value)
		}
	}
	return nil
}

// unset reads what answers show of a field without a value, as JSON.
func unset(node *yaml.Node) (string, error) {
	switch {
	case node.Tag == "!!null":
		return "null", nil
	case node.Tag == "!!str" && node.Value == "":
		return `""`, nil
	default:
		return "", fmt.Errorf("%q is neither null nor an empty text", node.Value)
	}
}

func readRefusedTypes(doc Document) ([]pair, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return nil, err
	}
	return pairs(lookup(root, "components", "schemas", "IntegrationType", "x-refused-types")), nil
}

// errorCode is one value of errorCode in Atlas's answers.
type errorCode struct {
	Code, Status, Detail, Cause, Cure, Evidence string
	Parameters                                  []string
}

func readErrorCodes(doc Document) ([]errorCode, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return nil, err
	}
	var codes []errorCode
	for code, e := range members(lookup(root, "components", "schemas", "ApiError", "x-error-codes")) {
		read := errorCode{Code: code}
		for key, value := range members(e) {
			switch key {
			case "status":
				read.Status = value.Value
			case "detail":
				read.Detail = value.Value
			case "parameters":
				read.Parameters = values(value)
			case "cause":
				read.Cause = value.Value
			case "cure":
				read.Cure = value.Value
			case "evidence":
				read.Evidence = value.Value
			default:
				return nil, unknown(value, key)
			}
		}
		codes = append(codes, read)
	}
	return codes, nil
}
