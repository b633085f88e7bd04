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
		Summary:  `two payloads of one type for one project; judged with --one-project`,
		Evidence: `A project has one configuration of a type (official): the second POST is answered 409 INTEGRATION_ALREADY_CONFIGURED (reported: terraform-provider-mongodbatlas#1038), the second PUT overwrites the first`,
		Fails:    `two DATADOG payloads, judged with --one-project`,
		Passes:   `one payload of each type, or payloads of several projects`,
	}
}

// Sighting is a payload's type, and the finding that it gets where the project has one of that type already.
type Sighting struct {
	Type    string
	Finding Finding
}

// note keeps the type of a payload for [OneProject].
func (r duplicateTypeRule) note(c *check, root *jsonpos.Value) {
	if c.v.oneProject && c.v.enabled(r) {
		at := place(&root.Member("type").Value, "type")
		f := c.finding(c.v.severityOf(r), r.about().ID, at, "", hint("keep one of them"))
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
			r.Findings = append(r.Findings, f)
			r.count(f.Severity, 1)
		}
		if r.Repeated > 0 {
			r.count(r.Types[0].Finding.Severity, r.Repeated)
		}
		sortFindings(r.Findings)
		r.Findings = r.Findings[:min(len(r.Findings), maxFindings)]
		r.Types, r.Repeated = nil, 0
	}
}

func (r *Result) count(severity Severity, n int) {
	switch severity {
	case Error:
		r.Errors += n
	case Warning:
		r.Warnings += n
	}
}

// sightings collects those of one input: the first of each type and further ones up to a limit. What is past
// the limit repeats a type that was seen, so it is enough to count it.
type sightings struct {
	limit    int
	seen     map[string]bool
	kept     []Sighting
	repeated int
}

func (s *sightings) add(list []Sighting) {
	for _, one := range list {
		if s.seen[one.Type] && len(s.kept) >= s.limit+len(s.seen) {
			s.repeated++
			continue
		}
		s.seen[one.Type] = true
		s.kept = append(s.kept, one)
	}
}
