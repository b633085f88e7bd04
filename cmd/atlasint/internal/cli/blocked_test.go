package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

const (
	unsetPayload  = `{"type":"VICTOR_OPS","apiKey":"${env:ATLASINT_TEST_NONE}","routingKey":"${env:ATLASINT_TEST_SET}"}`
	noFilePayload = `{"type":"PAGER_DUTY","serviceKey":"${file:none.txt}"}`
	setValue      = "a-value-that-is-never-printed"
)

// An unresolved reference blocks only its payload: the others are sent, and the exit code is 1. Any other error blocks
// all payloads.
func TestApplyBlocked(t *testing.T) {
	const skipped = "1 payload was skipped: it has an unresolved reference; set the variable or file that it names, and run the command again\n"
	for name, tc := range map[string]struct {
		files map[string]string
		args  []string
		sent  string // requests that create or update
		steps string // of apply --json; empty: none, and no request
		says  string // the end of standard error
	}{
		"variable": {map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload}, []string{"p"},
			"POST DATADOG 200", "DATADOG create done, VICTOR_OPS blocked", skipped},
		"file": {map[string]string{"p/a.json": noFilePayload, "p/b.json": datadogPayload}, []string{"p"},
			"POST DATADOG 200", "PAGER_DUTY blocked, DATADOG create done", skipped},
		"two": {map[string]string{"p/a.json": noFilePayload, "p/b.json": unsetPayload, "p/c.json": datadogPayload}, []string{"p"},
			"POST DATADOG 200", "PAGER_DUTY blocked, DATADOG create done, VICTOR_OPS blocked",
			"2 payloads were skipped: they have unresolved references; set the variables or files that they name, and run the command again\n"},
		"lines": {map[string]string{"p.ndjson": unsetPayload + "\n" + datadogPayload}, []string{"p.ndjson"},
			"POST DATADOG 200", "DATADOG create done, VICTOR_OPS blocked", skipped},
		"array": {map[string]string{"p.json": "[" + unsetPayload + "," + datadogPayload + "]"}, []string{"--array", "p.json"},
			"POST DATADOG 200", "DATADOG create done, VICTOR_OPS blocked", skipped},
		"v1.0": {map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload}, []string{"--api", "v1.0", "p"},
			"POST DATADOG 200", "DATADOG create done, VICTOR_OPS blocked", skipped},
		"others unchanged": {map[string]string{"p/a.json": opsPayload, "p/b.json": unsetPayload}, []string{"p"},
			"", "OPS_GENIE unchanged, VICTOR_OPS blocked", skipped},
		"rule off": {map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload}, []string{"--rule", "unresolved=off", "p"},
			"POST DATADOG 200", "DATADOG create done, VICTOR_OPS blocked", skipped},
		"another fails": {map[string]string{"p/a.json": webhookPayload, "p/b.json": unsetPayload}, []string{"p"},
			"POST WEBHOOK 400", "VICTOR_OPS blocked, WEBHOOK create failed", "1 of 1 changes are missing; correct the errors, and run the command again\n"},

		"one, and no other": {map[string]string{"p/b.json": unsetPayload}, []string{"p"}, "", "VICTOR_OPS blocked", skipped},
		"all": {map[string]string{"p/a.json": noFilePayload, "p/b.json": unsetPayload}, []string{"p"}, "", "PAGER_DUTY blocked, VICTOR_OPS blocked",
			"2 payloads were skipped: they have unresolved references; set the variables or files that they name, and run the command again\n"},
		"all in lines": {map[string]string{"p.ndjson": unsetPayload + "\n" + noFilePayload}, []string{"p.ndjson"}, "", "PAGER_DUTY blocked, VICTOR_OPS blocked",
			"2 payloads were skipped: they have unresolved references; set the variables or files that they name, and run the command again\n"},
		"one on v1.0": {map[string]string{"p/b.json": unsetPayload}, []string{"--api", "v1.0", "p"}, "", "VICTOR_OPS blocked", skipped},
		"prune, one":  {map[string]string{"p/b.json": unsetPayload}, []string{"--prune", "p"}, "", "VICTOR_OPS blocked", "nothing was sent\n"},
		"prune, all": {map[string]string{"p/a.json": noFilePayload, "p/b.json": unsetPayload}, []string{"--prune", "p"}, "",
			"PAGER_DUTY blocked, VICTOR_OPS blocked", "nothing was sent\n"},
		"prune, another can be sent": {map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload}, []string{"--prune", "p"}, "",
			"VICTOR_OPS blocked", "nothing was sent\n"},
		"prune all, one":       {map[string]string{"p.json": unsetPayload}, []string{"--prune-all", "p.json"}, "", "VICTOR_OPS blocked", "nothing was sent\n"},
		"prune, another error": {map[string]string{"p/a.json": "{", "p/b.json": unsetPayload}, []string{"--prune", "p"}, "", "", "nothing was sent\n"},

		"another error": {map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload, "p/c.json": "{"}, []string{"p"}, "", "", "nothing was sent\n"},
		"another error in it": {map[string]string{"p/a.json": datadogPayload, "p/b.json": strings.Replace(unsetPayload, "routingKey", "key", 1)}, []string{"p"},
			"", "", "nothing was sent\n"},
		"type twice": {map[string]string{"p/a.json": victorPayload, "p/b.json": unsetPayload}, []string{"p"}, "", "", "nothing was sent\n"},
		"unlisted errors": {map[string]string{"p.ndjson": datadogPayload + "\n" + unsetPayload + "\n" + noFilePayload}, []string{"--max-findings", "1", "p.ndjson"},
			"", "", "nothing was sent\n"},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			t.Setenv("ATLASINT_TEST_SET", setValue)
			if err := atlas.Seed(projectID, opsPayload, victorPayload); err != nil {
				t.Fatal(err)
			}
			if name == "another fails" {
				if err := atlas.FailNext(fakeatlas.Fault{Method: "POST", ErrorCode: "INVALID_ATTRIBUTE"}); err != nil {
					t.Fatal(err)
				}
			}
			writeTree(t, tc.files)
			planned, _ := must(t, 1, append([]string{"diff", "--json"}, tc.args...)...)
			dry, _ := must(t, 1, append([]string{"apply", "--dry-run", "--json"}, tc.args...)...)
			if diff := cmp.Diff(planned, dry); diff != "" {
				t.Errorf("diff and apply --dry-run (-diff +apply)\n%s", diff)
			}
			out, errOut := must(t, 1, append([]string{"apply", "--yes", "--json"}, tc.args...)...)
			d := readApplied(t, out)
			kept := strings.NewReplacer(", OPS_GENIE extra", "", ", VICTOR_OPS extra", "")
			if got := kept.Replace(d.outcomes()); got != tc.steps {
				t.Errorf("steps: %s, want %s", got, tc.steps)
			}
			if got := strings.Join(writes(atlas), ", "); got != tc.sent || tc.steps == "" && len(atlas.Requests()) > 0 {
				t.Errorf("sent: %s, want %s; %d requests", got, tc.sent, len(atlas.Requests()))
			}
			if got := fmt.Sprintf(`"blocked": %d,`, strings.Count(tc.steps, "blocked")); !strings.Contains(out, got) {
				t.Errorf("the summary lacks %s\n%s", got, out)
			}
			if len(stored(atlas)) < 2 {
				t.Error("an integration was deleted")
			}
			if !strings.HasSuffix(errOut, tc.says) || !strings.Contains(out, `"unresolved"`) {
				t.Errorf("it prints\n%s%s", out, errOut)
			}
			if all := fmt.Sprint(planned, dry, out, errOut); strings.Contains(all, setValue) {
				t.Errorf("a value is printed:\n%s", all)
			}
		})
	}
}

// The text output has the finding with its position and names the blocked payload. The integration is not reported as
// extra.
func TestApplyBlockedText(t *testing.T) {
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, victorPayload); err != nil {
		t.Fatal(err)
	}
	writeTree(t, map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload})
	t.Setenv("ATLASINT_TEST_SET", setValue)
	out, errOut := must(t, 1, "apply", "--yes", "p")
	for _, want := range []string{
		"VICTOR_OPS  blocked  p/b.json: unresolved reference\n1 to create, 0 to update, 0 to delete, 0 unchanged, 1 blocked\ncreated DATADOG\n1 done\n",
		`p/b.json:1:31: VICTOR_OPS.apiKey: the environment variable "ATLASINT_TEST_NONE" is not set; set it, or correct the name [unresolved]`,
	} {
		if !strings.Contains(out+errOut, want) {
			t.Errorf("want %q in\n%s%s", want, out, errOut)
		}
	}
	t.Setenv("ATLASINT_TEST_NONE", "0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6")
	out, _ = must(t, 0, "apply", "--yes", "p")
	if !strings.HasSuffix(out, "updated VICTOR_OPS\n1 done\n") {
		t.Errorf("with the variable it prints\n%s", out)
	}
}
