package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

func TestFormatsWriteGoldens(t *testing.T) {
	for _, name := range report.Names() {
		golden(t, name+".golden", withoutRules(write(t, name, hostileText())))
		golden(t, name+"_quiet.golden", withoutRules(write(t, name, hostileText(quiet))))
	}
	golden(t, "text_verbose.golden", write(t, "text", hostileText(verbose)))
	golden(t, "text_color.golden", write(t, "text", hostileText(verbose, color)))
	golden(t, "junit_strict.golden", write(t, "junit", hostileText(strict)))
}

// withoutRules leaves out of a log of SARIF the parts that change with the catalog of rules.
func withoutRules(data []byte) []byte {
	data = regexp.MustCompile(`(?s)"rules": \[\n.*?\n          \]`).ReplaceAll(data, []byte(`"rules": []`))
	return regexp.MustCompile(`"ruleIndex": [0-9]+`).ReplaceAll(data, []byte(`"ruleIndex": 0`))
}

// The output of every format is valid for a report without findings.
func TestEmptyReports(t *testing.T) {
	want := map[string]string{
		"text":     "",
		"github":   "",
		"gitlab":   "[]\n",
		"markdown": "### atlasint: 0 errors, 0 warnings\n\n0 files, 0 payloads\n",
		"junit":    xml.Header + `<testsuites></testsuites>` + "\n",
		"json": `{
  "version": 1,
  "summary": {
    "files": 0,
    "payloads": 0,
    "errors": 0,
    "warnings": 0,
    "omitted": 0
  },
  "findings": [],
  "failures": []
}
`,
	}
	for _, name := range report.Names() {
		got := string(write(t, name, &report.Report{}))
		if name == "sarif" {
			if !strings.Contains(got, `"results": []`) {
				t.Errorf("sarif: no empty results in\n%s", got)
			}
		} else if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// Every report sends only text and line ends to a terminal, with any names of files.
func TestReportsArePrintable(t *testing.T) {
	for _, name := range report.Names() {
		for _, options := range [][]func(*report.Report){nil, {verbose}, {quiet}, {strict}} {
			out := string(write(t, name, hostileText(options...)))
			if !utf8.ValidString(out) {
				t.Errorf("%s: not UTF-8", name)
			}
			for _, r := range out {
				if r != '\n' && !strconv.IsPrint(r) {
					t.Errorf("%s: holds %q", name, r)
				}
			}
		}
	}
}

func TestReportsAreDeterministic(t *testing.T) {
	for _, name := range report.Names() {
		r := hostileText()
		first := write(t, name, r)
		for range 3 {
			if again := write(t, name, r); !bytes.Equal(first, again) {
				t.Errorf("%s: the same report twice differs", name)
			}
		}
	}
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

var errFull = errors.New("no space left")

// Every format returns the error of a write that fails, at any place in the report.
func TestWriteErrorsAreReturned(t *testing.T) {
	for _, name := range report.Names() {
		size := len(write(t, name, hostileText()))
		format, _ := report.Find(name)
		for _, limit := range []int{0, 50, size / 2, size - 1} {
			if err := format(&full{limit}, hostileText()); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d of %d bytes: %v", name, limit, size, err)
			}
		}
	}
}

// A quiet report leaves warnings out, also in the count of the findings past the limit. It does not change its input.
func TestQuietReportOmitsWarnings(t *testing.T) {
	findings := []validate.Finding{{Severity: validate.Warning, Rule: "w"}, {Severity: validate.Error, Rule: "e"}}
	r := report.Report{Quiet: true}
	r.Add("f", validate.Result{Payloads: 1, Errors: 3, Warnings: 5, Findings: findings})
	if findings[0].Rule != "w" || findings[1].Rule != "e" {
		t.Errorf("the findings were changed: %v", findings)
	}
	want := "f:0:0:  [e]\n… and 2 more errors in f; --max-findings shows more\n"
	r.Files[0].Findings[0].File = "f"
	if got := string(write(t, "text", &r)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.Summary.Omitted != 7 {
		t.Errorf("%d omitted, want 7", r.Summary.Omitted)
	}
}

func TestJSONReadsBack(t *testing.T) {
	r := hostileText()
	var got struct {
		Version  int
		Summary  report.Summary
		Findings []struct {
			validate.Finding
			Fingerprint string
		}
		Failures []report.Failure
	}
	dec := json.NewDecoder(bytes.NewReader(write(t, "json", r)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("something follows the document: %v", err)
	}
	want := r.Summary
	if diff := cmp.Diff(want, got.Summary); diff != "" || got.Version != 1 {
		t.Errorf("version %d; summary: -want +got\n%s", got.Version, diff)
	}
	if s := got.Summary; s.Errors+s.Warnings != len(got.Findings)+s.Omitted {
		t.Errorf("%d findings don't fit %+v", len(got.Findings), s)
	}
	if diff := cmp.Diff(r.Failures, got.Failures); diff != "" {
		t.Errorf("failures: -want +got\n%s", diff)
	}
	n := 0
	for _, f := range r.Files {
		for _, want := range f.Findings {
			want.Snippet = nil
			want.File = strings.ToValidUTF8(want.File, "\ufffd") // JSON has no other bytes
			if diff := cmp.Diff(want, got.Findings[n].Finding); diff != "" {
				t.Errorf("finding %d: -want +got\n%s", n, diff)
			}
			n++
		}
	}
}
