package validate_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// FuzzCheck: no input makes the validator panic; every finding is inside the input and reads as one
// line; findings are in order; and an accepted payload is still accepted after another program rewrites it.
func FuzzCheck(f *testing.F) {
	for _, typ := range schemas.Types {
		data, _ := schemas.Schema(typ.APIVersion, typ.Name)
		var schema struct{ Examples []json.RawMessage }
		if err := json.Unmarshal(data, &schema); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(schema.Examples[0]), typ.APIVersion == schemas.V1)
	}
	for _, r := range validate.Rules() {
		f.Add([]byte(r.Fails), false)
	}
	validators := map[bool]*validate.Validator{}
	for isV1, apiVersion := range map[bool]string{true: schemas.V1, false: schemas.V2} {
		v, err := validate.New(validate.Options{
			APIVersion: apiVersion,
			Snippets:   true,
			Severities: map[string]validate.Severity{"plaintext-secret": validate.Warning},
		})
		if err != nil {
			f.Fatal(err)
		}
		validators[isV1] = v
	}
	f.Fuzz(func(t *testing.T, data []byte, isV1 bool) {
		v := validators[isV1]
		before := bytes.Clone(data)
		findings := v.Check("in", data)
		if !bytes.Equal(before, data) {
			t.Fatal("the input was changed")
		}
		for _, finding := range findings {
			checkInvariants(t, data, finding)
		}
		if !slices.IsSortedFunc(findings, func(a, b validate.Finding) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		}) {
			t.Errorf("out of order: %v", findings)
		}
		if !hasErrors(findings) {
			rewritten(t, v, data)
		}
	})
}

func checkInvariants(t *testing.T, data []byte, f validate.Finding) {
	t.Helper()
	lines := strings.Split(string(data), "\n")
	inside := func(line, column int) bool {
		return line >= 1 && line <= len(lines) && column >= 1 && column <= utf8.RuneCountInString(lines[line-1])+2
	}
	if !inside(f.Line, f.Column) {
		t.Errorf("the start is outside of the input: %+v", f)
	}
	if !inside(f.EndLine, f.EndColumn) {
		t.Errorf("the end is outside of the input: %+v", f)
	}
	if cmp.Or(cmp.Compare(f.Line, f.EndLine), cmp.Compare(f.Column, f.EndColumn)) > 0 {
		t.Errorf("the end is before the start: %+v", f)
	}
	checkShown(t, f.String(), 2000)
	if s := f.Snippet; s != nil {
		checkShown(t, s.Text, 4*120)
		if n := utf8.RuneCountInString(s.Text); n > 120 {
			t.Errorf("the snippet has %d characters: %+v", n, s)
		}
		if s.Start < 0 || s.Start > 120 {
			t.Errorf("the start is not in the snippet: %+v", s)
		}
		if s.Width < 1 || s.Start+s.Width > 121 {
			t.Errorf("the width is not in the snippet: %+v", s)
		}
	}
}

// checkShown checks that a text has no control characters and at most so many bytes.
func checkShown(t *testing.T, text string, most int) {
	t.Helper()
	if strings.ContainsFunc(text, unicode.IsControl) {
		t.Errorf("control characters in %q", text)
	}
	if len(text) > most {
		t.Errorf("%d bytes, want at most %d: %q", len(text), most, text)
	}
}

func hasErrors(findings []validate.Finding) bool {
	return slices.ContainsFunc(findings, func(f validate.Finding) bool { return f.Severity == validate.Error })
}

func rewritten(t *testing.T, v *validate.Validator, data []byte) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatalf("accepted, but encoding/json refuses: %v", err)
	}
	again, err := json.MarshalIndent(value, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if findings := v.Check("again", again); hasErrors(findings) {
		t.Errorf("accepted, but not once it was written anew: %v", findings)
	}
}

// FuzzYAML: no YAML makes the validator panic, every finding is inside the input and reads as one line, and a payload
// without errors is accepted as the JSON that is sent.
func FuzzYAML(f *testing.F) {
	for _, r := range validate.Rules() {
		f.Add([]byte(r.Fails))
	}
	f.Add([]byte("type: OPS_GENIE\napiKey: &k |\n  k\n---\ntype: WEBHOOK\nurl: 'https://hooks.example.com/x'\nsecret: \"\\x41\"\n"))
	v, err := validate.New(validate.Options{Snippets: true, Documents: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		result, err := v.CheckReader("in.yaml", bytes.NewReader(data), validate.ByName)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range result.Findings {
			checkInvariants(t, data, finding)
		}
		if len(result.Findings) > 0 {
			return
		}
		for _, d := range result.Documents {
			if findings := v.Check("again.json", d.JSON); len(findings) > 0 {
				t.Errorf("%q: accepted, but not as %s: %v", data, d.JSON, findings)
			}
		}
	})
}
