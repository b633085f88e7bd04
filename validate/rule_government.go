package validate

import "github.com/atlasint/atlasint/internal/jsonpos"

type governmentRule struct{}

func (governmentRule) about() Rule {
	return Rule{
		ID: "not-in-government", Default: Warning,
		Summary:  `Atlas for Government does not offer the integration, and the base URL is one of mongodbgov.com`,
		Evidence: `The manual states this for Prometheus (official)`,
		Fails:    `a PROMETHEUS payload, with baseURL: https://cloud.mongodbgov.com in .atlasint.yaml`,
		Passes:   `a DATADOG payload, with the same baseURL`,
	}
}

func (r governmentRule) payload(c *check, root *jsonpos.Value) {
	if c.v.options.Government {
		c.caveat(r, root)
	}
}
