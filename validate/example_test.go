package validate_test

import (
	"fmt"
	"os"
	"path/filepath"
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

// Validate a payload, then use it without a second parse.
func ExampleValidator_CheckPayload() {
	v, err := validate.New(validate.Options{Type: "DATADOG"})
	if err != nil {
		panic(err)
	}
	payload := []byte(`{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "EU"}`)
	doc, findings := v.CheckPayload("payload.json", payload)
	if len(findings) > 0 {
		fmt.Println(findings)
		return
	}
	fmt.Println(doc.Type, doc.Fields()["region"])
	// Output: DATADOG EU
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
	v, err := validate.New(validate.Options{OneProject: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	var results []*validate.Result
	for _, name := range []string{"a.json", "b.json"} {
		result, err := v.CheckReader(name, strings.NewReader(`{"type": "OPS_GENIE", "apiKey": "k-1"}`), validate.One)
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
	// b.json:1:10: OPS_GENIE: a project has one integration of a type, and a.json:1:10 has the same type; keep one of them [duplicate-type]
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
