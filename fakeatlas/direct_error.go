package fakeatlas

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
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
func (e *PayloadError) Error() string { return withHint(e.text(), e.hint()) }

// text returns the text of the error without the hint of the last finding.
func (e *PayloadError) text() string {
	texts := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		if i == len(e.Findings)-1 {
			f.Hint = ""
		}
		texts[i] = f.Text()
		if f.Line > 0 {
			texts[i] = fmt.Sprintf("%d:%d: %s", f.Line, f.Column, texts[i])
		}
	}
	return fmt.Sprintf("the payload of %s is invalid: %s", cmp.Or(e.Type, "an unknown type"), strings.Join(texts, "; "))
}

// hint returns the hint of the last finding.
func (e *PayloadError) hint() string {
	if len(e.Findings) == 0 {
		return ""
	}
	return e.Findings[len(e.Findings)-1].Hint
}

// withoutPlaces returns findings about JSON that the caller did not pass and can't see: without their places, and
// without the hints and edits that name one.
func withoutPlaces(findings []validate.Finding) []validate.Finding {
	list := slices.Clone(findings)
	for i := range list {
		f := &list[i]
		f.Line, f.Column, f.EndLine, f.EndColumn, f.Edits = 0, 0, 0, 0, nil
		if f.Suggestion.Place {
			f.Hint, f.Suggestion = "", validate.Suggestion{}
		}
	}
	return list
}

// recordError returns the error for the record of a project, with the error of its check.
func recordError(project string, err error) error {
	return contentsError(project, "the record of the project is invalid: "+err.Error(), "export the project again, or correct the value")
}

// alertError returns the error for alert configurations, with the error of their check.
func alertError(project string, err error) error {
	return contentsError(project, err.Error(), "export it again, or compare it with docs/alerts.md")
}

func contentsError(project, reason, hint string) error {
	return &store.SnapshotError{Project: project, Reason: "project " + project + ": " + reason, Hint: hint}
}

// projectError reports a project ID that is malformed, or that is missing from [WithProjects].
type projectError struct {
	Project   string // as it was passed
	Malformed bool
}

// Error returns the project, the reason and the hint on one line. A malformed ID is shortened, or replaced with its
// length.
func (e *projectError) Error() string { return withHint(e.text(), e.hint()) }

func (e *projectError) text() string {
	if e.Malformed {
		return redact.Value(e.Project) + " is not a project ID"
	}
	return "project " + e.Project + " does not exist on this server"
}

func (e *projectError) hint() string {
	if e.Malformed {
		return "it has " + atlas.IDForm
	}
	return "create it, or add it to the server's projects"
}
