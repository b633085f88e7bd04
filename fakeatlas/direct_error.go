package fakeatlas

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/validate"
)

// PayloadError describes the faults of a payload that was passed to the server directly. Its text contains no
// secret.
type PayloadError struct {
	Project string
	Type    string // empty if it is not known
	// Findings are those of severity Error. They have a line and a column if the payload was passed as JSON; for other
	// values, these are 0.
	Findings []validate.Finding
}

// Error returns the type, and the places, messages and hints of all findings, on one line.
func (e *PayloadError) Error() string {
	texts := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		texts[i] = f.Text()
		if f.Line > 0 {
			texts[i] = fmt.Sprintf("%d:%d: %s", f.Line, f.Column, texts[i])
		}
	}
	return fmt.Sprintf("the payload of %s is invalid: %s", cmp.Or(e.Type, "an unknown type"), strings.Join(texts, "; "))
}

// placeInHint matches a place that a hint names, such as "at 1:19".
var placeInHint = regexp.MustCompile(`\bat \d+:\d+\b`)

// withoutPlaces returns findings about JSON that the caller did not pass and can't see: without their places, and without
// the hints and edits that name one.
func withoutPlaces(findings []validate.Finding) []validate.Finding {
	list := slices.Clone(findings)
	for i := range list {
		f := &list[i]
		f.Line, f.Column, f.EndLine, f.EndColumn, f.Edits = 0, 0, 0, 0, nil
		if placeInHint.MatchString(f.Hint) {
			f.Hint = ""
		}
	}
	return list
}

// recordError reports the record of a project, or an alert configuration, that no request could have made. Its text
// contains no value of it.
type recordError struct {
	Project string
	Member  string // of the record, such as "name", or the alert configuration, such as "alerts[0]"
}

// Error returns the project, the member and the cause.
func (e *recordError) Error() string {
	return "project " + e.Project + ": the record of the project is invalid: a value of " + e.Member + " is not accepted by the API"
}

// ProjectError reports a project ID that is malformed, or that is missing from [WithProjects].
type ProjectError struct{ Malformed bool }

// Error returns the reason, without the project ID.
func (e *ProjectError) Error() string {
	if e.Malformed {
		return "the project ID is not 24 hexadecimal digits in lower case"
	}
	return "the project does not exist on this server"
}
