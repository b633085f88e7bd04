package fix

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

func TestDiffOfCorrections(t *testing.T) {
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf(`{"type":"VICTOR_OPS","routingKey":"%d"}`, i))
	}
	before := strings.Join(lines, "\n") + "\n"
	lines[4] = `{"type":"VICTOR_OPS","routingKey":"4","apiKey":"k"}`
	lines[11] = `{"type":"VICTOR_OPS","routingKey":"11","apiKey":"k"}`
	lines[29] = `{"type":"VICTOR_OPS","routingKey":"29","apiKey":"k"}`
	after := strings.Join(lines, "\n") + "\n"
	got := layout{validate.Lines, schemas.V2}.diff("a\x1b.ndjson", []byte(before), []byte(after))
	head, hunks, _ := strings.Cut(got, "@@")
	if want := "--- \"a\\x1b.ndjson\"\n+++ \"a\\x1b.ndjson\"\n"; head != want {
		t.Errorf("the head is %q", head)
	}
	var marks []string
	for line := range strings.Lines("@@" + hunks) {
		if line = strings.TrimSuffix(line, "\n"); line[0] == '@' {
			marks = append(marks, line)
		} else {
			marks = append(marks, line[:1]+strings.Split(line, `"`)[7])
		}
	}
	want := []string{
		"@@ -2,14 +2,14 @@", " 1", " 2", " 3", "-4", "+4", " 5", " 6", " 7", " 8", " 9", " 10", "-11", "+11", " 12", " 13", " 14",
		"@@ -27,4 +27,4 @@", " 26", " 27", " 28", "-29", "+29",
	}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("%s\n%s", diff, got)
	}
}

const sample = "sampleSAMPLEsampleSAMPLEsample"

// No line of a diff shows a secret: in any secret field of any type, under a wrong name, as a wrong value, and in
// fields that are not of the type. The same for short secrets, which are in secret fields only.
func TestDiffHidesSecrets(t *testing.T) {
	diffs := 0
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			for _, secret := range []string{sample, "s3cr3t"} {
				value := `"` + secret + `"`
				payload := fmt.Sprintf("{\n\"type\": %q,\n%q: %s,\n%q: %s",
					strings.ToLower(typ.Name), strings.ToUpper(f.Name), value, f.Name+"s", `["`+sample+`", {"a": "`+sample+`"}]`)
				if f.Secret == "" {
					payload = fmt.Sprintf("{\n\"type\": %q,\n%q: %q", strings.ToLower(typ.Name), strings.ToUpper(f.Name), sample)
				}
				for _, l := range []validate.Layout{validate.One, validate.Lines, validate.Array} {
					text := payload + ",\n\"" + sample + sample + "\": 1}"
					switch l {
					case validate.Lines:
						text = strings.ReplaceAll(text, "\n", " ") + "\n{\"apiKey\": \"" + sample + "\n"
					case validate.Array:
						text = "[" + text + ", {\"type\": \"" + sample + "\"}, \"" + sample + "\"]"
					}
					c := apply(t, []byte(text), checker(t, validate.Options{APIVersion: typ.APIVersion}, l))
					if c.Fixes == 0 {
						t.Fatalf("no correction of %s", text)
					}
					diffs++
					got := layout{l, typ.APIVersion}.diff("a.json", []byte(text), c.Data) + fmt.Sprint(c.Fixed)
					shown := []string{sample[:8]}
					if f.Secret != "" {
						shown = append(shown, secret)
					}
					for _, part := range shown {
						if strings.Contains(got, part) {
							t.Fatalf("%s.%s: %q is shown:\n%s", typ.Name, f.Name, part, got)
						}
					}
				}
			}
		}
	}
	if diffs < 300 {
		t.Errorf("only %d diffs", diffs)
	}
}

// A short secret is also hidden in the lines of other fields, as a value, a name and in a reference.
func TestDiffHidesRepeatedSecrets(t *testing.T) {
	for _, secret := range []string{"Summer2026!", "pw1"} {
		text := strings.ReplaceAll(`{
"type": "prometheus",
"password": "SECRET",
"serviceDiscovery": "SECRET",
"username": "${env:SECRET}",
"SECRET": 1
}`, "SECRET", secret)
		c := apply(t, []byte(text), checker(t, validate.Options{}, validate.One))
		if got := (layout{validate.One, "v2"}).diff("a.json", []byte(text), c.Data); !strings.Contains(got, "PROMETHEUS") || strings.Contains(got, secret) {
			t.Errorf("the secret %s, or no correction, is shown:\n%s", secret, got)
		}
	}
}
