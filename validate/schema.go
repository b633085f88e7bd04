package validate

import (
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/schema"
)

// failure is what a value fails in its type's schema.
type failure struct {
	schema.Failure
	value *jsonpos.Value // the object itself, where names of its members are missing or surplus
	field *atlas.Field   // nil where the index does not have it
	path  []string
}

// schema validates the payload by its type's schema. Most payloads are accepted in one pass; jsonschema/v5
// decides about all others.
func (c *check) schema(root *jsonpos.Value) {
	if c.typ.schema().Accepts(root) {
		return
	}
	failures, err := c.typ.schema().Validate(root)
	if err != nil { // only a schema that jsonschema/v5 does not compile, which specgen does not publish
		panic("validate: the schema of " + c.typ.Name + ": " + err.Error())
	}
	for _, f := range failures {
		if isContent[f.Keyword] && c.reported[schema.Find(root, f.Instance)] {
			continue
		}
		c.explain(c.failure(f))
	}
}

// isContent are the keywords about the contents of a string, of which a rule may have found the most telling
// fault already.
var isContent = map[string]bool{"enum": true, "const": true, "pattern": true, "minLength": true, "maxLength": true, "format": true}

func (c *check) failure(f schema.Failure) failure {
	value, field := c.root, c.typ.Payload
	for _, token := range f.Instance {
		if field != nil && value.Kind == jsonpos.Object {
			field = variantOf(field, value).Lookup(token)
		} else if field != nil {
			field = field.Items
		}
		value = schema.Find(value, []string{token})
	}
	if field != nil {
		field = variantOf(field, value)
	}
	return failure{Failure: f, value: value, field: field, path: f.Instance}
}

// explain adds the findings of one failure.
func (c *check) explain(f failure) {
	for _, r := range schemaRules {
		if r.explains(f) {
			r.explain(c, f)
			return
		}
	}
}

// secret reports whether the value must not be shown: a secret, what came of a reference, or a value in a field
// that nothing is known of.
func (c *check) secret(f failure) bool {
	return f.field == nil || f.field.Secret != "" || c.expanded[f.value]
}

// keyword returns the value of the keyword that failed.
func (f failure) keyword() *jsonpos.Value { return &f.Schema.Member(f.Keyword).Value }

// kind is the type that the schema asks for, null aside, such as "string" or "string or integer".
func (f failure) kind() string {
	types := f.Schema.Member("type")
	if types == nil {
		return ""
	}
	if types.Value.Kind == jsonpos.String {
		return types.Value.Text
	}
	var names []string
	for _, name := range types.Value.Elements {
		if name.Text != "null" {
			names = append(names, name.Text)
		}
	}
	return list(names, "or")
}
