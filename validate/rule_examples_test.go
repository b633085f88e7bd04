package validate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// describedExamples check the inputs that examples of rules describe in words, by the text of the example.
var describedExamples = map[string]func(t *testing.T) []Finding{
	"a file of 2 MiB": layoutExample(Options{}, One, exampleOpsGenie+strings.Repeat(" ", 2<<20)),
	"a payload under 1 MiB, or an NDJSON file of any size whose lines are": func(t *testing.T) []Finding {
		lines := strings.Repeat(exampleOpsGenie+strings.Repeat(" ", 1000<<10)+"\n", 2)
		return append(layoutExample(Options{}, One, exampleOpsGenie)(t), layoutExample(Options{}, Lines, lines)(t)...)
	},
	"mkfifo payload.json": func(t *testing.T) []Finding { return fileExample(t, os.DevNull) }, // any file but a regular one
	"a regular file": func(t *testing.T) []Finding {
		file := filepath.Join(t.TempDir(), "payload.json")
		if err := os.WriteFile(file, []byte(exampleOpsGenie), 0o600); err != nil {
			t.Fatal(err)
		}
		return fileExample(t, file)
	},
	"an OPS_GENIE payload where VICTOR_OPS is required": layoutExample(Options{Type: "VICTOR_OPS"}, One, exampleOpsGenie),
	"a VICTOR_OPS payload where VICTOR_OPS is required": layoutExample(Options{Type: "VICTOR_OPS"}, One, `{"type": "VICTOR_OPS", "apiKey": "k-1"}`),

	"a list with an element that occurs twice, where the schema requires different elements": listExample(`["CREATED", "CREATED"]`),
	"the list without the second one":                          listExample(`["CREATED"]`),
	`the flowName "main flow" in a FLOWDOCK payload of v1.0`:   flowExample("main flow"),
	`the flowName "main-flow"`:                                 flowExample("main-flow"),
	`as an update: {"type": "SLACK", "channelName": "alerts"}`: layoutExample(Options{Operation: Update}, One, `{"type": "SLACK", "channelName": "alerts"}`),

	"a PROMETHEUS payload for Atlas for Government": layoutExample(Options{Government: true}, One, examplePrometheus),
	"a DATADOG payload for Atlas for Government":    layoutExample(Options{Government: true}, One, exampleDatadog),

	"two DATADOG payloads for one project": projectExample(exampleDatadog, exampleDatadog),
	"one payload of each type, or payloads of several projects": func(t *testing.T) []Finding {
		return append(projectExample(exampleDatadog, exampleOpsGenie)(t), layoutExample(Options{}, Array, "["+exampleDatadog+","+exampleDatadog+"]")(t)...)
	},

	"with a schema that lists the regions of the EU: " + exampleDatadogUS: policyExample(exampleDatadogUS),
	exampleDatadog: policyExample(exampleDatadog),
}

const (
	exampleOpsGenie   = `{"type": "OPS_GENIE", "apiKey": "k-1"}`
	exampleDatadog    = `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "EU"}`
	examplePrometheus = `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http"}`
	exampleDatadogUS  = `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US"}`
)

// Each rule's failing example gets a finding of that rule, and its passing one gets none of it. Examples that aren't
// payloads, or that need options, are described in words.
func TestRuleExamples(t *testing.T) {
	used := map[string]bool{}
	for _, r := range Rules() {
		for _, example := range []struct {
			text string
			want bool
		}{{r.Fails, true}, {r.Passes, false}} {
			check := describedExamples[example.text]
			used[example.text] = true
			if check == nil && !strings.HasPrefix(example.text, "{") && !strings.HasPrefix(example.text, "[") {
				t.Errorf("%s: %q is not a payload: add it to describedExamples", r.ID, example.text)
				continue
			}
			if check == nil {
				check = payloadExample(r, example.text)
			}
			found := 0
			for _, f := range check(t) {
				if f.Rule == r.ID {
					found++
				}
			}
			if (found > 0) != example.want {
				t.Errorf("%s: %s: %d findings of the rule, want one: %t", r.ID, example.text, found, example.want)
			}
		}
	}
	for text := range describedExamples {
		if !used[text] {
			t.Errorf("no rule has the example %q", text)
		}
	}
}

// payloadExample checks a payload with a rule that may be off by default.
func payloadExample(r Rule, payload string) func(t *testing.T) []Finding {
	options := Options{Severities: map[string]Severity{r.ID: r.Default}}
	if r.Default == Off {
		options.Severities[r.ID] = Error
	}
	return layoutExample(options, One, payload)
}

func layoutExample(options Options, layout Layout, input string) func(t *testing.T) []Finding {
	return func(t *testing.T) []Finding {
		t.Helper()
		return inputExample(t, exampleValidator(t, options), layout, input).Findings
	}
}

func inputExample(t *testing.T, v *Validator, layout Layout, input string) Result {
	t.Helper()
	result, err := v.CheckReader("example", strings.NewReader(input), layout)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func fileExample(t *testing.T, path string) []Finding {
	t.Helper()
	result, err := exampleValidator(t, Options{}).CheckFile(path, One)
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

// listExample checks a payload of the nested document, whose events differ: no published type has such a list.
func listExample(events string) func(t *testing.T) []Finding {
	return func(t *testing.T) []Finding {
		t.Helper()
		v, _ := nestedValidator(t, Options{})
		return inputExample(t, v, One, `{"type": "RELAY", "retry": {"attempts": 3}, "events": `+events+`}`).Findings
	}
}

func flowExample(name string) func(t *testing.T) []Finding {
	return layoutExample(Options{APIVersion: "v1.0"}, One, `{"type": "FLOWDOCK", "flowName": "`+name+`", "orgName": "o", "apiToken": "t-1"}`)
}

func projectExample(payloads ...string) func(t *testing.T) []Finding {
	return func(t *testing.T) []Finding {
		t.Helper()
		v := exampleValidator(t, Options{OneProject: true})
		result := inputExample(t, v, Array, "["+strings.Join(payloads, ",")+"]")
		v.OneProject([]*Result{&result})
		return result.Findings
	}
}

func policyExample(payload string) func(t *testing.T) []Finding {
	return func(t *testing.T) []Finding {
		t.Helper()
		s, err := CompileSchema("eu-only.schema.json", []byte(`{"properties": {"region": {"enum": ["EU"]}}}`))
		if err != nil {
			t.Fatal(err)
		}
		v, err := exampleValidator(t, Options{}).WithSchema(s, Error)
		if err != nil {
			t.Fatal(err)
		}
		return v.Check("example", []byte(payload))
	}
}

func exampleValidator(t *testing.T, options Options) *Validator {
	t.Helper()
	v, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
