package validate_test

import (
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// The finding of a missing type names the key that contains a payload, or a list of payloads.
func TestPayloadBelowKey(t *testing.T) {
	const payload = `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef"}`
	const list = "; write each of them into a file of its own"
	for text, want := range map[string]string{
		`{"integration": ` + payload + `}`:                      `the payload is in "integration"; move that object to the top level of the file`,
		`{"a": 1, "data": {"x": ` + payload + `}}`:              `the payload is in "data.x"; move that object to the top level of the file`,
		`{"integrations": [` + payload + `]}`:                   `the payloads are in the list "integrations"` + list,
		`{"data": {"integrations": [` + payload + `]}}`:         `the payloads are in the list "data.integrations"` + list,
		`{"integration": {"type": "DataDog"}}`:                  `the payload is in "integration"; move that object to the top level of the file`,
		`{"sk_live_0123456789abcdef01234567": ` + payload + `}`: "the payload is in (hidden); move that object to the top level of the file",
		`{"results": [` + payload + `], "totalCount": 1}`:       "this is a response of Atlas, not a payload",
	} {
		findings := newValidator(t, validate.Options{}).Check("p", []byte(text))
		if len(findings) != 1 || findings[0].Rule != "type-missing" || findings[0].Hint != want {
			t.Errorf("%s: %v, want %s", text, findings, want)
		}
	}
	for _, text := range []string{
		`{"integration": {"type": "nothing"}}`, `{"integration": {"apiKey": "k"}}`, `{"integrations": []}`, `{"integrations": [1]}`,
		`{"a": {"b": {"c": {"d": ` + payload + `}}}}`, `{"integration": "DATADOG"}`,
	} {
		findings := newValidator(t, validate.Options{Type: "DATADOG"}).Check("p", []byte(text))
		if len(findings) != 1 || findings[0].Hint != `add "type": "DATADOG"` {
			t.Errorf("%s: %v", text, findings)
		}
	}
}
