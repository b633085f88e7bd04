package specgen

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// typeSpec is one integration type of one API version, as its component schema states it.
type typeSpec struct {
	Name, Title, Description string
	Fields                   []fieldSpec
	Removed                  []removed
	OAuthFields              []string
	Caveats                  []pair
	schema                   []byte
}

type fieldSpec struct {
	Name, Title, Description string
	Kind                     string
	Nullable, Required       bool
	ReadOnly, WriteOnly      bool
	Const                    string
	Enum                     []string
	Pattern, DisputedPattern string
	MinLength, MaxLength     int
	Default                  string
	Format, Secret, Since    string
	Unset                    string
	TemplateBytes            int
	TemplateShape            string
	Evidence                 string
	Aliases, RejectedValues  []pair
	EnumNotes                []pair
	MissingOnCreate          string
	Fields                   []fieldSpec
	Items                    *fieldSpec
	Variants                 []fieldSpec
}

type removed struct{ Name, Since, Use string }

type pair struct{ Value, Text string }

// readTypes reads the members of the union Integration, in the order of its discriminator mapping.
func readTypes(doc Document) ([]typeSpec, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return nil, err
	}
	schemas := yamltree.Lookup(root, "components", "schemas")
	mapping := yamltree.Lookup(schemas, "Integration", "discriminator", "mapping")
	if mapping == nil {
		return nil, fmt.Errorf("no components.schemas.Integration with a discriminator mapping")
	}
	var types []typeSpec
	r := reader{schemas: schemas}
	for name, ref := range yamltree.Members(mapping) {
		node, err := component(schemas, ref)
		if err != nil {
			return nil, err
		}
		r.within = []*yaml.Node{node}
		t, err := r.readType(name, node)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if t.schema, err = r.requestSchema(t, doc.APIVersion, node, example(root, name)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := checkExample(t.schema); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		types = append(types, t)
	}
	return types, nil
}

// readMediaType returns the media type that the document prefers, the first one, for payloads. Responses have
// it too.
func readMediaType(doc Document) (string, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return "", err
	}
	for name := range yamltree.Members(yamltree.Lookup(root, "components", "requestBodies", "Payload", "content")) {
		return name, nil
	}
	return "", fmt.Errorf("no components.requestBodies.Payload with a media type")
}

// reader reads the component schemas of one document.
type reader struct {
	schemas *yaml.Node
	within  []*yaml.Node // the components that the reader is inside of
}

func (r reader) readType(name string, node *yaml.Node) (typeSpec, error) {
	t := typeSpec{Name: name}
	for key, value := range yamltree.Members(node) {
		switch key {
		case "title":
			t.Title = value.Value
		case "description":
			t.Description = value.Value
		case "x-request":
			if list := yamltree.Lookup(value, "required"); list == nil || len(value.Content) != 2 {
				return t, unknown(value, "x-request of a type, except required,")
			}
		case "x-removed-fields":
			for field, r := range yamltree.Members(value) {
				t.Removed = append(t.Removed, removed{field, yamltree.Text(r, "since"), yamltree.Text(r, "use")})
			}
		case "x-caveats":
			t.Caveats = pairs(value)
		case "x-oauth-fields":
			t.OAuthFields = values(value)
		case "type", "properties", "required", "x-evidence":
		default:
			return t, unknown(value, key)
		}
	}
	var err error
	t.Fields, err = r.readFields(node)
	return t, err
}

