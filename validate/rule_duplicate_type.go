package validate

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

type duplicateTypeRule struct{}

func (duplicateTypeRule) about() Rule {
	return Rule{
		ID: "duplicate-type", Default: Error,
		Summary:  `two payloads of one type for one project; checked only if all payloads are for one project`,
		Evidence: `A project has one configuration of a type (official): a second POST returns 409 INTEGRATION_ALREADY_CONFIGURED (reported: terraform-provider-mongodbatlas#1038), a second PUT overwrites the first`,
		Fails:    `two DATADOG payloads for one project`,
		Passes:   `one payload of each type, or payloads of several projects`,
	}
}

// typedFinding is the type of a payload, and its finding if an earlier payload has that type.
type typedFinding struct {
	Type    string
	Finding Finding
}

// note records the type of a payload for [Validator.OneProject].
func (r duplicateTypeRule) note(c *check, root *jsonpos.Value) {
	if c.v.options.OneProject && c.v.enabled(r) {
		at := place(&root.Member("type").Value, "type")
		f := c.finding(c.v.severityOf(r), r.about().ID, at, "", hint("keep one of them"))
		c.types = append(c.types, typedFinding{c.typ.Name, f})
	}
}

// OneProject adds a finding for each payload whose type an earlier payload has. All results are for one project; their
// order determines which payload is the earlier one. They must come from validators with OneProject in the [Options],
// by v or other validators. Each result keeps at most MaxFindings of v. OneProject changes the results; call it once.
func (v *Validator) OneProject(results []*Result) {
	maxFindings := v.orDefault().options.MaxFindings
	first := map[string]Finding{}
	for _, r := range results {
		var repeated counts
		for _, s := range r.types {
			earlier, ok := first[s.Type]
			if !ok {
				first[s.Type] = s.Finding
				continue
			}
			f := s.Finding
			f.Message = fmt.Sprintf("%s: a project has one integration of a type, and %s:%d:%d has the same type",
				s.Type, redact.Path(earlier.File), earlier.Line, earlier.Column)
			r.Findings = append(r.Findings, f)
			repeated.add(f.Severity, 1)
		}
		if r.repeated > 0 {
			repeated.add(r.types[0].Finding.Severity, r.repeated)
		}
		r.addCounts(repeated)
		sortFindings(r.Findings)
		r.Findings = r.Findings[:min(len(r.Findings), maxFindings)]
		r.types, r.repeated = nil, 0
	}
}

// typedFindings has those of one input: the first of each type and further ones up to a limit. Those past the limit
// repeat a type, so that it is sufficient to count them.
type typedFindings struct {
	limit    int
	seen     map[string]bool
	list     []typedFinding
	repeated int
}

func (f *typedFindings) add(list []typedFinding) {
	for _, one := range list {
		if f.seen[one.Type] && len(f.list) >= f.limit+len(f.seen) {
			f.repeated++
			continue
		}
		f.seen[one.Type] = true
		f.list = append(f.list, one)
	}
}
