package validate

import (
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate/internal/records"
)

// checkYAML validates each document of a YAML file as one payload.
func (v *Validator) checkYAML(name string, data []byte) (r Result) {
	if int64(len(data)) > v.options.MaxSize {
		return v.checkRecord(name, data, records.At{}).result(1)
	}
	documents, lines := yamlpos.Parse(data), jsonpos.NewLines(data)
	r.Payloads = len(documents)
	for i, d := range documents {
		c := v.newCheck(name, data, records.At{})
		c.lines, c.countOnly = lines, len(r.Findings) >= v.options.MaxFindings
		if len(documents) > 1 {
			c.record = i + 1
		}
		c.checkDocument(c.parsed(d.Document, d.Fault))
		c.addTo(&r)
	}
	return r
}
