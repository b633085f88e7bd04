package validate

import (
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/validate/internal/words"
)

// failure is a keyword of its type's schema that a value does not meet.
type failure struct {
	schema.Failure
	value *jsonpos.Value // the object itself, where names of its members are missing or surplus
	field *atlas.Field   // nil where the index does not have it
	path  []string
}

// schema validates the payload against its type's schema. Most payloads are accepted in one pass; jsonschema/v5
// decides about all others.
func (c *check) schema(root *jsonpos.Value) {
	if c.typ.schema().Accepts(root) {
		return
	}
	failures, err := c.typ.schema().Validate(root)
	if err != nil { // only a schema that jsonschema/v5 does not compile, which specgen does not publish
		panic("validate: the schema of " + c.typ.Name + ": " + err.Error()) //nolint:forbidigo // a fault of gen/, not of the caller
	}
	for _, f := range failures {
		if isContent[f.Keyword] && c.reported[schema.Find(root, f.Instance)] {
			continue
		}
		c.explain(c.newFailure(f))
	}
}

// isContent are the keywords about the contents of a string, whose faults a rule about contents may have
// reported before.
var isContent = map[string]bool{"enum": true, "const": true, "pattern": true, "minLength": true, "maxLength": true, "format": true}

func (c *check) newFailure(f schema.Failure) failure {
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

// secret reports whether the value must not be shown: it is a secret, the value of a reference, or in an unknown field.
func (c *check) secret(f failure) bool {
	return f.field == nil || f.field.Secret != "" || c.expanded[f.value]
}

// keyword returns the value of the keyword that failed.
func (f failure) keyword() *jsonpos.Value { return &f.Schema.Member(f.Keyword).Value }

// kind returns the types of the schema except null, such as "string" or "string or integer".
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
	return words.List(names, "or")
}
