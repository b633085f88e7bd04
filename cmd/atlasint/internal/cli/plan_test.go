package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
)

// With --only, apply and diff ignore all other types, in any spelling of the types, also where they prune.
func TestOnlyIgnoresOtherTypes(t *testing.T) {
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, webhookPayload, `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "dd.json", datadogPayload)
	writeFile(t, "ops.json", opsPayload)
	out, _ := must(t, 1, "diff", "--prune-all", "--only", "datadog", "--only", "Victor-Ops", "dd.json", "ops.json")
	wantNoParts(t, "diff", out, "OPS_GENIE ", "WEBHOOK")
	wantParts(t, "diff", out, "1 to create, 0 to update, 1 to delete, 0 unchanged\n")
	must(t, 0, "apply", "--yes", "--prune-all", "--only", "splunk on-call", "--only", "DATADOG", "dd.json", "ops.json")
	if got := strings.Join(writes(atlas), ", "); got != "POST DATADOG 200, DELETE VICTOR_OPS 204" {
		t.Errorf("sent %s", got)
	}
	_, errOut := must(t, 0, "diff", "--only", "SLACK", "dd.json")
	wantParts(t, "stderr", errOut, "--only SLACK: there is no payload and no integration of this type\n")
	if _, errOut := must(t, 2, "diff", "--only", "DATADOGG", "dd.json"); !strings.Contains(errOut, `did you mean "DATADOG"?`) {
		t.Errorf("diagnostics: %s", errOut)
	}
	writeFile(t, "ops.json", `{"type":"OPS_GENIE"}`)
	must(t, 1, "diff", "--only", "DATADOG", "dd.json", "ops.json")
}

// writePlan writes plan.json for a project with three changes and an update without one: create, update, delete.
func writePlan(t *testing.T, atlas *fakeatlas.Server, flags ...string) {
	t.Helper()
	const victorOps = `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`
	if err := atlas.Seed(projectID, webhookPayload, strings.Replace(datadogPayload, "EU", "US", 1), victorOps); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ATLASINT_OPS_KEY", "0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6")
	if err := os.Mkdir("payloads", 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "payloads/dd.json", datadogPayload)
	writeFile(t, "payloads/ops.json", `{"type":"OPS_GENIE","apiKey":"${env:ATLASINT_OPS_KEY}"}`)
	writeFile(t, "payloads/webhook.json", webhookPayload)
	must(t, 1, append([]string{"diff", "--prune", "--out", "plan.json", "payloads"}, flags...)...)
}

const planned = "PUT DATADOG 200, POST OPS_GENIE 200, DELETE VICTOR_OPS 204"

// A reviewed plan is applied without confirmation, once.
func TestApplyPlan(t *testing.T) {
	atlas := startAtlas(t)
	writePlan(t, atlas)
	out, _ := must(t, 0, "apply", "--dry-run", "plan.json")
	if !strings.Contains(out, "1 to create, 1 to update, 1 to delete, 1 unchanged\n") || len(writes(atlas)) > 0 {
		t.Errorf("the dry run shows\n%s", out)
	}
	out, _ = must(t, 0, "apply", "plan.json")
	if got := strings.Join(writes(atlas), ", "); got != planned || !strings.HasSuffix(out, "3 done\n") {
		t.Errorf("sent %s\n%s", got, out)
	}
	_, errOut := must(t, 1, "apply", "plan.json")
	wantParts(t, "the second run", errOut,
		"plan.json is out of date: VICTOR_OPS is missing; nothing was sent; perhaps the plan was applied already\n")
	if n := len(writes(atlas)); n != 3 {
		t.Errorf("%d changes are sent, want the 3 of the first run", n)
	}
}

// The second run of a plan without deletions names the likely cause.
func TestApplyPlanTwice(t *testing.T) {
	startAtlas(t)
	writeFile(t, "dd.json", datadogPayload)
	must(t, 1, "diff", "--out", "plan.json", "dd.json")
	must(t, 0, "apply", "plan.json")
	_, errOut := must(t, 1, "apply", "plan.json")
	wantParts(t, "the second run", errOut,
		"DATADOG: the integration in Atlas changed after it was written and now matches; nothing was sent; "+
			"perhaps the plan was applied already\n")
}

// A plan is refused with a clear text, and nothing is sent, if anything that it depends on is not the same.
func TestApplyPlanRefuses(t *testing.T) {
	const outOfDate = "plan.json is out of date: "
	for name, tc := range map[string]struct {
		change func(t *testing.T, atlas *fakeatlas.Server)
		code   int
		text   string
		args   []string
	}{
		"a field in Atlas": {func(t *testing.T, atlas *fakeatlas.Server) {
			putAsOther(t, atlas, strings.Replace(datadogPayload, "EU", "US5", 1))
		}, 1, outOfDate + "DATADOG: the integration in Atlas changed", nil},
		"an unchanged integration": {func(t *testing.T, atlas *fakeatlas.Server) {
			putAsOther(t, atlas, strings.Replace(webhookPayload, `"}`, `","secret":"abcdefgh"}`, 1))
		}, 1, outOfDate + "WEBHOOK: the integration in Atlas changed", nil},
		"a new integration": {func(t *testing.T, atlas *fakeatlas.Server) {
			putAsOther(t, atlas, `{"type":"PAGER_DUTY","serviceKey":"0123456789abcdef0123456789abcdef"}`)
		}, 1, outOfDate, nil},
		"a payload": {func(t *testing.T, _ *fakeatlas.Server) {
			writeFile(t, "payloads/dd.json", strings.Replace(datadogPayload, "EU", "US3", 1))
		}, 1, outOfDate + "DATADOG: the payload, or the value of a reference in it, changed", nil},
		"a secret with the same mask": {func(t *testing.T, _ *fakeatlas.Server) {
			writeFile(t, "payloads/dd.json", strings.Replace(datadogPayload, "5f1d", "0000", 1))
		}, 1, outOfDate + "DATADOG: the payload", nil},
		"the value of a reference": {func(t *testing.T, _ *fakeatlas.Server) {
			t.Setenv("ATLASINT_OPS_KEY", "1d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6")
		}, 1, outOfDate + "OPS_GENIE: the payload", nil},
		"a new payload": {func(t *testing.T, _ *fakeatlas.Server) {
			writeFile(t, "payloads/vo.json", `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`)
		}, 1, outOfDate, nil},
		"another file": {func(t *testing.T, _ *fakeatlas.Server) {
			if err := os.Rename("payloads/dd.json", "payloads/other.json"); err != nil {
				t.Fatal(err)
			}
		}, 1, outOfDate + "the files of the payloads", nil},
		"the API version": {func(t *testing.T, _ *fakeatlas.Server) {
			writeFile(t, ".atlasint.yaml", "overrides: [{paths: [payloads/dd.json], api: v1.0}]\n")
		}, 1, outOfDate, nil},
		"the project": {func(t *testing.T, _ *fakeatlas.Server) {
			t.Setenv("MONGODB_ATLAS_PROJECT_ID", "5d791c84ff7a2522cc4f9aa2")
		}, 2, "is for the project 5d791c84ff7a2522cc4f9aa1, not for the project 5d791c84ff7a2522cc4f9aa2", nil},
		"the base URL": {func(t *testing.T, atlas *fakeatlas.Server) {
			t.Setenv("MONGODB_ATLAS_BASE_URL", strings.Replace(atlas.URL, "127.0.0.1", "localhost", 1))
		}, 2, "is for the base URL http://127.0.0.1:", nil},
		"the credentials": {func(t *testing.T, _ *fakeatlas.Server) {
			t.Setenv("MONGODB_ATLAS_PRIVATE_API_KEY", "11111111-1111-1111-1111-111111111111")
		}, 2, "was written with other credentials", nil},
		"a key for plans": {func(t *testing.T, _ *fakeatlas.Server) {
			t.Setenv("ATLASINT_PLAN_KEY", "0123456789abcdef")
		}, 2, "was written with other credentials", nil},
		"a short key": {func(t *testing.T, _ *fakeatlas.Server) {
			t.Setenv("ATLASINT_PLAN_KEY", "short")
		}, 2, "ATLASINT_PLAN_KEY is too short", nil},
		"the format version":       {editPlan(`"version": 1,`, `"version": 7,`), 2, "its format version is 7, and this atlasint reads version 1", nil},
		"a member twice":           {editPlan(`"flags": [`, `"flags": [], "flags": [`), 2, "is incomplete or was changed after it was written", nil},
		"a member in another case": {editPlan(`"flags": [`, `"Flags": [], "flags": [`), 2, "is incomplete or was changed after it was written", nil},
		"an empty salt":            {editPlan(`"salt": "`, `"salt": "", "Salt": "`), 2, "is incomplete or was changed after it was written", nil},
		"a step":                   {editPlan(`"action": "update"`, `"action": "create"`), 2, "is incomplete or was changed after it was written", nil},
		"a path":                   {editPlan(`"payloads"`, `"payload"`), 2, "was changed after it was written", nil},
		"a flag":                   {editPlan(`"prune"`, `"prune-all"`), 2, "was changed after it was written", nil},
		"a flag of others":         {editPlan(`"prune"`, `"yes"`), 2, "has a flag that this atlasint does not support", nil},
		"a new member":             {editPlan(`"paths"`, `"more": 1, "paths"`), 2, "was changed after it was written", nil},
		"a flag next to it":        {nil, 2, "--resend can't be combined with a plan", []string{"--resend"}},
		"a path next to it":        {nil, 2, "plan.json is a plan, which has its own PATHs; name it alone", []string{"payloads"}},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			writePlan(t, atlas)
			if tc.change != nil {
				tc.change(t, atlas)
			}
			before := len(writes(atlas))
			out, errOut := must(t, tc.code, append([]string{"apply", "plan.json"}, tc.args...)...)
			if !strings.Contains(errOut, tc.text) {
				t.Errorf("want %q in\n%s%s", tc.text, out, errOut)
			}
			if got := writes(atlas)[before:]; len(got) > 0 {
				t.Errorf("sent %v", got)
			}
		})
	}
}

// putAsOther applies a payload as another client.
func putAsOther(t *testing.T, atlas *fakeatlas.Server, doc string) {
	t.Helper()
	c, err := client.New(client.Options{BaseURL: atlas.URL, Credentials: client.APIKey(fakeatlas.DefaultAPIKey.PublicKey, fakeatlas.DefaultAPIKey.PrivateKey)})
	if err != nil {
		t.Fatal(err)
	}
	p, err := client.NewPayload(doc)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Apply(t.Context(), projectID, p); err != nil {
		t.Error(err)
	}
}

func editPlan(from, to string) func(*testing.T, *fakeatlas.Server) {
	return func(t *testing.T, _ *fakeatlas.Server) {
		text := readFile(t, "plan.json")
		if !strings.Contains(text, from) {
			t.Fatalf("the plan has no %s:\n%s", from, text)
		}
		writeFile(t, "plan.json", strings.Replace(text, from, to, 1))
	}
}

// A truncated plan, and one with any character changed, is never applied.
func TestApplyDamagedPlan(t *testing.T) {
	atlas := startAtlas(t)
	writePlan(t, atlas)
	plan := readFile(t, "plan.json")
	damaged := []string{}
	for i := 1; i < len(plan)-1; i += 1 + len(plan)/60 {
		damaged = append(damaged, plan[:i])
		if plan[i] != ' ' && plan[i] != '\n' {
			damaged = append(damaged, plan[:i]+string(plan[i]^1)+plan[i+1:])
		}
	}
	for _, text := range damaged {
		writeFile(t, "plan.json", text)
		code, out, errOut := run("apply", "--yes", "plan.json")
		if code != 1 && code != 2 {
			t.Errorf("exit code %d, want 1 or 2, for\n%s\n%s%s", code, text, out, errOut)
		}
		if errOut == "" {
			t.Errorf("no error for\n%s", text)
		}
	}
	if got := writes(atlas); len(got) > 0 {
		t.Errorf("sent %v", got)
	}
}

// With a key, credentials that may only read write a plan, and others apply it.
func TestApplyPlanWithKey(t *testing.T) {
	reader := fakeatlas.Credential{PublicKey: "reader", PrivateKey: "22222222-2222-2222-2222-222222222222", Role: "GROUP_READ_ONLY"}
	atlas := startAtlas(t, fakeatlas.WithCredentials(reader, fakeatlas.DefaultAPIKey))
	t.Setenv("ATLASINT_PLAN_KEY", "a key of both commands")
	t.Setenv("MONGODB_ATLAS_PUBLIC_API_KEY", reader.PublicKey)
	t.Setenv("MONGODB_ATLAS_PRIVATE_API_KEY", reader.PrivateKey)
	writePlan(t, atlas)
	callAt(t, atlas.URL)
	must(t, 0, "apply", "plan.json")
	if got := strings.Join(writes(atlas), ", "); got != planned {
		t.Errorf("sent %s", got)
	}
}

// Another client changes an integration after the plan is verified, before it is sent: the change is kept, and no
// further one is sent.
func TestApplyPlanRace(t *testing.T) {
	for typ, tc := range map[string]struct{ sent, payload, field, value string }{ // sent includes the other client's change
		"DATADOG":   {sent: "PUT DATADOG 200", payload: strings.Replace(datadogPayload, "EU", "US5", 1), field: "region", value: "US5"},
		"OPS_GENIE": {sent: "PUT DATADOG 200, POST OPS_GENIE 200", payload: strings.Replace(opsPayload, "US", "EU", 1), field: "region", value: "EU"},
		"VICTOR_OPS": {
			sent:    "PUT DATADOG 200, POST OPS_GENIE 200, PUT VICTOR_OPS 200",
			payload: `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","routingKey":"r"}`,
			field:   "routingKey",
			value:   "r",
		},
	} {
		t.Run(typ, func(t *testing.T) {
			atlas := startAtlas(t)
			target, err := url.Parse(atlas.URL)
			if err != nil {
				t.Fatal(err)
			}
			armed := false
			forward := httputil.NewSingleHostReverseProxy(target)
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if armed && strings.HasSuffix(r.URL.Path, "/integrations/"+typ) {
					armed = false
					putAsOther(t, atlas, tc.payload)
				}
				forward.ServeHTTP(w, r)
			}))
			defer proxy.Close()
			callAt(t, proxy.URL)
			writePlan(t, atlas)
			armed = true
			_, errOut := must(t, 1, "apply", "plan.json")
			if got := strings.Join(writes(atlas), ", "); got != tc.sent {
				t.Errorf("sent %q, want %q", got, tc.sent)
			}
			wantParts(t, "stderr", errOut,
				typ+": another client changed the integration after the plan was compared; nothing was sent for it\n",
				"write and review a new plan")
			if armed {
				t.Error("the other client sent no change")
			}
			if in, _ := atlas.Integration(projectID, typ); in.Fields[tc.field] != tc.value {
				t.Errorf("%s is %v, want %v", tc.field, in.Fields[tc.field], tc.value)
			}
		})
	}
}

