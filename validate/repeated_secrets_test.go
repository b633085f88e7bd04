package validate_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// The value of a secret field is hidden in every other place of its payload, also if it is short: in values, names, the
// type, references and aliases.
func TestRepeatedSecretsAreHidden(t *testing.T) {
	t.Setenv("ATLASINT_REPEATED", "hunter2")
	for _, secret := range []string{"Summer2026!", "hunter2-Passw0rd", "hunter2", "pw1"} {
		t.Setenv("ATLASINT_REPEATED", secret)
		const prometheus = `"type":"PROMETHEUS","username":"prom","password":"SECRET","enabled":true`
		for file, payloads := range map[string][]string{
			"p.json": {
				`{` + prometheus + `,"serviceDiscovery":"SECRET"}`,
				`{` + prometheus + `,"serviceDiscovery":"my SECRET"}`,
				`{` + prometheus + `,"serviceDiscovery":"http","SECRET":1}`,
				`{` + prometheus + `,"serviceDiscovery":"http","SECRET":1,"SECRET":2}`,
				`{` + prometheus + `,"serviceDiscovery":"http","a":{"SECRET":1,"SECRET":2}}`,
				`{` + prometheus + `,"serviceDiscovery":{"SECRET":1}}`,
				`{` + prometheus + `,"serviceDiscovery":"${env:SECRET}","note":1}`,
				`{"type":"PROMETHEUS","username":"SECRET","passwort":"SECRET","enabled":"SECRET","serviceDiscovery":"SECRET"}`,
				`{"type":"PROMETHEUS","username":"${env:ATLASINT_REPEATED}","password":"p","enabled":true,"serviceDiscovery":"SECRET"}`,
				`{"type":"SECRET","password":"SECRET"}`,
				`{"type":"SECRET","password":["SECRET"]}`,
				`{"typ":"SECRET","apiKey":"SECRET"}`,
				`{"type":"DATADOG","apiKey":"SECRET","region":"SECRET"}`,
				`[{"type":"SECRET","password":"SECRET"}]`,
				`{"type":"SLACK","apiToken":"SECRET","channelName":"SECRET","teamName":null}`,
				`{"type":"SLACK","apiToken":{"SECRET":1},"channelName":"SECRET"}`,
				`{"type":"SLACK","apiToken":{"a":[{"SECRET":1,"SECRET":null}]},"SECRET":"c"}`,
				`{"type":"SLACK","note":["SECRET"],"channelName":{"SECRET":1,"SECRET":2}}`,
				`{"type":"SLACK","api_token":{"SECRET":1,"SECRET":2},"channelName":"c"}`,
				`{"type":"UNKNOWN","apiToken":{"SECRET":{}}}`,
				`{"type":"SECRET","apiToken":{"SECRET":{}}}`,
				`{"apiToken":[{"SECRET":true}]}`,
				`[{"type":"SECRET","apiToken":[{"SECRET":true}]}]`,
				`{"type":"OPS_GENIE","apiKey=SECRET":1,"apiKey: SECRET":1}`,
			},
			"p.yaml": {
				"type: PROMETHEUS\nusername: prom\npassword: &p SECRET\nenabled: true\nserviceDiscovery: *p\n",
				"type: &p SECRET\npassword: *p\n",
				"{type: PROMETHEUS, username: prom, password:SECRET, enabled: true}\n",
				"{type: PROMETHEUS, username: prom, password:\"SECRET\", tls: {password=SECRET}}\n",
				"type: OPS_GENIE\napiKey=SECRET :\n",
				"type: PROMETHEUS\nusername: prom\npassword: {SECRET}\nenabled: true\nserviceDiscovery: SECRET\n",
				"{type: PROMETHEUS, username: prom, password:SECRET, enabled: true, serviceDiscovery: http}\n",
				"{type:PROMETHEUS, password:SECRET}\n",
				"type: PROMETHEUS\nusername: prom\npassword:\n  - SECRET:\n      SECRET:\n",
				"type: PROMETHEUS\nusername: prom\npassword:\n  ? &a SECRET\n  : *a\n",
				"type: PROMETHEUS\nusername: prom\npassword: SECRET\nenabled: true\nserviceDiscovery: SECRET\nSECRET: 1\n",
			},
		} {
			for _, payload := range payloads {
				payload = strings.ReplaceAll(payload, "SECRET", secret)
				for _, expand := range []bool{false, true} {
					v := newValidator(t, validate.Options{Snippets: true, Expand: expand})
					if strings.Contains(payload, "ATLASINT_REPEATED") && !expand {
						continue // its value is unknown
					}
					findings := v.Check(file, []byte(payload))
					if len(findings) == 0 {
						t.Errorf("%s: no findings", payload)
					}
					for _, f := range findings {
						shown, err := json.Marshal(f)
						if err != nil {
							t.Fatal(err)
						}
						text := string(shown) + f.String() + f.Snippet.Text
						if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
							t.Errorf("%s: a finding shows the secret: %s", payload, text)
						}
					}
				}
			}
		}
	}
}

// A secret that is a common word does not change messages that the description of the API explains.
func TestCommonSecretsKeepMessagesReadable(t *testing.T) {
	for payload, want := range map[string]string{
		`{"type":"OPS_GENIE","apiKey":"US","region":"UK"}`:                                                              `use "US" or "EU"`,
		`{"type":"PROMETHEUS","username":"u","password":"true","enabled":"yes","serviceDiscovery":"http"}`:              "write true or false",
		`{"type":"PROMETHEUS","username":"u","password":"true","enabled":"true","serviceDiscovery":"http"}`:             `got string "true"`,
		`{"type":"PROMETHEUS","username":"u","password":"password","enabled":true}`:                                     `missing required field "serviceDiscovery"`,
		`{"type":"PROMETHEUS","username":"u","password":"PROMETHEUS","enabled":true,"serviceDiscovery":"x","note":"n"}`: `PROMETHEUS.serviceDiscovery: "x" is not allowed`,
	} {
		var texts []string
		for _, f := range newValidator(t, validate.Options{}).Check("p.json", []byte(payload)) {
			texts = append(texts, f.String())
		}
		if text := strings.Join(texts, "\n"); !strings.Contains(text, want) {
			t.Errorf("%s: got\n%s\nwant %q", payload, text, want)
		}
	}
}
