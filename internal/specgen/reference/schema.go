package reference

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// property is a schema and its place: a member of an object, or a parameter.
type property struct {
	ID, Name, Title   string
	Required          bool
	Type, Description template.HTML
	Facts             []fact
}

// schema is one component schema.
type schema struct {
	property
	Properties []property
}

func (d *document) schema(name string, node *yaml.Node) (sch schema, err error) {
	if sch.property, err = d.property(node); err != nil {
		return sch, err
	}
	sch.ID, sch.Name = "schema-"+name, name
	sch.Properties, err = d.properties("", node)
	for i := range sch.Properties {
		sch.Properties[i].ID = sch.ID + "." + sch.Properties[i].Name
	}
	return sch, err
}

// properties returns the members of an object and of the objects in it, such as "a", "a.b" and "c[].d". Components have
// an entry of their own. The ID of a member is its name.
func (d *document) properties(prefix string, node *yaml.Node) (all []property, err error) {
	required := texts(yamltree.Lookup(node, "required"))
	required = append(required, texts(yamltree.Lookup(node, "x-request", "required"))...)
	for name, child := range yamltree.Members(yamltree.Lookup(node, "properties")) {
		p, err := d.property(child)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		p.Name, p.Required = prefix+name, slices.Contains(required, name)
		p.ID = p.Name
		inner, err := d.properties(p.Name+".", child)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(append(all, p), inner...)
	}
	if items := yamltree.Lookup(node, "items"); items != nil {
		inner, err := d.properties(strings.TrimSuffix(prefix, ".")+"[].", items)
		if err != nil {
			return nil, err
		}
		all = append(all, inner...)
	}
	for _, keyword := range []string{"oneOf", "allOf"} {
		for _, part := range yamltree.Elements(yamltree.Lookup(node, keyword)) {
			inner, err := d.properties(prefix, part)
			if err != nil {
				return nil, err
			}
			all = append(all, ofVariant(inner, yamltree.Text(part, "title"))...)
		}
	}
	return all, nil
}

// ofVariant adds the title of a variant to the facts of its members.
func ofVariant(members []property, title string) []property {
	for i := range members {
		if title != "" {
			members[i].Facts = append(members[i].Facts, fact{"Variant", content(title)})
		}
	}
	return members
}

// property reads the keywords of a schema. It returns an error for a keyword that the reference can't show.
func (d *document) property(node *yaml.Node) (p property, err error) {
	if p.Type, err = d.typeText(node); err != nil {
		return p, err
	}
	p.Title = yamltree.Text(node, "title")
	p.Description = d.site.text(yamltree.Text(node, "description"))
	for key, value := range yamltree.Members(node) {
		facts, err := d.keyword(key, value, node)
		if err != nil {
			return p, fmt.Errorf("line %d: %s: %w", value.Line, key, err)
		}
		p.Facts = append(p.Facts, facts...)
	}
	if items := yamltree.Lookup(node, "items"); items != nil && yamltree.Text(items, "$ref") == "" {
		element, err := d.property(items)
		if err != nil {
			return p, err
		}
		for _, f := range element.Facts {
			p.Facts = append(p.Facts, fact{"Elements: " + strings.ToLower(f.Label), f.Value})
		}
	}
	slices.SortStableFunc(p.Facts, func(a, b fact) int { return rank(a) - rank(b) })
	return p, nil
}

// rank puts the evidence last.
func rank(f fact) int {
	if f.Label == "Evidence" {
		return 1
	}
	return 0
}

// labels are the keywords whose value is shown unchanged.
var labels = map[string]string{
	"const": "Constant", "default": "Default", "format": "Format", "pattern": "Pattern",
	"minLength": "Minimum length", "maxLength": "Maximum length", "minimum": "Minimum", "maximum": "Maximum",
	"exclusiveMinimum": "Greater than",
	"minItems":         "Minimum number of elements", "maxItems": "Maximum number of elements", "maxProperties": "Maximum number of members",
	"x-disputed-pattern": "Disputed pattern",
}

// structure are the keywords that are shown elsewhere than in the facts of the schema: its type, its members, the pages
// of types and of errors.
var structure = []string{
	"$ref", "type", "title", "description", "items", "properties", "required", "oneOf", "allOf", "discriminator", "x-enum-descriptions",
	"x-error-codes", "x-removed-fields", "x-caveats", "x-oauth-fields",
}

func (d *document) keyword(key string, value, node *yaml.Node) ([]fact, error) {
	if label := labels[key]; label != "" {
		return []fact{{label, code(value.Value)}}, nil
	}
	if slices.Contains(structure, key) {
		return nil, nil
	}
	if key == "x-request" {
		return d.requestFacts(value)
	}
	if strings.HasPrefix(key, "x-") {
		return d.extension(key, value)
	}
	return d.composite(key, value, node)
}

