package report_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// Colours add only escape sequences.
func TestColorsAddOnlyEscapes(t *testing.T) {
	sequence := regexp.MustCompile(`\x1b\[[0-9]+m`)
	colored := string(write(t, "text", hostileText(verbose, color)))
	if n := len(sequence.FindAllString(colored, -1)); n < 40 {
		t.Errorf("only %d sequences", n)
	}
	if diff := cmp.Diff(string(write(t, "text", hostileText(verbose))), sequence.ReplaceAllString(colored, "")); diff != "" {
		t.Errorf("-plain +coloured\n%s", diff)
	}
}

// The line of a finding is the one that the library gives, so that both can be searched for alike.
func TestTextLinesMatchTheLibrary(t *testing.T) {
	r := hostileText()
	var want, got []string
	for _, f := range r.Files {
		for _, finding := range f.Findings {
			want = append(want, finding.String())
		}
	}
	for line := range strings.Lines(string(write(t, "text", r))) {
		if strings.HasSuffix(line, "]\n") && !strings.HasPrefix(line, " ") {
			got = append(got, strings.TrimSuffix(line, "\n"))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestMarksAreUnderTheFinding(t *testing.T) {
	tests := []struct {
		name    string
		line    int
		snippet validate.Snippet
		want    string
	}{
		{"plain", 4, validate.Snippet{Text: `  "region": "US1",`, Start: 12, Width: 5},
			"   4 |   \"region\": \"US1\",\n     |             ^^^^^\n"},
		{"a number of five digits", 12345, validate.Snippet{Text: "ab", Start: 1, Width: 1}, "12345 | ab\n      |  ^\n"},
		{"wide before and in it", 1, validate.Snippet{Text: "界a한🎉b", Start: 1, Width: 3}, "   1 | 界a한🎉b\n     |   ^^^^^\n"},
		{"marks that join", 1, validate.Snippet{Text: "e\u0301a", Start: 2, Width: 1}, "   1 | e\u0301a\n     |  ^\n"},
		{"only a mark that joins", 1, validate.Snippet{Text: "e\u0301", Start: 1, Width: 1}, "   1 | e\u0301\n     |  ^\n"},
		{"behind an escaped command", 1, validate.Snippet{Text: "##[error] \"a\"", Start: 10, Width: 3}, "   1 | ##\\[error] \"a\"\n     |            ^^^\n"},
		{"an escaped command", 1, validate.Snippet{Text: "a##[error] b", Start: 1, Width: 9}, "   1 | a##\\[error] b\n     |  ^^^^^^^^^^\n"},
		{"behind the text", 1, validate.Snippet{Text: "{", Start: 3, Width: 1}, "   1 | {\n     |    ^\n"},
		{"longer than the text", 1, validate.Snippet{Text: "{x", Start: 1, Width: 9}, "   1 | {x\n     |  ^\n"},
		{"nothing to show", 1, validate.Snippet{Text: "  ", Start: 0, Width: 1}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := report.Report{}
			r.Add("f", validate.Result{Errors: 1, Findings: []validate.Finding{{
				File: "f", Line: test.line, Column: 1, Rule: "r", Severity: validate.Error, Snippet: &test.snippet,
			}}})
			out := string(write(t, "text", &r))
			_, got, _ := strings.Cut(out, "\n")
			got = got[:strings.Index(got, "1 file,")]
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
