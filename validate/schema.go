package validate

import (
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/validate/internal/failure"
)

// schema validates the payload against its type's schema. Most payloads are accepted in one pass; jsonschema/v5
// decides about all others.
func (c *check) schema(root *jsonpos.Value) {
	if c.typ.Schema().Accepts(root) {
		return
	}
	failures, err := c.typ.Schema().Validate(root)
	if err != nil {
		// Impossible: the only error is that of compiling the schema. It is part of this module, not of the input, and
		// TestSchemasCompile in validate/internal/types compiles all of them.
		panic("validate: the schema of " + c.typ.Name + ": " + err.Error()) //nolint:forbidigo // see above
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

func (c *check) newFailure(f schema.Failure) failure.Failure {
	return failure.New(c.root, c.typ.Payload, f)
}

// explain adds the findings of one failure.
func (c *check) explain(f failure.Failure) {
	for _, r := range schemaRules {
		if r.explains(f) {
			r.explain(c, f)
			return
		}
	}
}

// secret reports whether the value must not be shown: it is a secret, the value of a reference, or in an unknown field.
func (c *check) secret(f failure.Failure) bool {
	return f.Field == nil || f.Field.Secret != "" || c.expanded[f.Value]
}
