package report_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/clitest"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// File names of a hostile repository, which try to end a quotation, a tag, a command or a line.
const (
	awkward = `odd/"q" & <b>, 100%0A: é🎉]]>'.json`
	control = "odd/a\x1b[2J\n::error::b\u202e\U000e0001.json"
	broken  = "odd/\xff.json"
)

// hostileText returns a new report with every kind of finding and failure, and with hostile texts.
func hostileText(options ...func(*report.Report)) *report.Report {
	r := &report.Report{Version: "v1.2.3"}
	for _, set := range options {
		set(r)
	}
	r.Add("payloads/good.json", validate.Result{Payloads: 1})
	r.Add(awkward, validate.Result{Payloads: 1, Errors: 2, Warnings: 1, Findings: []validate.Finding{
		{
			File: awkward, Line: 4, Column: 13, EndLine: 4, EndColumn: 18, Pointer: "/region", Rule: "enum", Severity: validate.Error,
			Type: "DATADOG", Message: `DATADOG.region: "<US1>" & co is not allowed: 100%0A, ]]>`, Hint: `Atlas calls it "US"::[x](y) {0}`,
			Snippet: &validate.Snippet{Text: `  "region": "<US1>",`, Start: 12, Width: 7},
		},
		{
			File: awkward, Line: 5, Column: 3, EndLine: 5, EndColumn: 12, Pointer: "/a~1b", Rule: "unknown-field", Severity: validate.Error,
			Type: "DATADOG", Message: `DATADOG: unknown field "界面é🎉"`,
			Snippet: &validate.Snippet{Text: `  "界面é🎉": "••••"`, Start: 2, Width: 7},
		},
		{
			File: awkward, Line: 12345, Column: 9, EndLine: 12346, EndColumn: 2, Pointer: "/url", Rule: "url", Severity: validate.Warning,
			Type: "DATADOG", Message: "DATADOG.url is plain http", Hint: "use https",
			Snippet: &validate.Snippet{Text: `界 "url": {`, Start: 9, Width: 40},
		},
	}})
	r.Add(control, validate.Result{Payloads: 1, Errors: 1, Findings: []validate.Finding{{
		File: control, Line: 1, Column: 1, EndLine: 1, EndColumn: 1, Rule: "not-an-object", Severity: validate.Error,
		Message: "want one payload object, got nothing", Snippet: &validate.Snippet{Text: "", Start: 0, Width: 1},
	}}})
	r.Add(broken, validate.Result{Payloads: 1, Warnings: 1, Findings: []validate.Finding{{
		File: broken, Line: 1, Column: 10, EndLine: 1, EndColumn: 17, Pointer: "/type", Rule: "slack-oauth", Severity: validate.Warning,
		Type: "SLACK", Message: "SLACK: Slack is linked by OAuth2",
	}}})
	r.Add("./many.ndjson", validate.Result{Payloads: 900, Errors: 7, Warnings: 3, Findings: []validate.Finding{
		missing(2), missing(2), missing(4),
	}})
	r.Add(report.Stdin, validate.Result{Payloads: 1, Errors: 1, Findings: []validate.Finding{{
		File: report.Stdin, Line: 2, Column: 5, EndLine: 2, EndColumn: 8, Pointer: "/odd", Rule: "unknown-field", Severity: validate.Error,
		Message: `unknown field "odd"`, Hint: "remove it", Snippet: &validate.Snippet{Text: "odd", Start: 4, Width: 3},
	}}})
	r.Add("empty.ndjson", validate.Result{})
	r.Fail("missing.json", "can't read missing.json: no such file or directory; check the path")
	r.Fail(control, `can't read "odd/a\x1b[2J\n::error::b\u202e\U000e0001.json": permission denied`)
	return r
}

func missing(payload int) validate.Finding {
	return validate.Finding{
		File: "./many.ndjson", Record: payload, Line: payload, Column: 9, EndLine: payload, EndColumn: 20, Pointer: "/apiKey",
		Rule: "required", Severity: validate.Error, Type: "OPS_GENIE", Message: `OPS_GENIE: missing required field "apiKey"`,
	}
}

func quiet(r *report.Report)   { r.Quiet = true }
func verbose(r *report.Report) { r.Verbose = true }
func color(r *report.Report)   { r.Color = true }
func strict(r *report.Report)  { r.Strict = true }

// write gives a report in a format.
func write(t *testing.T, format string, r *report.Report) []byte {
	t.Helper()
	f, ok := report.Find(format)
	if !ok {
		t.Fatalf("no format %s", format)
	}
	var out bytes.Buffer
	if err := f(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// golden compares an output with a golden file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	clitest.Golden(t, filepath.Join("testdata", name), string(got))
}
