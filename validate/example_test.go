package validate_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/validate"
)

func ExampleValidator_Check() {
	v, err := validate.New(validate.Options{APIVersion: "v2"})
	if err != nil {
		fmt.Println(err)
		return
	}
	payload := `{
  "type": "DATADOG",
  "apiKey": "****************************cdef",
  "region": "US1"
}`
	for _, finding := range v.Check("datadog.json", []byte(payload)) {
		fmt.Println(finding)
	}
	// Output:
	// datadog.json:3:13: DATADOG.apiKey: this is a mask that Atlas returned instead of the secret; replace it with the real value [masked-value]
	// datadog.json:4:13: DATADOG.region: "US1" is not allowed; Atlas calls it "US" [enum]
}

// Validate a payload that must be of one type, then use it without a second parse.
func ExampleValidator_CheckPayload() {
	// A placeholder is a warning.
	payload := []byte(`{"type": "OPS_GENIE", "apiKey": "YOUR_API_KEY", "region": "EU"}`)
	v, err := validate.New(validate.Options{Type: "OPS_GENIE"})
	if err != nil {
		fmt.Println(err)
		return
	}
	doc, findings := v.CheckPayload("ops-genie.json", payload)
	isError := func(f validate.Finding) bool { return f.Severity == validate.Error }
	if slices.ContainsFunc(findings, isError) {
		fmt.Println(findings)
		return
	}
	fmt.Println(doc.Type, doc.Fields()["region"])
	// Output: OPS_GENIE EU
}

// Validate payloads, one on each line, and send the bytes that were validated.
func ExampleValidator_CheckReader() {
	input := strings.NewReader(`{"type": "OPS_GENIE", "apiKey": "k-1"}
{"type": "VICTOR_OPS", "apiKey": "k-2"}
`)
	send := func(typ string, payload []byte) { fmt.Println("send", typ, len(payload), "bytes") }
	v, err := validate.New(validate.Options{Documents: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := v.CheckReader("payloads.ndjson", input, validate.Lines)
	if err != nil {
		fmt.Println(err)
		return
	}
	if result.Errors == 0 {
		for _, doc := range result.Documents {
			send(doc.Type, doc.JSON)
		}
	}
	// Output:
	// send OPS_GENIE 38 bytes
	// send VICTOR_OPS 39 bytes
}

// Validate for creations, and learn later which integrations exist.
func ExampleResult_ForUpdates() {
	exists := map[string]bool{"OPS_GENIE": true}
	v, err := validate.New(validate.Options{Documents: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := v.CheckReader("ops-genie.json", strings.NewReader(`{"type": "OPS_GENIE", "region": "EU"}`), validate.One)
	if err != nil {
		fmt.Println(err)
		return
	}
	updated := result.ForUpdates(func(doc validate.Document) bool { return exists[doc.Type] })
	fmt.Println("create:", result.Errors, "error,", result.Warnings, "warnings")
	fmt.Println("update:", updated.Errors, "errors,", updated.Warnings, "warning")
	// Output:
	// create: 1 error, 0 warnings
	// update: 0 errors, 1 warning
}

// Word hints for the options of your program.
func ExampleSuggestion() {
	v, err := validate.New(validate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range v.Check("flowdock.json", []byte(`{"type": "FLOWDOCK"}`)) {
		if version := finding.Suggestion.APIVersion; version != "" {
			finding.Hint = "set apiVersion: " + version
		}
		fmt.Println(finding.Text())
	}
	// Output: v2 has no type FLOWDOCK; set apiVersion: v1.0
}

// Correct the faults that have one correction only.
func ExampleFinding_edits() {
	payload := []byte(`{"type": "OPSGENIE", "apiKey": "k-1", "region": "us"}`)
	v, err := validate.New(validate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	correctable := func(f validate.Finding) bool { return f.Edits != nil }
	findings := v.Check("ops-genie.json", payload)
	for i := slices.IndexFunc(findings, correctable); i >= 0; i = slices.IndexFunc(findings, correctable) {
		for _, edit := range slices.Backward(findings[i].Edits) {
			payload = slices.Replace(payload, edit.Start, edit.End, []byte(edit.Text)...)
		}
		findings = v.Check("ops-genie.json", payload) // edits of several findings may overlap
	}
	fmt.Println(string(payload), findings)
	// Output: {"type": "OPS_GENIE", "apiKey": "k-1", "region": "US"} []
}

// Require more than Atlas does.
func ExampleValidator_WithSchema() {
	source := []byte(`{"properties": {"region": {"const": "EU", "description": "Monitoring data stays in the EU"}}}`)
	payload := []byte(`{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US"}`)
	v, err := validate.New(validate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, err := validate.CompileSchema("eu-only.schema.json", source)
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err = v.WithSchema(policy, validate.Error, "DATADOG", "PAGER_DUTY")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range v.Check("datadog.json", payload) {
		fmt.Println(finding)
	}
	// Output: datadog.json:1:77: DATADOG.region: Monitoring data stays in the EU (eu-only.schema.json#/properties/region) [policy]
}

// Find out which option is wrong.
func ExampleOptionError() {
	_, err := validate.New(validate.Options{Type: "DATADGO"})
	var wrong *validate.OptionError
	if errors.As(err, &wrong) {
		fmt.Println(wrong.Option + ": " + wrong.Reason)
		fmt.Println("hint:", wrong.Hint)
	}
	// Output:
	// Type: unknown type "DATADGO"
	// hint: did you mean "DATADOG"?
}

// Validate a file of payloads, one on each line, and count its findings.
func ExampleValidator_CheckFile() {
	v, err := validate.New(validate.Options{Severities: map[string]validate.Severity{"key-format": validate.Off}})
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "payloads.ndjson")
	payloads := `{"type": "OPS_GENIE", "apiKey": "k-1", "region": "EU"}
{"type": "OPS_GENIE", "apiKey": "k-2", "region": "Mars"}
`
	if err := os.WriteFile(file, []byte(payloads), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	result, err := v.CheckFile(file, validate.ByName)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d payloads, %d errors, %d warnings\n", result.Payloads, result.Errors, result.Warnings)
	for _, f := range result.Findings {
		fmt.Printf("line %d, column %d: %s\n", f.Line, f.Column, f.Message)
	}
	// Output:
	// 2 payloads, 1 errors, 0 warnings
	// line 2, column 50: OPS_GENIE.region: "Mars" is not allowed
}

// Find two payloads of one type among those for one project.
func ExampleValidator_OneProject() {
	paths := []string{"../examples/apply/datadog.json", "../examples/payloads/v2/datadog.json"}
	v, err := validate.New(validate.Options{OneProject: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	var results []*validate.Result
	for _, path := range paths {
		result, err := v.CheckFile(path, validate.ByName)
		if err != nil {
			fmt.Println(err)
			return
		}
		results = append(results, &result)
	}
	v.OneProject(results)
	for _, result := range results {
		for _, finding := range result.Findings {
			fmt.Println(finding)
		}
	}
	// Output:
	// ../examples/payloads/v2/datadog.json:2:11: DATADOG: a project has one integration of a type, and ../examples/apply/datadog.json:2:11 has the same type; keep one of them [duplicate-type]
}

// List the rules that can be turned off.
func ExampleRules() {
	fixed := 0
	for _, rule := range validate.Rules() {
		if rule.FixedSeverity {
			fixed++
		} else if rule.ID == "url" {
			fmt.Println(rule.ID, rule.Default)
		}
	}
	fmt.Println(fixed, "rules are fixed")
	// Output:
	// url error
	// 6 rules are fixed
}
