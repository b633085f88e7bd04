package validate

import (
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
)

type requiredRule struct{}

func (requiredRule) about() Rule {
	return Rule{
		ID: "required", Default: Error,
		Summary:  `a required field is missing`,
		Evidence: `Atlas answers 400 MISSING_ATTRIBUTE (official)`,
		Fails:    `{"type": "OPS_GENIE"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (requiredRule) explains(f failure) bool { return f.Keyword == "required" && f.field != nil }

// explain adds a finding for each required field that is missing: at the value of type, or where the object
// begins that lacks the field. An update keeps what answers never show: a client that has read the integration
// could not send it.
func (r requiredRule) explain(c *check, f failure) {
	at := span{start: f.value.Start, end: f.value.Start + 1}
	if f.value == c.root {
		at = place(&c.root.Member("type").Value)
	}
	for _, name := range f.Names {
		field := f.field.Lookup(name)
		if field == nil {
			schemaRest{}.explain(c, f)
			return
		}
		if c.v.operation == Update && field.Secret == schemas.MaskOmitted {
			continue
		}
		at.path = append(slices.Clone(f.path), name)
		c.add(r, at, fmt.Sprintf("%s: missing required field %q (%s, %s)", c.subject(f.path), name, field.Title, field.Kind),
			hint(c.misspelt(f.value, f.field, name)))
	}
}

// maxFields is among how many unknown fields a misspelt one is sought. No payload has more.
const maxFields = 64

// misspelt advises to rename a field of the object whose name comes near.
func (c *check) misspelt(object *jsonpos.Value, field *atlas.Field, name string) string {
	sought, meant := 0, renames(object, field)
	for _, m := range object.Members {
		if field.Lookup(m.Name) != nil {
			continue
		}
		if sought++; sought > maxFields {
			break
		}
		if meant[m.Name] == name {
			return "rename the field at " + c.position(m.NameStart)
		}
	}
	return ""
}
