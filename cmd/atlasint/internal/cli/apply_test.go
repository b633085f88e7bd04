package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/corpus"
	"github.com/atlasint/atlasint/validate"
)

const (
	datadogPayload = `{"type":"DATADOG","apiKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","region":"EU"}`
	opsPayload     = `{"type":"OPS_GENIE","apiKey":"0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6","region":"US"}`
	webhookPayload = `{"type":"WEBHOOK","url":"https://hooks.example.com/services/T1/B2/x3y4"}`
)

// For all types of both API versions, a second run changes nothing and sends only GET requests, and so does diff.
func TestApplyTwice(t *testing.T) {
	root := rootDir(t)
	for _, apiVersion := range []string{schemas.V1, schemas.V2} {
		t.Run(apiVersion, func(t *testing.T) {
			atlas := startAtlas(t)
			files := examplePayloads(t, root, apiVersion)
			args := append([]string{"apply", "--yes", "--api", apiVersion}, files...)
			must(t, 0, args...)
			if got := len(writes(atlas)); got != len(files) || len(atlas.Integrations(projectID)) != len(files) {
				t.Errorf("%d writes for %d payloads", got, len(files))
			}
			before, wrote := atlas.Integrations(projectID), writes(atlas)
			out, _ := must(t, 0, args...)
			if !strings.Contains(out, fmt.Sprintf("0 to create, 0 to update, 0 to delete, %d unchanged\n", len(files))) {
				t.Errorf("the second run says\n%s", out)
			}
			must(t, 0, append([]string{"diff", "--api", apiVersion}, files...)...)
			must(t, 0, append([]string{"diff", "--prune-all", "--api", apiVersion}, files...)...)
			if diff := cmp.Diff(wrote, writes(atlas)); diff != "" {
				t.Errorf("the second run wrote %s", diff)
			}
			same(t, before, atlas.Integrations(projectID))
		})
	}
}

// Payloads of both API versions can describe one project. Each is sent to the routes of its API version.
func TestApplyBothAPIVersions(t *testing.T) {
	atlas := startAtlas(t)
	writeFile(t, ".atlasint.yaml", "overrides: [{paths: [old/*], api: v1.0}]\n")
	if err := os.Mkdir("old", 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "old/flow.json", `{"type":"FLOWDOCK","flowName":"a","apiToken":"0123456789","orgName":"o"}`)
	writeFile(t, "dd.json", datadogPayload)
	must(t, 0, "apply", "--yes", ".")
	must(t, 0, "diff", "--prune-all", ".")
	var got []string
	for _, r := range atlas.Requests(projectID) {
		if r.Method == "POST" && r.Status == 200 {
			got = append(got, r.APIVersion+" "+r.Type)
		}
	}
	if diff := cmp.Diff([]string{"v2 DATADOG", "v1.0 FLOWDOCK"}, got); diff != "" {
		t.Errorf("sent (-want +got)\n%s", diff)
	}
}

