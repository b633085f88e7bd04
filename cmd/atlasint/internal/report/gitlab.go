package report

import (
	"io"

	"github.com/atlasint/atlasint/validate"
)

// qualityIssue is an entry of a Code Quality report, with the fields that GitLab reads.
type qualityIssue struct {
	Description string          `json:"description"`
	CheckName   string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"`
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// writeGitLab writes a Code Quality report. The format has no entry for an input that could not be validated.
func writeGitLab(w io.Writer, r *Report) error {
	issues := []qualityIssue{}
	for _, f := range r.Findings() {
		issues = append(issues, qualityIssue{
			Description: f.Text(),
			CheckName:   f.Rule,
			Fingerprint: f.Fingerprint,
			Severity:    qualitySeverity(f.Severity),
			Location:    qualityLocation{f.File, qualityLines{f.Line, f.EndLine}},
		})
	}
	return Encode(w, issues)
}

func qualitySeverity(s validate.Severity) string {
	if s == validate.Error {
		return "major"
	}
	return "minor"
}