// Neither a plan nor the output and errors of its commands contain a secret, or a plain digest of one.
func TestPlanHidesSecrets(t *testing.T) {
	const secret = "s3cr3tS4MPL3s3cr3tS4MPL3"
	atlas := startAtlas(t)
	t.Setenv("ATLASINT_SAMPLE", secret)
	webhook := `{"type":"WEBHOOK","url":"https://hooks.example.com/` + secret + `","secret":"` + secret + `"}`
	if err := atlas.Seed(projectID, `{"type":"OPS_GENIE","apiKey":"`+secret+`"}`, webhook); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "ops.json", `{"type":"OPS_GENIE","apiKey":"${env:ATLASINT_SAMPLE}x"}`)
	writeFile(t, "vo.json", `{"type":"VICTOR_OPS","apiKey":"`+secret+`","routingKey":"${env:ATLASINT_SAMPLE}"}`)
	writeFile(t, "web.json", `{"type":"WEBHOOK","url":"https://hooks.example.com/`+secret+`","secret":"`+secret+`"}`)
	shown := ""
	collect := func(_ int, out, errOut string) { shown += out + errOut }
	collect(run("diff", "--out", "plan.json", "ops.json", "vo.json", "web.json"))
	plan := readFile(t, "plan.json")
	writeFile(t, "web.json", `{"type":"WEBHOOK","url":"https://hooks.example.com/`+secret+`"}`)
	collect(run("apply", "plan.json"))
	writeFile(t, "web.json", `{"type":"WEBHOOK","url":"https://hooks.example.com/`+secret+`","secret":"`+secret+`"}`)
	collect(run("apply", "plan.json"))
	if len(writes(atlas)) != 2 {
		t.Fatalf("sent %v\n%s", writes(atlas), shown)
	}
	for i := 0; i+8 <= len(secret); i++ {
		if part := secret[i : i+8]; strings.Contains(shown+plan, part) {
			t.Fatalf("%s is shown:\n%s%s", part, shown, plan)
		}
	}
	if strings.Contains(shown+plan, fakeatlas.DefaultAPIKey.PrivateKey) {
		t.Error("a credential is shown")
	}
	for _, text := range []string{
		secret, readFile(t, "vo.json"), readFile(t, "web.json"),
		`{"type":"VICTOR_OPS","apiKey":"` + secret + `","routingKey":"` + secret + `"}`,
	} {
		if sum := sha256.Sum256([]byte(text)); strings.Contains(plan, hex.EncodeToString(sum[:])) {
			t.Error("the plan has a plain digest")
		}
	}
}

// In another working directory, the error names the missing path of the plan and where to run the command.
func TestApplyPlanInAnotherFolder(t *testing.T) {
	atlas := startAtlas(t)
	writePlan(t, atlas)
	writeFile(t, "c.yaml", "api: v2\n")
	writeFile(t, "s.json", "{}")
	for file, flags := range map[string][]string{
		"payloads":         {"payloads"},
		"payloads/dd.json": {"payloads/dd.json"},
		"c.yaml":           {"--config", "c.yaml", "payloads/*.json"},
		"s.json":           {"--schema", "s.json", "payloads/*.json"},
	} {
		must(t, 1, append([]string{"diff", "--out", "plan.json"}, flags...)...)
		t.Run(file, func(t *testing.T) {
			plan, err := filepath.Abs("plan.json")
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			_, errOut := must(t, 3, "apply", plan)
			wantParts(t, "the error", errOut, "can't read "+file+": it does not exist; the plan "+plan+
				" names it: run apply in the working directory of atlasint diff\n")
		})
	}
	if got := writes(atlas); len(got) > 0 {
		t.Errorf("sent %s", got)
	}
}