// readFields reads the properties of an object, and which of them are required.
func (r reader) readFields(node *yaml.Node) ([]fieldSpec, error) {
	var fields []fieldSpec
	for name, value := range yamltree.Members(yamltree.Lookup(node, "properties")) {
		f, err := r.readField(name, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fields = append(fields, f)
	}
	for _, list := range []*yaml.Node{yamltree.Lookup(node, "required"), yamltree.Lookup(node, "x-request", "required")} {
		if list == nil {
			continue
		}
		for _, name := range list.Content {
			i := slices.IndexFunc(fields, func(f fieldSpec) bool { return f.Name == name.Value })
			if i < 0 {
				return nil, fmt.Errorf("line %d: %s is required but is no property", name.Line, name.Value)
			}
			fields[i].Required = true
		}
	}
	return fields, nil
}

func (r reader) readField(name string, node *yaml.Node) (fieldSpec, error) {
	f := fieldSpec{Name: name}
	r, node, err := r.enter(node)
	if err != nil {
		return f, err
	}
	if err := r.read(&f, node); err != nil {
		return f, err
	}
	// What x-request states is valid for requests, and the index describes requests.
	if request := yamltree.Lookup(node, "x-request"); request != nil {
		f.Nullable = f.Nullable && yamltree.Lookup(request, "type") == nil
		if err := r.read(&f, request); err != nil {
			return f, err
		}
	}
	return f, r.checkKeywords(&f, node)
}

// enter follows a reference to a component schema. It rejects a reference to a component that the reader is inside
// of, because the index would have no end.
func (r reader) enter(node *yaml.Node) (reader, *yaml.Node, error) {
	target, err := r.target(node)
	if err != nil || target == yamltree.Resolve(node) {
		return r, target, err
	}
	if slices.Contains(r.within, target) {
		return r, nil, fmt.Errorf("line %d: %s forms a loop", node.Line, yamltree.Text(node, "$ref"))
	}
	r.within = append(slices.Clone(r.within), target)
	return r, target, nil
}

// target follows a reference to a component schema.
func (r reader) target(node *yaml.Node) (*yaml.Node, error) {
	if ref := yamltree.Lookup(node, "$ref"); ref != nil {
		if len(node.Content) != 2 {
			return nil, fmt.Errorf("line %d: a $ref has no other keywords next to it; add them to the schema that it names", ref.Line)
		}
		return component(r.schemas, ref)
	}
	return yamltree.Resolve(node), nil
}

// read copies the keywords of node. It accepts every keyword that the validator can explain and rejects the
// others: the documents must not contain a constraint without an explanation.
func (r reader) read(f *fieldSpec, node *yaml.Node) (err error) {
	for key, value := range yamltree.Members(node) {
		known, err := f.readKeyword(key, value)
		if !known {
			known, err = r.readNested(f, key, value)
		}
		switch {
		case err != nil:
			return fmt.Errorf("line %d: %s: %w", value.Line, key, err)
		case !known:
			return unknown(value, key)
		}
	}
	return nil
}

// readKeyword copies one keyword about the field itself. It reports false for an unknown one.
func (f *fieldSpec) readKeyword(key string, value *yaml.Node) (known bool, err error) {
	texts := map[string]*string{
		"title": &f.Title, "description": &f.Description, "const": &f.Const, "pattern": &f.Pattern, "default": &f.Default,
		"format": &f.Format, "x-since": &f.Since, "x-disputed-pattern": &f.DisputedPattern, "x-evidence": &f.Evidence,
		"x-missing-on-create": &f.MissingOnCreate,
	}
	if text := texts[key]; text != nil {
		*text = value.Value
		return true, nil
	}
	switch key {
	case "type":
		f.Kind, f.Nullable, err = kind(value)
	case "enum":
		if f.Enum = values(value); len(f.Enum) == 0 {
			err = errors.New("there are no values")
		}
	case "minLength":
		f.MinLength, err = count(value)
	case "maxLength":
		f.MaxLength, err = count(value)
	case "minItems", "maxItems":
		_, err = count(value)
	case "minimum", "maximum":
		_, err = wholeNumber(value)
	case "readOnly":
		f.ReadOnly = value.Value == "true"
	case "writeOnly":
		f.WriteOnly = value.Value == "true"
	case "x-secret":
		f.Secret, err = value.Value, oneOf(value, "last4", "origin", "omitted")
	case "x-unset":
		f.Unset, err = unset(value)
	case "x-enum-descriptions":
		f.EnumNotes, err = f.described(value)
	case "x-aliases":
		f.Aliases = pairs(value)
	case "x-rejected-values":
		f.RejectedValues = pairs(value)
	case "x-template":
		f.TemplateShape = yamltree.Text(value, "shape")
		f.TemplateBytes, err = count(yamltree.Lookup(value, "maxBytes"))
	case "uniqueItems", "examples", "x-request", "required", "additionalProperties":
	default:
		return false, nil
	}
	return true, err
}

// readNested copies a keyword that contains other schemas.
func (r reader) readNested(f *fieldSpec, key string, value *yaml.Node) (known bool, err error) {
	switch key {
	case "properties":
		return true, nil // see checkKeywords
	case "items":
		item, err := r.readField("", value)
		f.Items = &item
		return true, err
	case "discriminator":
		return true, nil
	case "oneOf":
		f.Kind = "union"
		for _, branch := range value.Content {
			variant, err := r.readField("", branch)
			if err != nil {
				return true, err
			}
			f.Variants = append(f.Variants, variant)
		}
		return true, nil
	}
	return false, nil
}

// unset reads what responses show of a field without a value, as JSON.
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

// rejectedType is a type name that no API version serves.
type rejectedType struct{ Name, Text, ErrorCode string }

func readRejectedTypes(doc Document) ([]rejectedType, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return nil, err
	}
	var list []rejectedType
	for name, value := range yamltree.Members(yamltree.Lookup(root, "components", "schemas", "IntegrationType", "x-rejected-types")) {
		r := rejectedType{Name: name, Text: value.Value}
		if value.Value == "" {
			r.Text, r.ErrorCode = yamltree.Text(value, "text"), yamltree.Text(value, "errorCode")
		}
		list = append(list, r)
	}
	return list, nil
}

// errorCode is one value of errorCode in Atlas's responses.
type errorCode struct {
	Code, Status, Detail, Cause, Fix, FixDelete, Evidence string
	Parameters                                            []string
}

func readErrorCodes(doc Document) ([]errorCode, error) {
	root, err := parse(doc.YAML)
	if err != nil {
		return nil, err
	}
	var codes []errorCode
	for code, e := range yamltree.Members(yamltree.Lookup(root, "components", "schemas", "ApiError", "x-error-codes")) {
		read := errorCode{Code: code}
		for key, value := range yamltree.Members(e) {
			switch key {
			case "status":
				read.Status = value.Value
			case "detail":
				read.Detail = value.Value
			case "parameters":
				read.Parameters = values(value)
			case "cause":
				read.Cause = value.Value
			case "fix":
				read.Fix = value.Value
			case "fix-delete":
				read.FixDelete = value.Value
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
