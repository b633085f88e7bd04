package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

var findingLine = regexp.MustCompile(`(?m)^in:(\d+):(\d+): (warning: )?.* \[([a-z0-9-]+)\]$`)

// FuzzReportsAgree checks that the text and the JSON report list the same findings for any payload.
func FuzzReportsAgree(f *testing.F) {
	for _, r := range validate.Rules() {
		f.Add([]byte(r.Fails))
		f.Add([]byte(r.Passes))
	}
	v, err := validate.New(validate.Options{Snippets: true, Severities: map[string]validate.Severity{"plaintext-secret": validate.Warning}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		result, err := v.CheckReader("in", bytes.NewReader(data), validate.One)
		if err != nil {
			t.Fatal(err)
		}
		var r report.Report
		r.Add("in", result)
		var text, document bytes.Buffer
		if err := report.Text(&text, &r); err != nil {
			t.Fatal(err)
		}
		if err := report.JSON(&document, &r); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fromJSON(t, document.Bytes()), fromText(text.String())); diff != "" {
			t.Errorf("(-json +text)\n%s", diff)
		}
	})
}

func fromText(text string) []string {
	findings := []string{}
	for _, m := range findingLine.FindAllStringSubmatch(text, -1) {
		findings = append(findings, strings.Join([]string{m[1], m[2], fmt.Sprint(m[3] != ""), m[4]}, " "))
	}
	return findings
}

func fromJSON(t *testing.T, data []byte) []string {
	t.Helper()
	var document struct{ Findings []validate.Finding }
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	findings := []string{}
	for _, f := range document.Findings {
		findings = append(findings, fmt.Sprintf("%d %d %v %s", f.Line, f.Column, f.Severity == validate.Warning, f.Rule))
	}
	return findings
}
