package validate

import "github.com/atlasint/atlasint/internal/jsonpos"

type governmentRule struct{}

func (governmentRule) about() Rule {
	return Rule{
		ID: "not-in-government", Default: Warning,
		Summary:  `the payload is for Atlas for Government, which does not offer the integration`,
		Evidence: `The manual states this for Prometheus (official)`,
		Fails:    `a PROMETHEUS payload for Atlas for Government`,
		Passes:   `a DATADOG payload for Atlas for Government`,
	}
}

func (r governmentRule) payload(c *check, root *jsonpos.Value) {
	if c.v.options.Government {
		c.caveat(r, root)
	}
}