// Every valid payload of the corpus can be applied. Some have keys of zeros, as tests of other tools do.
func TestApplyCorpus(t *testing.T) {
	file, err := os.Open(corpus.Path(t, "corpus/payloads.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	atlas := startAtlas(t)
	sent := map[string]int{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct {
			ID, Direction, Expect string
			APIVersion            string `json:"generation"`
			Payload               json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Direction != "request" || !accepted(t, e.APIVersion, e.Payload) {
			continue
		}
		sent[e.APIVersion]++
		writeFile(t, "payload.json", string(e.Payload))
		for _, want := range []string{"1 done\n", "1 unchanged\n"} {
			out, errOut := must(t, 0, "apply", "--yes", "--api", e.APIVersion, "--rule", "placeholder=warning", "payload.json")
			if !strings.HasSuffix(out, want) {
				t.Errorf("%s: want %q at the end of\n%s%s", e.ID, want, out, errOut)
			}
		}
		if err := atlas.Reset(); err != nil {
			t.Fatal(err)
		}
	}
	if sent[schemas.V2] < 30 || sent[schemas.V1] < 5 {
		t.Errorf("applied %v", sent)
	}
}

func accepted(t *testing.T, apiVersion string, payload []byte) bool {
	t.Helper()
	v, err := validate.New(validate.Options{APIVersion: apiVersion})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Check("payload", payload) {
		if f.Severity == validate.Error {
			return false
		}
	}
	return true
}

// If any payload is invalid, apply sends no request, not even one that reads.
func TestApplyValidatesFirst(t *testing.T) {
	for name, tc := range map[string]struct {
		payload, says string
		flags         []string
		code          int
	}{
		"masked":           {strings.Replace(opsPayload, "0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4", "********************************", 1), "[masked-value]", nil, 1},
		"masked, rule off": {`{"type":"VICTOR_OPS","apiKey":"****1234"}`, "[masked-value]", []string{"--rule", "masked-value=off"}, 1},
		"twice":            {datadogPayload, "[duplicate-type]", []string{"--rule", "duplicate-type=off"}, 1},
		"broken":           {`{"type":`, "[syntax]", nil, 1},
		"of v1.0":          {`{"type":"FLOWDOCK","flowName":"a","apiToken":"b","orgName":"o"}`, "[type-unknown]", nil, 1},
		"not there":        {"", "can't read bad.json", nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			writeFile(t, "good.json", datadogPayload)
			if tc.payload != "" {
				writeFile(t, "bad.json", tc.payload)
			}
			for _, command := range [][]string{{"apply", "--yes"}, {"apply", "--yes", "--json"}, {"apply", "--dry-run"}, {"diff"}} {
				args := append(append(command, tc.flags...), "good.json", "bad.json")
				out, errOut := must(t, tc.code, args...)
				if command[len(command)-1] == "--json" {
					d := readApplied(t, out)
					if len(d.Steps) != 0 {
						t.Errorf("the document has steps: %s", out)
					}
					if tc.code == 1 && len(d.Findings) == 0 {
						t.Errorf("the document has no findings: %s", out)
					}
				} else if !strings.Contains(out+errOut, tc.says) {
					t.Errorf("%v says\n%s%s", args, out, errOut)
				}
				want := "nothing was sent"
				if command[0] == "diff" || command[1] == "--dry-run" { // they never send changes
					want = "nothing was compared"
				}
				if !strings.HasSuffix(errOut, "atlasint: "+want+"\n") {
					t.Errorf("stderr is %q", errOut)
				}
			}
			if n := len(atlas.Requests()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

// Apply changes only the fields in a payload. Pruning deletes integrations of known types,
// and only if all other changes succeed.
func TestApplyPrune(t *testing.T) {
	atlas := startAtlas(t)
	const datadog = `{"type":"DATADOG","apiKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","region":"US","sendDatabaseMetrics":true}`
	if err := atlas.Seed(projectID, webhookPayload, opsPayload, datadog); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "dd.json", datadogPayload)
	out, _ := must(t, 0, "apply", "--yes", "dd.json")
	wantParts(t, "the plan", out,
		`region: "US" -> "EU"`, "2 kept", "sendDatabaseMetrics: is true in Atlas and not in the payload")
	if in, _ := atlas.Integration(projectID, "DATADOG"); in.Fields["region"] != "EU" || in.Fields["sendDatabaseMetrics"] != true {
		t.Errorf("stored is %v", in.Fields)
	}
	must(t, 0, "diff", "dd.json")
	must(t, 1, "diff", "--prune-all", "dd.json")

	writeFile(t, "dd.json", strings.Replace(datadogPayload, "EU", "US3", 1))
	if err := atlas.FailNext(fakeatlas.Fault{Method: "PUT", ErrorCode: "INVALID_ATTRIBUTE"}); err != nil {
		t.Fatal(err)
	}
	out, _ = must(t, 1, "apply", "--yes", "--prune-all", "--json", "dd.json")
	if got, want := readApplied(t, out).outcomes(), "DATADOG update failed, OPS_GENIE delete not-sent, WEBHOOK delete not-sent"; got != want {
		t.Errorf("outcomes %s, want %s", got, want)
	}
	if got := len(atlas.Integrations(projectID)); got != 3 {
		t.Errorf("%d integrations are left", got)
	}
	out, _ = must(t, 0, "apply", "--yes", "--prune-all", "dd.json")
	if !strings.Contains(out, "deleted OPS_GENIE\ndeleted WEBHOOK\n3 done\n") {
		t.Errorf("it says\n%s", out)
	}
	must(t, 0, "diff", "--prune-all", "dd.json")
}

// The plan warns before apply deletes an integration that the API can't create again.
func TestApplyPruneWarns(t *testing.T) {
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, `{"type":"SLACK","apiToken":"not-a-real-token","channelName":"a","teamName":"t"}`); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "dd.json", datadogPayload)
	out, _ := must(t, 0, "apply", "--prune-all", "--dry-run", "dd.json")
	if !strings.Contains(out, "SLACK    delete  no payload describes it; the API can't create it again\n") {
		t.Errorf("the plan is\n%s", out)
	}
}

// An empty input prunes nothing.
func TestApplyPruneNeedsPayloads(t *testing.T) {
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, webhookPayload); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "none.ndjson", "\n")
	_, errOut := must(t, 2, "apply", "--yes", "--prune-all", "none.ndjson")
	if !strings.Contains(errOut, "there are no payloads, and prune would delete every integration") || len(stored(atlas)) != 1 {
		t.Errorf("it says %s", errOut)
	}
	must(t, 0, "apply", "--yes", "none.ndjson")
}

// With --resend, apply sends a secret again although Atlas does not return it for comparison.
func TestApplyResend(t *testing.T) {
	atlas := startAtlas(t)
	const prometheus = `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"first-password","serviceDiscovery":"http"}`
	writeFile(t, "p.json", prometheus)
	must(t, 0, "apply", "--yes", "p.json")
	writeFile(t, "p.json", strings.Replace(prometheus, "first", "second", 1))
	out, _ := must(t, 0, "apply", "--yes", "p.json")
	if !strings.Contains(out, "PROMETHEUS  unchanged  password: can't be compared, since Atlas does not return it; apply --resend sends it again\n") {
		t.Errorf("it says\n%s", out)
	}
	must(t, 0, "apply", "--yes", "--resend", "p.json")
	if in, _ := atlas.Integration(projectID, "PROMETHEUS"); in.Fields["password"] != "second-password" {
		t.Error("the password is the old one")
	}
}

// A configuration can turn a rule off for validate, but some rules always apply to payloads before they are sent.
func TestApplyChecksRulesThatAreOff(t *testing.T) {
	atlas := startAtlas(t)
	for rule, payloads := range map[string][]string{
		"masked-value":   {`{"type":"OPS_GENIE","apiKey":"********5f6a"}`},
		"unresolved":     {`{"type":"OPS_GENIE","apiKey":"${env:NOBODY_SETS_THIS}"}`},
		"duplicate-key":  {`{"type":"OPS_GENIE","apiKey":"12345678","region":"US","region":"EU"}`},
		"duplicate-type": {opsPayload, opsPayload},
	} {
		writeFile(t, ".atlasint.yaml", "rules: {"+rule+": off}\n")
		writeFile(t, "p.ndjson", strings.Join(payloads, "\n"))
		out, errOut := must(t, 1, "apply", "--yes", "p.ndjson")
		result := "nothing was sent"
		if rule == "unresolved" {
			result = "1 payload was skipped"
		}
		wantParts(t, rule+" off", out+errOut, "["+rule+"]")
		wantParts(t, rule+" off", errOut, result)
		if sent := writes(atlas); len(sent) > 0 {
			t.Errorf("%s off: %v was sent", rule, sent)
		}
	}
}

// The complete JSON document, which docs/apply.md describes.
func TestDiffDocument(t *testing.T) {
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, opsPayload); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "p.ndjson", webhookPayload+"\n"+strings.Replace(opsPayload, `"US"`, `"EU"`, 1)+"\n")
	out, _ := must(t, 1, "diff", "--json", "p.ndjson")
	id := atlas.Integrations(projectID)[0].ID
	if diff := cmp.Diff(diffDocument, strings.NewReplacer(id, "ID", atlas.URL, "URL").Replace(out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const diffDocument = `{
  "version": 1,
  "project": "5d791c84ff7a2522cc4f9aa1",
  "baseUrl": "URL",
  "summary": {
    "create": 1,
    "update": 1,
    "delete": 0,
    "unchanged": 0,
    "blocked": 0,
    "extra": 0,
    "unknown": 0,
    "done": 0,
    "failed": 0,
    "notSent": 0
  },
  "steps": [
    {
      "type": "OPS_GENIE",
      "action": "update",
      "id": "ID",
      "file": "p.ndjson",
      "payload": 2,
      "changes": [
        {
          "field": "region",
          "state": "differs",
          "secret": false,
          "from": "US",
          "to": "EU"
        }
      ]
    },
    {
      "type": "WEBHOOK",
      "action": "create",
      "file": "p.ndjson",
      "payload": 1,
      "changes": []
    }
  ],
  "findings": []
}
`
