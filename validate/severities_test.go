package validate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/validate"
)

// notObjects and typeMembers are payloads without a type that could be sent, and members in place of a valid type.
var (
	notObjects = []string{
		``, ` `, `null`, `true`, `1`, `"OPS_GENIE"`, `[]`, `[{"type":"OPS_GENIE","apiKey":"k"}]`, `{}`, `{`, `{"type":"OPS_GENIE"}{}`, "\ufeff{}",
		`{"results":[]}`, `{"content":{"type":"SLACK"},"status":200}`, `{"$schema":"https://json-schema.org/x"}`, `{"payload":{"type":"SLACK"}}`,
	}
	typeMembers = []string{
		`"type":null`, `"type":true`, `"type":1`, `"type":[]`, `"type":["OPS_GENIE"]`, `"type":{}`, `"type":{"type":"OPS_GENIE"}`, `"type":""`, `"type":" "`,
		`"type":"OPS_GENIE "`, `"type":"ops_genie"`, `"type":"FLOWDOCK"`, `"type":"HIP_CHAT"`, `"type":"${env:TYPE}"`, `"type":"****"`, `"Type":"OPS_GENIE"`,
		`"typ":"OPS_GENIE"`, `"type":"OPS_GENIE","type":["OPS_GENIE"]`, `"type":["OPS_GENIE"],"type":"OPS_GENIE"`, `"type":"OPS_GENIE","type":"SLACK"`,
		`"type":"OPS_GENIE","type":""`, `"\u0074ype":null`, `"type":"OPS_GENIE"`,
	}
)

// randomPayload returns a payload of any kind.
func randomPayload(random *rand.Rand) string {
	switch random.IntN(4) {
	case 0:
		return notObjects[random.IntN(len(notObjects))]
	case 1:
		return string(payloadtest.Mutated(random, &schemas.Types[random.IntN(len(schemas.Types))]))
	}
	return `{` + typeMembers[random.IntN(len(typeMembers))] + `,"apiKey":"k-1"}`
}

// randomSeverities returns a severity for each rule that can have another one.
func randomSeverities(random *rand.Rand) map[string]validate.Severity {
	set := map[string]validate.Severity{}
	for _, r := range validate.Rules() {
		if !r.FixedSeverity {
			set[r.ID] = []validate.Severity{validate.Off, validate.Off, validate.Warning, validate.Error}[random.IntN(4)]
		}
	}
	return set
}

// With any severities, a payload without an error has a document with a type. A caller that deletes
// integrations without a payload would delete those of ignored payloads.
func TestNoSeveritiesHideAPayload(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 26))
	documents := 0
	for range payloadtest.Count / 4 {
		payload, name := randomPayload(random), []string{"p.json", "p.yaml"}[random.IntN(2)]
		v := newValidator(t, validate.Options{
			Documents: true, Severities: randomSeverities(random), MaxFindings: random.IntN(3),
			APIVersion: []string{schemas.V1, schemas.V2}[random.IntN(2)],
			Operation:  []validate.Operation{validate.Create, validate.Update}[random.IntN(2)],
			Type:       []string{"", "OPS_GENIE"}[random.IntN(2)], Expand: random.IntN(2) == 0, OneProject: random.IntN(2) == 0,
		})
		result := checkLayout(t, v, name, validate.ByName, payload)
		typed := slices.DeleteFunc(result.Documents, func(d validate.Document) bool { return d.Type == "" })
		documents += len(typed)
		if result.Errors == 0 && len(typed) < result.Payloads {
			t.Fatalf("%s: %s\n%d payloads, %d documents, no error: %s", name, payload, result.Payloads, len(typed), fmt.Sprint(result.Findings))
		}
	}
	if documents < payloadtest.Count/40 {
		t.Errorf("only %d documents have a type", documents)
	}
}
