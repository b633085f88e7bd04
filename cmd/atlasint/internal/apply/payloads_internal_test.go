package apply

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

const testHook = "https://hooks.example.com/services/T0001/B0001/2101"

func TestAPIVersions(t *testing.T) {
	of := func(apiVersion string) Local { return Local{APIVersion: apiVersion} }
	blocked := Local{APIVersion: schemas.V1, Blocked: true}
	for _, tc := range []struct {
		payloads []Local
		want     string
	}{
		{nil, "v1.0"},
		{[]Local{{APIVersion: schemas.V2, Blocked: true}}, "v2"},
		{[]Local{of(schemas.V2), blocked}, "v2"},
		{[]Local{of(schemas.V1), of(schemas.V1)}, "v1.0"},
		{[]Local{of(schemas.V1), of(schemas.V2)}, "v2 v1.0"},
	} {
		if got := strings.Join(apiVersionsOf(tc.payloads, schemas.V1), " "); got != tc.want {
			t.Errorf("%v: %s, want %s", tc.payloads, got, tc.want)
		}
	}
}

// A payload with an unresolved reference has no bytes that could be sent.
func TestBlockedPayloadHasNoBytes(t *testing.T) {
	v, err := validate.New(validate.Options{Documents: true, Expand: true})
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.CheckReader("p.ndjson", strings.NewReader(
		`{"type":"WEBHOOK","url":"`+testHook+`"}`+"\n"+`{"type":"OPS_GENIE","apiKey":"${env:ATLASINT_TEST_NONE}"}`), validate.Lines)
	if err != nil || !onlyBlocked([]validate.Result{r}) {
		t.Fatalf("%v, %v", err, r.Findings)
	}
	payloads, err := payloadsOf("p.ndjson", r)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range payloads {
		got = append(got, strings.Join([]string{p.Type, p.Payload.Type(), string(p.Payload.JSON())}, " "))
	}
	want := []string{`WEBHOOK WEBHOOK {"type":"WEBHOOK","url":"` + testHook + `"}`, "OPS_GENIE  "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
