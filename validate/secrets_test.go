package validate_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/validate"
)

const canary = "canaryCANARYcanaryCANARYcanaryCANARYcan"

// No finding of any rule contains a secret. A canary is a secret sample that the test searches for: every field of
// every type gets it in turn, unchanged, in the forms that the rules look for, and in wrong places.
func TestFindingsContainNoSecret(t *testing.T) {
	t.Setenv("ATLASINT_CANARY", canary)
	shapes := []any{
		"", canary, canary + "****", "https://a.example/" + canary + "/****", "http://localhost/" + canary,
		canary + "://x", "https://" + canary, "<" + canary + ">", "${" + canary + "}", "{" + canary,
		"<#" + canary + ">${" + canary + "?" + canary,
		"${env:ATLASINT_CANARY}", "x${env:ATLASINT_CANARY}", "${env:}" + canary, "${file:missing}" + canary,
		"${env:" + canary + canary + "}", "${file:" + canary + canary + "}", "${file:https://h.example/" + canary + "/" + canary + "}",
		strings.Repeat(canary, 600), " " + canary + " ", []any{canary}, map[string]any{"k": canary},
	}
	seen := map[string]bool{}
	random := rand.New(rand.NewPCG(20230101, 18))
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			for _, shape := range shapes {
				if testing.Short() && random.IntN(10) > 0 {
					continue
				}
				for _, payload := range damagedPayloads(t, typ, f.Name, shape) {
					searchSecret(t, typ.APIVersion, payload, seen)
				}
			}
		}
	}
	for _, raw := range []string{
		`{"apiKey":"` + canary, `{"apiKey":` + canary + `}`, `{"apiKey":'` + canary + `'}`, canary,
		`{"apiKey":"` + canary + `\x"}`, `{"apiKey":"` + canary + "\n" + `"}`, `"` + canary + `"`,
		`{"type":"DATADOG"} ` + canary, `{"` + canary + canary + `":1,"` + canary + canary + `":2}`, `{"a":{"` + canary + canary + `":{"b":1,"b":2}}}`,
		`{"type":"SLACK","` + canary + canary + `":1}`, `{"apiKey":"` + canary + "\xff\"}",
		`{"type":"SLACK","apiToken":"` + canary + `","apiToken":"` + canary + `"}`, `// ` + canary,
	} {
		searchSecret(t, schemas.V2, []byte(raw), seen)
	}
	for _, raw := range []string{
		"apiKey: " + canary + ": x", "apiKey: \"" + canary, "apiKey: !" + canary + " x", "apiKey: *" + canary, "? [" + canary + "]\n: x", "%" + canary,
		"type: SLACK\nteamName: &" + canary + " 1\nchannelName: *" + canary, "type: OPS_GENIE # " + canary + "\napiKey: " + canary + " # " + canary,
		"type: OPS_GENIE\napiKey: &x\n  " + canary + canary + ": 1\nregion: *x\n" + canary + canary + ": *x",
		"type: OPS_GENIE\napiKey: &" + canary + " {a: 1}\nregion: *" + canary,
		"type: OPS_GENIE\nregion: | # " + canary + "\n  UK\napiKey: |-\n  " + canary + "\n   ****\n",
		"type: OPS_GENIE\napiKey: 1\n--- # " + canary + "\n- " + canary,
	} {
		searchSecretIn(t, "p.yaml", schemas.V2, []byte(raw), seen)
	}
	for _, r := range validate.Rules() {
		switch r.ID {
		case "schema", "policy": // no published type has what they are about; TestNestedSecrets, TestPolicySecrets
		case "too-large", "not-a-file", "type-mismatch", "duplicate-type":
			// They show no text of the input: TestCostOfTooLargeInputs, TestCheckFile, TestCheckInput and TestCheckType.
		default:
			if !seen[r.ID] && !testing.Short() {
				t.Errorf("no canary met rule %s", r.ID)
			}
		}
	}
}

// searchSecret searches the findings of a payload in JSON, and of the same payload in some style of YAML.
func searchSecret(t *testing.T, apiVersion string, payload []byte, seen map[string]bool) {
	t.Helper()
	searchSecretIn(t, "p", apiVersion, payload, seen)
	if doc, err := jsonpos.Parse(payload); err == nil && len(payload)%4 == 0 { // a quarter, because it takes time
		yaml, _ := payloadtest.YAML(rand.New(rand.NewPCG(uint64(len(payload)), 0)), &doc.Root)
		searchSecretIn(t, "p.yaml", apiVersion, yaml, seen)
	}
}

func searchSecretIn(t *testing.T, name, apiVersion string, payload []byte, seen map[string]bool) {
	t.Helper()
	for _, expand := range []bool{false, true} {
		v := newValidator(t, validate.Options{
			APIVersion: apiVersion, Expand: expand, Snippets: true, Government: true,
			Severities: map[string]validate.Severity{"plaintext-secret": validate.Warning},
		})
		for _, f := range v.Check(name, payload) {
			seen[f.Rule] = true
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			shown := map[string]string{"the JSON": string(text), "String": f.String()}
			if f.Snippet != nil {
				shown["the snippet"] = f.Snippet.Text
			}
			for what, text := range shown {
				if leaks(text) {
					t.Errorf("%s: %s shows the canary: %s", f.Rule, what, text)
				}
			}
		}
	}
}

// leaks returns any part of the canary of eight characters or more.
func leaks(text string) bool {
	for i := 0; i+8 <= len(canary); i++ {
		if strings.Contains(text, canary[i:i+8]) {
			return true
		}
	}
	return false
}

// damagedPayloads returns payloads of a type with the value in the field, under a misspelled name, as a further field,
// as the type, and without any other field.
func damagedPayloads(t *testing.T, typ schemas.Type, name string, value any) [][]byte {
	t.Helper()
	variants := []map[string]any{
		{name: value},
		{name + "s": value, name: nil},
		{"scheme": value, "webhookBodyTemplate": value, "region": value, "sendDatabaseMetrics": value, "note": value},
		{"region": nil, "teamName": nil, "password": absent},
	}
	var payloads [][]byte
	for _, variant := range variants {
		var base map[string]any
		if err := json.Unmarshal(example(t, typ), &base); err != nil {
			t.Fatal(err)
		}
		for k, v := range variant {
			base[k] = v
			if v == absent {
				delete(base, k)
			}
		}
		payloads = append(payloads, encode(t, base))
	}
	return append(payloads,
		encode(t, map[string]any{name: value}),
		encode(t, map[string]any{"type": value}),
		encode(t, map[string]any{"type": typ.Name, name + "x": value}))
}

const absent = "(absent)"