// requestFacts are the facts that apply to requests only.
func (d *document) requestFacts(node *yaml.Node) (facts []fact, err error) {
	for key, value := range yamltree.Members(node) {
		if key == "type" {
			facts = append(facts, fact{"Type in requests", escape(value.Value)})
			continue
		}
		found, err := d.keyword(key, value, node)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			facts = append(facts, fact{f.Label + " in requests", f.Value})
		}
	}
	return facts, nil
}

// composite returns the facts of a keyword with more than one value, or one that is a switch.
func (d *document) composite(key string, value, node *yaml.Node) ([]fact, error) {
	switch key {
	case "enum":
		return []fact{{"Values", enum(value, yamltree.Lookup(node, "x-enum-descriptions"))}}, nil
	case "examples":
		return []fact{{"Examples", codes(value)}}, nil
	case "readOnly":
		return []fact{{"Read-only", "set by the server; not in requests"}}, nil
	case "writeOnly":
		return []fact{{"Write-only", "not in responses"}}, nil
	case "uniqueItems":
		return []fact{{"Elements", "all different"}}, nil
	case "propertyNames":
		return []fact{{"Names", "match " + code(yamltree.Text(value, "pattern"))}}, nil
	case "additionalProperties":
		if value.Value == "false" {
			return nil, nil // as of most schemas; the page states it once
		}
		values, err := d.property(value)
		return append([]fact{{"Values of members", values.Type}}, values.Facts...), err
	case "anyOf":
		return []fact{{"Required", "at least one of " + requiredNames(value)}}, nil
	case "not":
		return []fact{{"Not allowed", requiredNames(yamltree.Lookup(value, "anyOf"))}}, nil
	}
	return nil, fmt.Errorf("the reference can't show this keyword")
}

// requiredNames returns the names in a list of schemas that each only require a member.
func requiredNames(schemas *yaml.Node) template.HTML {
	var names []template.HTML
	for _, s := range yamltree.Elements(schemas) {
		for _, name := range texts(yamltree.Lookup(s, "required")) {
			names = append(names, code(name))
		}
	}
	return list(names, ", ")
}

func codes(values *yaml.Node) template.HTML {
	var all []template.HTML
	for _, v := range texts(values) {
		all = append(all, code(v))
	}
	return list(all, ", ")
}

// manyValues is the number of values from which on a list of them is folded.
const manyValues = 20

// enum returns the values with their descriptions, of which there are as many or none.
func enum(values, notes *yaml.Node) template.HTML {
	var items []template.HTML
	descriptions := texts(notes)
	for i, v := range texts(values) {
		item := code(v)
		if v == "" {
			item = "empty"
		}
		if i < len(descriptions) {
			item += content(": " + descriptions[i])
		}
		items = append(items, item)
	}
	switch {
	case len(descriptions) > 0:
		return "<ul><li>" + list(items, "</li><li>") + "</li></ul>"
	case len(items) >= manyValues:
		return template.HTML(fmt.Sprintf("<details><summary>%d values</summary>", len(items))) + list(items, ", ") + "</details>"
	}
	return list(items, ", ")
}

// typeText describes the type of a schema, with links to components.
func (d *document) typeText(node *yaml.Node) (template.HTML, error) {
	if ref := yamltree.Text(node, "$ref"); ref != "" {
		_, name, err := d.follow(node)
		return d.schemaLink(name), err
	}
	for _, c := range []struct {
		keyword string
		word    template.HTML
	}{{"oneOf", " or "}, {"allOf", " and "}} {
		if parts := yamltree.Elements(yamltree.Lookup(node, c.keyword)); len(parts) > 0 {
			return d.combined(parts, c.word)
		}
	}
	types := yamltree.Lookup(node, "type")
	switch {
	case types == nil && yamltree.Lookup(node, "const") == nil && yamltree.Lookup(node, "enum") == nil:
		return "any value", nil
	case types == nil:
		return "constant", nil
	case types.Kind == yaml.SequenceNode:
		return escape(strings.Join(texts(types), " or ")), nil
	}
	if items := yamltree.Lookup(node, "items"); items != nil {
		element, err := d.typeText(items)
		return "array of " + element, err
	}
	return escape(types.Value), nil
}

// combined describes the types of several schemas.
func (d *document) combined(parts []*yaml.Node, word template.HTML) (template.HTML, error) {
	var all []template.HTML
	for _, v := range parts {
		text, err := d.typeText(v)
		if err != nil {
			return "", err
		}
		if title := yamltree.Text(v, "title"); title != "" {
			text += escape(" (" + title + ")")
		}
		all = append(all, text)
	}
	return list(all, word), nil
}

func (d *document) schemaLink(name string) template.HTML {
	if typ := d.typeOf(name); typ != "" {
		return link(typeFile(typ), code(typ))
	}
	return link("#schema-"+name, code(name))
}

// oneLine writes a value as JSON on one line.
func oneLine(value any) (string, error) {
	data, err := ordered.Indent(value)
	if err != nil {
		return "", err
	}
	var compact strings.Builder
	dec := json.NewEncoder(&compact)
	dec.SetEscapeHTML(false)
	err = dec.Encode(json.RawMessage(data))
	return strings.TrimSpace(compact.String()), err
}
