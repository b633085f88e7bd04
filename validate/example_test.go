package validate_test

import (
	"fmt"

	"github.com/atlasint/atlasint/validate"
)

func ExampleValidator_Check() {
	v, err := validate.New(validate.WithAPIVersion("v2"))
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
	// datadog.json:3:13: DATADOG.apiKey: this is a value that Atlas returned masked; put the real value in its place; masked ones can't be sent back [masked-value]
	// datadog.json:4:13: DATADOG.region: "US1" is not allowed; Atlas calls it "US" [enum]
}

// Validate a payload, then use it without a second parse.
func ExampleValidator_CheckPayload() {
	v, err := validate.New()
	if err != nil {
		panic(err)
	}
	payload := []byte(`{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "EU"}`)
	doc, findings := v.CheckPayload("payload.json", payload, "DATADOG")
	if len(findings) > 0 {
		fmt.Println(findings)
		return
	}
	fmt.Println(doc.Type, doc.Fields()["region"])
	// Output: DATADOG EU
}
