package validate

import (
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate/internal/records"
)

// CheckAll is like [Validator.CheckOne] for an input whose name may be that of a YAML file, in which each document is a
// payload. It returns the documents of all payloads in their order, nil for those that CheckOne returns no document
// for.
func (v *Validator) CheckAll(name string, data []byte) ([]*Document, Result) {
	if yamlpos.IsName(name) {
		return v.orDefault().checkYAML(name, data)
	}
	doc, result := v.CheckOne(name, data)
	return []*Document{doc}, result
}

// checkYAML validates each document of a YAML file as one payload.
func (v *Validator) checkYAML(name string, data []byte) (payloads []*Document, r Result) {
	if int64(len(data)) > v.options.MaxSize {
		return []*Document{nil}, v.checkRecord(name, data, records.At{}).result(1)
	}
	documents, lines := yamlpos.Parse(data), jsonpos.NewLines(data)
	r.Payloads = len(documents)
	for i, d := range documents {
		c := v.newCheck(name, data, records.At{})
		c.lines, c.countOnly = lines, len(r.Findings) >= v.options.MaxFindings
		if len(documents) > 1 {
			c.record = i + 1
		}
		c.one(c.parsed(d.Document, d.Fault))
		c.addTo(&r)
		payloads = append(payloads, c.document())
	}
	return payloads, r
}
