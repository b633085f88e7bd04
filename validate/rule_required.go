package validate

import (
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/rename"
)

type requiredRule struct{}

func (requiredRule) about() Rule {
	return Rule{
		ID: "required", Default: Error,
		Summary:  `a required field is missing; a warning for an update, which may keep the stored value`,
		Evidence: `Atlas returns 400 MISSING_ATTRIBUTE (official). For updates the sources disagree: by the manual of v1.0, an update changes the fields of the request; the API description of v2 requires the same fields for both (official)`,
		Fails:    `{"type": "OPS_GENIE"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (requiredRule) explains(f failure.Failure) bool {
	return f.Keyword == "required" && f.Field != nil
}

// explain adds a finding for each required field that is missing: at the value of type, or where the object
// begins that lacks the field.
func (r requiredRule) explain(c *check, f failure.Failure) {
	start, end := f.Value.Start, f.Value.Start+1
	if f.Value == c.root {
		typ := c.root.Member("type").Value
		start, end = typ.Start, typ.End
	}
	for _, name := range f.Names {
		field := f.Field.Lookup(name)
		if field == nil {
			otherKeywordRule{}.explain(c, f)
			return
		}
		at := span{start: start, end: end, path: append(slices.Clone(f.Path), name)}
		c.addWith(severities{r.about().Default, updateSeverity(c, f, field)}, r, at,
			fmt.Sprintf("%s: missing required field %q (%s, %s)", c.subject(f.Path), name, field.Title, field.Kind),
			c.missing(f, name))
	}
}

// updateSeverity returns the severity of a missing required field in an update. An update keeps fields that
// responses never show, because a client that has read the integration can't send them. It replaces whole objects
// inside a payload.
func updateSeverity(c *check, f failure.Failure, field *atlas.Field) Severity {
	switch {
	case f.Value != c.root:
		return Error
	case field.Secret == schemas.MaskOmitted, c.typ.IsOAuthOnly(c.root):
		return never
	}
	return Warning
}

// missing returns the hint for a missing field.
func (c *check) missing(f failure.Failure, name string) advice {
	next := c.renameHint(f.Value, f.Field, name)
	switch {
	case next.text != "" || f.Value != c.root:
	case c.typ.IsOAuthOnly(c.root):
		next.text = "add it; only an update of a workspace linked by OAuth2 may leave it out"
		next.suggestion.Operation = Update
	default:
		next.update = "add it, unless the update must keep the stored value: not all sources allow that"
	}
	return next
}

// renameHint returns the hint to rename a field of the object with a similar name, no text if there is none.
func (c *check) renameHint(object *jsonpos.Value, field *atlas.Field, name string) advice {
	count, meant := 0, rename.Fields(object, field)
	for _, m := range object.Members {
		if field.Lookup(m.Name) != nil {
			continue
		}
		if count++; count > rename.MaxFields {
			break
		}
		if meant[m.Name] == name {
			return c.hintAt("rename the field", m.NameStart)
		}
	}
	return advice{}
}
