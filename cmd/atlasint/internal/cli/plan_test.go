package cli_test

import (
	"strings"
	"testing"
)

// With --only, apply and diff ignore all other types, in any spelling of the types, also where they prune.
func TestOnly(t *testing.T) {
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, webhookPayload, `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "dd.json", datadogPayload)
	writeFile(t, "ops.json", opsPayload)
	out, _ := must(t, 1, "diff", "--prune-all", "--only", "datadog", "--only", "Victor-Ops", "dd.json", "ops.json")
	if strings.Contains(out, "OPS_GENIE ") || strings.Contains(out, "WEBHOOK") || !strings.Contains(out, "1 to create, 0 to update, 1 to delete, 0 unchanged\n") {
		t.Errorf("diff shows\n%s", out)
	}
	must(t, 0, "apply", "--yes", "--prune-all", "--only", "splunk on-call", "--only", "DATADOG", "dd.json", "ops.json")
	if got := strings.Join(writes(atlas), ", "); got != "POST DATADOG 200, DELETE VICTOR_OPS 204" {
		t.Errorf("sent %s", got)
	}
	if _, errOut := must(t, 0, "diff", "--only", "SLACK", "dd.json"); !strings.Contains(errOut, "--only SLACK: there is no payload and no integration of this type\n") {
		t.Errorf("diagnostics: %s", errOut)
	}
	if _, errOut := must(t, 2, "diff", "--only", "DATADOGG", "dd.json"); !strings.Contains(errOut, `did you mean "DATADOG"?`) {
		t.Errorf("diagnostics: %s", errOut)
	}
	writeFile(t, "ops.json", `{"type":"OPS_GENIE"}`)
	must(t, 1, "diff", "--only", "DATADOG", "dd.json", "ops.json")
}
