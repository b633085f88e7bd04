package reference

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// errorCode is one value of errorCode.
type errorCode struct {
	Code, Status, Detail, Cause, Fix, FixDelete, Evidence string
	Parameters                                            []string
	Version                                               string // the only API version that has it; "" for both
}

// statusCodes are the codes of one HTTP status.
type statusCodes struct {
	Status string
	Codes  []errorCode
}

// readErrors reads the error codes of all documents by status. v1.0 shares those of v2; a code that both describe has
// the text of v2.
func (s *site) readErrors() error {
	seen := map[string]bool{}
	for _, d := range s.Documents {
		for code, node := range yamltree.Members(d.component("schemas", "ApiError", "x-error-codes")) {
			if seen[code] {
				continue
			}
			seen[code] = true
			e := errorCode{Code: code}
			if d.Name == "v1.0" {
				e.Version = d.Name
			}
			for key, value := range yamltree.Members(node) {
				fields := map[string]*string{
					"status": &e.Status, "detail": &e.Detail, "cause": &e.Cause, "fix": &e.Fix, "fix-delete": &e.FixDelete,
					"evidence": &e.Evidence,
				}
				switch {
				case key == "parameters":
					e.Parameters = texts(value)
				case fields[key] != nil:
					*fields[key] = value.Value
				default:
					return fmt.Errorf("%s: %s: line %d: the reference can't show %s", d.Name, code, value.Line, key)
				}
			}
			s.addError(e)
		}
	}
	slices.SortFunc(s.Errors, func(a, b statusCodes) int { return strings.Compare(a.Status, b.Status) })
	for _, status := range s.Errors {
		slices.SortFunc(status.Codes, func(a, b errorCode) int { return cmp.Compare(a.Code, b.Code) })
	}
	return nil
}

func (s *site) addError(e errorCode) {
	i := slices.IndexFunc(s.Errors, func(c statusCodes) bool { return c.Status == e.Status })
	if i < 0 {
		s.Errors, i = append(s.Errors, statusCodes{Status: e.Status}), len(s.Errors)
	}
	s.Errors[i].Codes = append(s.Errors[i].Codes, e)
}
