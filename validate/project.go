package validate

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// Sighting is a payload's type, and the finding that it gets where the project has one of that type already.
type Sighting struct {
	Type    string
	Finding Finding
}

// sight notes the type of a payload.
func (c *check) sight(typ *jsonpos.Value) {
	if c.v.oneProject && c.v.speaks(ruleDuplicateType) {
		f := c.finding(c.v.severityOf(ruleDuplicateType), ruleDuplicateType, place(typ, "type"), "", "keep one of them")
		c.types = append(c.types, Sighting{c.typ.Name, f})
	}
}

// OneProject adds findings for payloads of a type that an earlier payload has, in the order of the results,
// which are all of one project. The results are those of validators made with [WithOneProject]; of each, at
// most maxFindings findings are kept.
func OneProject(results []*Result, maxFindings int) {
	first := map[string]Finding{}
	for _, r := range results {
		for _, s := range r.Types {
			earlier, ok := first[s.Type]
			if !ok {
				first[s.Type] = s.Finding
				continue
			}
			f := s.Finding
			f.Message = fmt.Sprintf("%s: a project has one integration of a type, and %s:%d:%d is one already",
				s.Type, redact.Path(earlier.File), earlier.Line, earlier.Column)
			r.include(f, maxFindings)
		}
		r.Types = nil
	}
}

// include adds a finding in its place.
func (r *Result) include(f Finding, limit int) {
	if f.Severity == Error {
		r.Errors++
	} else {
		r.Warnings++
	}
	r.Findings = append(r.Findings, f)
	sortFindings(r.Findings)
	r.Findings = r.Findings[:min(len(r.Findings), limit)]
}
