package validate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// The finding for an empty value of a reference names the variable or the file to set, not the text of the payload.
func TestEmptyReferences(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ATLASINT_TEST_UNSET", "")
	for payload, want := range map[string]string{
		`{"type":"OPS_GENIE","apiKey":"${env:ATLASINT_TEST_UNSET}"}`:                                                                              `OPS_GENIE.apiKey: the environment variable "ATLASINT_TEST_UNSET" is empty; set it [empty-value]`,
		`{"type":"OPS_GENIE","apiKey":" ${env:ATLASINT_TEST_UNSET}${file:key}"}`:                                                                  `OPS_GENIE.apiKey: the environment variable "ATLASINT_TEST_UNSET" is empty; set it [empty-value]`,
		`{"type":"DATADOG","apiKey":"${file:key}"}`:                                                                                               `DATADOG.apiKey: the referenced file key is empty; write the value into it [empty-value]`,
		`{"type":"WEBHOOK","url":"https://hooks.example.com","secret":"${env:ATLASINT_TEST_UNSET}"}`:                                              `WEBHOOK.secret: the environment variable "ATLASINT_TEST_UNSET" is empty; set it, or leave out the field [empty-value]`,
		`{"type":"OPS_GENIE","apiKey":"k-1","region":"${env:ATLASINT_TEST_UNSET}"}`:                                                               `OPS_GENIE.region: the environment variable "ATLASINT_TEST_UNSET" is empty; use "US" or "EU" [enum]`,
		`{"type":"PROMETHEUS","username":"${env:ATLASINT_TEST_UNSET}","password":"ATLASINT_TEST_UNSET","enabled":true,"serviceDiscovery":"http"}`: `PROMETHEUS.username: the value of the reference is empty (name hidden); set it [empty-value]`,
		`{"type":"OPS_GENIE","apiKey":""}`:                                                                                                        `OPS_GENIE.apiKey is empty; set a value [empty-value]`,
	} {
		for _, layout := range []validate.Layout{validate.One, validate.Array} {
			input := payload
			if layout == validate.Array {
				input = "[" + payload + "]"
			}
			v := newValidator(t, validate.Options{Expand: true})
			var got []string
			r, err := v.CheckReader(filepath.Join(dir, "p.json"), strings.NewReader(input), layout)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				got = append(got, f.Message+"; "+f.Hint+" ["+f.Rule+"]")
			}
			if !slices.Contains(got, want) {
				t.Errorf("%s: got %q, want %q", input, got, want)
			}
		}
	}
}

// Programs such as docker leave the quotes of an environment file in the values of its variables.
func TestQuotedReferences(t *testing.T) {
	const warning = `warning: OPS_GENIE.apiKey has quotes around it (value hidden); remove them, unless they belong to the secret [key-format]`
	for value, want := range map[string]string{
		`"k-1"`: warning, `'k-1'`: warning, `""`: warning, `"`: "", `"k-1'`: "", `k"-"1`: "", `"k`: "",
	} {
		t.Setenv("ATLASINT_TEST_KEY", value)
		for _, expanded := range []bool{true, false} {
			key, _ := json.Marshal(value)
			if expanded {
				key = []byte(`"${env:ATLASINT_TEST_KEY}"`)
			}
			got := ""
			for _, f := range newValidator(t, validate.Options{Expand: true}).Check("p.json", []byte(`{"type":"OPS_GENIE","apiKey":`+string(key)+`}`)) {
				got = strings.TrimPrefix(f.String(), "p.json:1:30: ")
			}
			if !expanded {
				want = "" // the quotes are in the payload on purpose
			}
			if got != want {
				t.Errorf("%s, expanded: %t: got %q, want %q", value, expanded, got, want)
			}
		}
	}
	t.Setenv("ATLASINT_TEST_KEY", `"0123456789abcdef0123456789abcdef"`)
	findings := newValidator(t, validate.Options{Expand: true}).Check("p.json", []byte(`{"type":"DATADOG","apiKey":"${env:ATLASINT_TEST_KEY}"}`))
	if len(findings) != 1 || findings[0].Hint != "remove the quotes around it" {
		t.Errorf("got %v", findings)
	}
}
