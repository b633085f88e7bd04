package schema

import (
	"iter"
	"strconv"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// inPlace are the keywords whose subschemas apply to the same value as the keyword.
var inPlace = map[string]bool{
	"$ref": true, "allOf": true, "anyOf": true, "oneOf": true, "not": true, "if": true, "then": true, "else": true,
	"dependentSchemas": true, "dependencies": true,
}

// part is a subschema of a keyword, with its name or index if the keyword has several.
type part struct {
	schema *jsonpos.Value
	token  *string
}

// parts returns the subschemas that are written below a keyword.
func parts(m *jsonpos.Member) iter.Seq[part] {
	v := &m.Value
	switch contentOf(m) {
	case "schema":
		return schemasOf(1, func(int) part { return part{schema: v} })
	case "list":
		return schemasOf(len(v.Elements), func(i int) part {
			index := strconv.Itoa(i)
			return part{&v.Elements[i], &index}
		})
	case "names":
		return schemasOf(len(v.Members), func(i int) part { return part{&v.Members[i].Value, &v.Members[i].Name} })
	}
	return schemasOf(0, nil)
}

// contentOf returns what the value of a keyword contains, as [subschemas] does: "schema", "list", "names" or "".
func contentOf(m *jsonpos.Member) string {
	switch {
	case m.Name == "propertyNames":
		return "schema"
	case m.Name == "dependencies":
		return "names"
	case m.Name == "items" && m.Value.Kind == jsonpos.Array:
		return "list"
	}
	return subschemas[m.Name]
}

// schemasOf returns those of n parts that are schemas.
func schemasOf(n int, at func(i int) part) iter.Seq[part] {
	return func(yield func(part) bool) {
		for i := range n {
			if p := at(i); isSchema(p.schema) && !yield(p) {
				return
			}
		}
	}
}

func isSchema(v *jsonpos.Value) bool { return v.Kind == jsonpos.Object || v.Kind == jsonpos.Bool }

// members are the keywords of a subschema that have an effect: in draft-07 a $ref hides the others.
func (s *Schema) members(v *jsonpos.Value) []jsonpos.Member {
	if !s.draft7 {
		return v.Members
	}
	for i := range v.Members {
		if v.Members[i].Name == "$ref" {
			return v.Members[i : i+1]
		}
	}
	return v.Members
}

// applied returns the subschemas that a subschema applies to its value or to parts of it, with their keywords.
func (s *Schema) applied(v *jsonpos.Value) iter.Seq2[*jsonpos.Member, *jsonpos.Value] {
	return func(yield func(*jsonpos.Member, *jsonpos.Value) bool) {
		members := s.members(v)
		for i := range members {
			for _, sub := range s.appliedBy(&members[i]) {
				if !yield(&members[i], sub) {
					return
				}
			}
		}
	}
}

// appliedBy returns the subschemas that a keyword applies: those in its value, or the target of a reference.
func (s *Schema) appliedBy(m *jsonpos.Member) (list []*jsonpos.Value) {
	switch m.Name {
	case "$defs", "definitions":
		return nil
	case "$ref":
		if found, _ := s.resolve(m.Value.Text); found != nil {
			list = append(list, found)
		}
	}
	for sub := range parts(m) {
		list = append(list, sub.schema)
	}
	return list
}

// walker goes through a value as jsonschema/v5 does, without deciding anything. It counts the steps before they are
// taken, and finds the strings that a subschema looks at.
type walker struct {
	schema  *Schema
	steps   int                       // left
	unknown func(*jsonpos.Value) bool // whether the contents of a string are unknown; may be nil
	meets   bool                      // a keyword looked at a string with unknown contents
}

// apply takes the steps of a subschema for a value. Errors have the JSON Pointer of the value and that of the keyword
// with all references in its path, which jsonschema/v5 joins token by token: path is the bytes of both.
func (w *walker) apply(s, v *jsonpos.Value, path int) {
	w.steps -= 1 + path/256 + path/1024*(path/1024) + (len(v.Members)+len(v.Elements))/8
	if w.steps < 0 || s.Kind != jsonpos.Object {
		return
	}
	members := w.schema.members(s)
	for i := range members {
		if members[i].Name == "type" && !mayBe(&members[i].Value, v.Kind) {
			return
		}
	}
	for i := range members {
		w.keyword(s, &members[i], v, path)
	}
}

func mayBe(types *jsonpos.Value, kind jsonpos.Kind) bool {
	n := node{}
	return !n.types(types) || n.kinds&kindOf(kind) != 0
}

func (w *walker) keyword(s *jsonpos.Value, m *jsonpos.Member, v *jsonpos.Value, path int) {
	if m.Name == "$ref" {
		if found, _ := w.schema.resolve(m.Value.Text); found != nil {
			w.apply(found, v, path+len("/$ref"))
		}
		return
	}
	w.own(m, v, path)
	path += len("/") + len(m.Name)
	for sub := range parts(m) {
		if w.steps < 0 {
			return
		}
		below := path
		if sub.token != nil {
			below += len("/") + len(*sub.token)
		}
		if inPlace[m.Name] {
			if hidden := sub.token != nil && m.Value.Kind == jsonpos.Object && v.Member(*sub.token) == nil; !hidden {
				w.apply(sub.schema, v, below)
			}
			continue
		}
		w.children(s, m, sub, v, below)
	}
}

// own takes the steps of a keyword without those of its subschemas.
func (w *walker) own(m *jsonpos.Member, v *jsonpos.Value, path int) {
	switch m.Name {
	case "pattern":
		if v.Kind == jsonpos.String {
			w.steps -= len(v.Text) * w.schema.expressions[m.Value.Text].instructions / 256
		}
	case "minLength", "maxLength", "format":
		w.steps -= len(v.Text) / 64
		if v.Kind == jsonpos.String && m.Value.Text == "regex" {
			w.steps -= parsing(v.Text)
		}
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "type":
		if v.Kind == jsonpos.Number {
			w.steps -= calculation(v, &m.Value)
		}
		return
	case "enum", "const":
		w.steps -= (m.Value.End-m.Value.Start)/16 + comparisons(m, v)
	case "uniqueItems":
		w.steps -= distinction(v)
	case "properties", "patternProperties", "dependentSchemas": // jsonschema/v5 goes through all names
		w.steps -= len(m.Value.Members) / 16
		return
	case "required", "dependentRequired", "dependencies": // each missing name may be an error
		if v.Kind == jsonpos.Object {
			w.steps -= (m.Value.End - m.Value.Start) / 16 * (1 + path/256)
		}
		return
	default:
		return
	}
	w.meets = w.meets || w.unknown != nil && w.containsUnknown(v)
}

func (w *walker) containsUnknown(v *jsonpos.Value) bool {
	if v.Kind == jsonpos.String {
		return w.unknown(v)
	}
	for i := range v.Elements {
		if w.containsUnknown(&v.Elements[i]) {
			return true
		}
	}
	for i := range v.Members {
		if w.containsUnknown(&v.Members[i].Value) {
			return true
		}
	}
	return false
}

// children applies a subschema to the parts of a value that its keyword is about. It may apply one to more parts
// than jsonschema/v5 does, never to fewer.
func (w *walker) children(s *jsonpos.Value, m *jsonpos.Member, sub part, v *jsonpos.Value, path int) {
	switch m.Name {
	case "properties":
		w.steps -= len(v.Members) / 64
		if found := v.Member(*sub.token); found != nil {
			w.apply(sub.schema, &found.Value, path+len(found.Name)+1)
		}
	case "patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames":
		for i := 0; i < len(v.Members) && w.steps >= 0; i++ {
			w.member(s, m, sub, &v.Members[i], path)
		}
	case "prefixItems", "items", "additionalItems", "contains", "unevaluatedItems":
		w.elements(sub, v, path)
	}
}

// elements applies a subschema to the element with its index, or to all elements.
func (w *walker) elements(sub part, v *jsonpos.Value, path int) {
	if sub.token != nil {
		if found := child(v, *sub.token); found != nil && v.Kind == jsonpos.Array {
			w.apply(sub.schema, found, path+8)
		}
		return
	}
	for i := 0; i < len(v.Elements) && w.steps >= 0; i++ {
		w.apply(sub.schema, &v.Elements[i], path+8)
	}
}

func (w *walker) member(s *jsonpos.Value, m *jsonpos.Member, sub part, of *jsonpos.Member, path int) {
	path += len(of.Name) + 1
	switch m.Name {
	case "patternProperties":
		re := w.schema.expressions[*sub.token]
		w.steps -= 1 + len(of.Name)*re.instructions/256
		if w.steps < 0 || !re.MatchString(of.Name) {
			return
		}
	case "additionalProperties":
		if properties := s.Member("properties"); properties != nil {
			w.steps -= 1 + len(properties.Value.Members)/64
			if properties.Value.Member(of.Name) != nil {
				return
			}
		}
	case "propertyNames":
		names := walker{schema: w.schema, steps: w.steps}
		names.apply(sub.schema, &jsonpos.Value{Kind: jsonpos.String, Text: of.Name}, path)
		w.steps = names.steps
		return
	}
	w.apply(sub.schema, &of.Value, path)
}

// exceeds reports whether validating v would take more than [MaxSteps] steps.
func (s *Schema) exceeds(v *jsonpos.Value) bool {
	w := walker{schema: s, steps: MaxSteps}
	w.apply(s.root, v, 0)
	return w.steps < 0
}

// condition is the subschema of an if that decided that a keyword applies, and how many tokens of the failure's
// instance lead to the value that it was applied to.
type condition struct {
	schema *jsonpos.Value
	depth  int
}

// DependsOn reports whether a failure of root may depend on the contents of strings for which unknown reports true: on
// such a string itself, or on one that not, anyOf, oneOf, contains or the if before it looks at. That a value is a
// string is known.
func (s *Schema) DependsOn(f Failure, root *jsonpos.Value, unknown func(*jsonpos.Value) bool) bool {
	if f.Schema == nil {
		return false
	}
	w := walker{schema: s, steps: MaxSteps, unknown: unknown}
	keyword := f.Keyword
	if keyword == "minContains" || keyword == "maxContains" {
		keyword = "contains"
	}
	if m := f.Schema.Member(keyword); m != nil {
		w.keyword(f.Schema, m, Find(root, f.Instance), 0)
	}
	for _, c := range f.conditions {
		w.apply(c.schema, Find(root, f.Instance[:min(c.depth, len(f.Instance))]), 0)
	}
	return w.meets
}
