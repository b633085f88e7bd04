package validate

import (
	"slices"

	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/surplus"
)

// surplusFieldRule is the rule for one kind of fields that the schema lacks. Its methods explains and explain are those
// of all kinds: the name of a field determines the kind.
type surplusFieldRule struct{ kind surplus.Kind }

func (r surplusFieldRule) about() Rule {
	switch r.kind {
	case surplus.Foreign:
		return Rule{
			ID: "foreign-field", Default: Error,
			Summary:  `the field belongs to another integration type`,
			Evidence: `Atlas returns 400 INVALID_ATTRIBUTE, even where the value is false (reported: atlas-sdk-go#667)`,
			Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1", "sendDatabaseMetrics": false}`,
			Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
		}
	case surplus.Removed:
		return Rule{
			ID: "removed-field", Default: Error,
			Summary:  `the field was removed from the API, or renamed`,
			Evidence: `Atlas returns 400 INVALID_ATTRIBUTE (official); clients required scheme long after its removal (reported: terraform-provider-mongodbatlas#2687)`,
			Fails:    `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http", "scheme": "https"}`,
			Passes:   `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http"}`,
		}
	default:
		return Rule{
			ID: "unknown-field", Default: Error,
			Summary:  `no integration type has the field`,
			Evidence: `Atlas returns 400 INVALID_ATTRIBUTE: unknown fields are rejected, not ignored (official)`,
			Fails:    `{"type": "OPS_GENIE", "apikey": "k-1", "apiKey": "k-1"}`,
			Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
		}
	}
}

// explains reports whether the failure has fields that the schema lacks.
func (surplusFieldRule) explains(f failure.Failure) bool {
	return f.Field != nil && (f.Keyword == "additionalProperties" || f.Keyword == "unevaluatedProperties") && f.Names != nil
}

func (surplusFieldRule) explain(c *check, f failure.Failure) {
	isSurplus := map[string]bool{}
	for _, name := range f.Names {
		isSurplus[name] = true
	}
	object := surplus.NewObject(f.Value, f.Field)
	object.YAML = c.yaml
	if f.Value == c.root {
		object.Type, object.Types = c.typ, c.v.types
	}
	for i := range f.Value.Members {
		m := &f.Value.Members[i]
		if !isSurplus[m.Name] {
			continue
		}
		fault := object.Explain(m.Name, c.shownName(m.Name))
		at := span{start: m.NameStart, end: m.NameEnd, path: append(slices.Clone(f.Path), m.Name)}
		c.add(surplusFieldRule{fault.Kind}, at, c.subject(f.Path)+": "+fault.Message, advice{
			text: fault.Hint, suggestion: Suggestion{APIVersion: fault.APIVersion},
			edits: correction.Name(f.Value, m, object.Meant[m.Name]),
		})
	}
}
