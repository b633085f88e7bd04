package report_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/internal/cirunner"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// cells splits a row of a table at its vertical bars. With escapes, a backslash hides the bar after it, as in GitHub's
// parser; without, no bar is hidden. Readers differ in this.
func cells(row string, escapes bool) []string {
	list, cell := []string{}, ""
	for i := 0; i < len(row); i++ {
		if escapes && row[i] == '\\' && i+1 < len(row) && row[i+1] == '|' {
			cell += `\|`
			i++
		} else if row[i] == '|' {
			list, cell = append(list, cell), ""
		} else {
			cell += row[i : i+1]
		}
	}
	return append(list, cell)
}

// visible returns the text that a cell shows if it consists of code spans and references to a vertical bar. It returns
// an error if anything else is outside of code.
func visible(cell string) (string, error) {
	shown := ""
	for cell != "" {
		if rest, ok := strings.CutPrefix(cell, "&#124;"); ok {
			shown, cell = shown+"|", rest
			continue
		}
		if rest, ok := strings.CutPrefix(cell, " "); ok {
			shown, cell = shown+" ", rest
			continue
		}
		fence := cell[:len(cell)-len(strings.TrimLeft(cell, "`"))]
		if fence == "" {
			return "", fmt.Errorf("outside of code: %q", cell)
		}
		body, rest, ok := cutFence(cell[len(fence):], len(fence))
		if !ok {
			return "", fmt.Errorf("code without an end: %q", cell)
		}
		if len(body) > 1 && body[0] == ' ' && body[len(body)-1] == ' ' && strings.Trim(body, " ") != "" {
			body = body[1 : len(body)-1]
		}
		shown, cell = shown+body, rest
	}
	return shown, nil
}

// cutFence cuts a text at the first run of exactly n backticks.
func cutFence(text string, n int) (before, after string, found bool) {
	for i := 0; i < len(text); {
		run := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		if run == n {
			return text[:i], text[i+n:], true
		}
		i += max(1, run)
	}
	return "", "", false
}

// checkRow fails the test unless a row shows exactly these texts, and only as code.
func checkRow(t testing.TB, line, place, text string) {
	t.Helper()
	for _, escapes := range []bool{true, false} {
		list := cells(line, escapes)
		if len(list) != 6 {
			t.Fatalf("%d cells (escapes %v) in %q", len(list), escapes, line)
		}
		for i, want := range []string{place, text} {
			got, err := visible(strings.TrimSuffix(strings.TrimPrefix(list[2+i], " "), " "))
			if want = redact.Inert("| " + redact.Line(want))[2:]; err != nil || strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Fatalf("%v: shows %q, want %q, in %q", err, got, want, line)
			}
		}
	}
}

func markdownOf(t testing.TB, name, message string) []string {
	t.Helper()
	var r report.Report
	r.Add(name, validate.Result{Payloads: 1, Errors: 1, Findings: []validate.Finding{{
		File: name, Line: 1, Column: 2, Rule: "enum", Severity: validate.Error, Message: message,
	}}})
	var out strings.Builder
	if err := report.Markdown(&out, &r); err != nil {
		t.Fatal(err)
	}
	return strings.Split(out.String(), "\n")
}

// Names of files and texts of findings are code, with any contents.
func TestMarkdownIsInert(t *testing.T) {
	samples := append([]string{
		"a|b", `a\|b`, `a\\|b`, `\`, "`", "``", "a`b``c", "`a`", "|", "||", "a|`|b", "<script>alert(1)</script>",
		"<!-- a", "@user", "#1", "org/repo#1", "[a](https://example.com)",
		"![a](https://example.com/a.png)", "https://example.com", "www.example.com", "a@example.com", "**a**", "$`a`$",
		"a\nb", "&lt;", "&#124;", "- a", "# a", "~~~", "| a | b |", ":tada:",
	}, cirunner.Samples()...)
	for _, sample := range samples {
		lines := markdownOf(t, sample+".json", sample)
		if len(lines) != 8 {
			t.Fatalf("%q: %d lines", sample, len(lines))
		}
		checkRow(t, lines[6], redact.Path(report.Name("", sample+".json"))+":1:2", sample)
	}
}

func TestMarkdownIsInertForAnyText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("|\\` a<@#[]()&;:\n\r\t*_~$é\u202e")), 0, 30, -1).Draw(rt, "text")
		name := "x" + strings.ReplaceAll(rapid.StringOfN(rapid.SampledFrom([]rune("|\\` a<@#[]&;:\n*_~$é")), 0, 20, -1).Draw(rt, "name"), "/", "")
		lines := markdownOf(t, name, text)
		if len(lines) != 8 {
			t.Fatalf("%q: %d lines", text, len(lines))
		}
		checkRow(t, lines[6], redact.Path(report.Name("", name))+":1:2", text)
	})
}

// GitHub discards a summary over 1 MiB. The report counts the rows that it omits.
func TestMarkdownIsBounded(t *testing.T) {
	var r report.Report
	finding := validate.Finding{
		File:     strings.Repeat("`", 100) + ".json",
		Line:     1,
		Column:   2,
		Rule:     "enum",
		Severity: validate.Error,
		Message:  strings.Repeat("|", 200),
	}
	result := validate.Result{Payloads: 1, Errors: 25_000}
	for range result.Errors {
		result.Findings = append(result.Findings, finding)
	}
	r.Add(finding.File, result)
	out := string(write(t, "markdown", &r))
	rows := strings.Count(out, "| error |")
	if len(out) > 1<<20 || len(out) < 900<<10 {
		t.Errorf("the report has %d bytes, want 900 KiB to 1 MiB", len(out))
	}
	want := fmt.Sprintf("\n%d more rows; a summary of GitHub has at most 1 MiB\n", 25_000-rows)
	if !strings.HasSuffix(out, want) {
		t.Errorf("the report has %d rows and ends with %q, want %q", rows, out[len(out)-80:], want)
	}
}
