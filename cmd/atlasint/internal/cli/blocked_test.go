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
		"variable": {
			files: map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload},
			args:  []string{"p"},
			sent:  "POST DATADOG 200",
			steps: "DATADOG create done, VICTOR_OPS blocked",
			says:  skipped,
		},
		"file": {
			files: map[string]string{"p/a.json": noFilePayload, "p/b.json": datadogPayload},
			args:  []string{"p"},
			sent:  "POST DATADOG 200",
			steps: "PAGER_DUTY blocked, DATADOG create done",
			says:  skipped,
		},
		"two": {
			files: map[string]string{"p/a.json": noFilePayload, "p/b.json": unsetPayload, "p/c.json": datadogPayload},
			args:  []string{"p"},
			sent:  "POST DATADOG 200",
			steps: "PAGER_DUTY blocked, DATADOG create done, VICTOR_OPS blocked",
			says:  "2 payloads were skipped: they have unresolved references; set the variables or files that they name, and run the command again\n",
		},
		"lines": {
			files: map[string]string{"p.ndjson": unsetPayload + "\n" + datadogPayload},
			args:  []string{"p.ndjson"},
			sent:  "POST DATADOG 200",
			steps: "DATADOG create done, VICTOR_OPS blocked",
			says:  skipped,
		},
		"array": {
			files: map[string]string{"p.json": "[" + unsetPayload + "," + datadogPayload + "]"},
			args:  []string{"--array", "p.json"},
			sent:  "POST DATADOG 200",
			steps: "DATADOG create done, VICTOR_OPS blocked",
			says:  skipped,
		},
		"v1.0": {
			files: map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload},
			args:  []string{"--api", "v1.0", "p"},
			sent:  "POST DATADOG 200",
			steps: "DATADOG create done, VICTOR_OPS blocked",
			says:  skipped,
		},
		"others unchanged": {
			files: map[string]string{"p/a.json": opsPayload, "p/b.json": unsetPayload},
			args:  []string{"p"},
			steps: "OPS_GENIE unchanged, VICTOR_OPS blocked",
			says:  skipped,
		},
		"rule off": {
			files: map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload},
			args:  []string{"--rule", "unresolved=off", "p"},
			sent:  "POST DATADOG 200",
			steps: "DATADOG create done, VICTOR_OPS blocked",
			says:  skipped,
		},
		"another fails": {
			files: map[string]string{"p/a.json": webhookPayload, "p/b.json": unsetPayload},
			args:  []string{"p"},
			sent:  "POST WEBHOOK 400",
			steps: "VICTOR_OPS blocked, WEBHOOK create failed",
			says:  "1 of 1 changes are missing; correct the errors, and run the command again\n",
		},

		"one, and no other": {files: map[string]string{"p/b.json": unsetPayload}, args: []string{"p"}, steps: "VICTOR_OPS blocked", says: skipped},
		"all": {
			files: map[string]string{"p/a.json": noFilePayload, "p/b.json": unsetPayload},
			args:  []string{"p"},
			steps: "PAGER_DUTY blocked, VICTOR_OPS blocked",
			says:  "2 payloads were skipped: they have unresolved references; set the variables or files that they name, and run the command again\n",
		},
		"all in lines": {
			files: map[string]string{"p.ndjson": unsetPayload + "\n" + noFilePayload},
			args:  []string{"p.ndjson"},
			steps: "PAGER_DUTY blocked, VICTOR_OPS blocked",
			says:  "2 payloads were skipped: they have unresolved references; set the variables or files that they name, and run the command again\n",
		},
		"one on v1.0": {files: map[string]string{"p/b.json": unsetPayload}, args: []string{"--api", "v1.0", "p"}, steps: "VICTOR_OPS blocked", says: skipped},
		"prune, one": {
			files: map[string]string{"p/b.json": unsetPayload},
			args:  []string{"--prune", "p"},
			steps: "VICTOR_OPS blocked",
			says:  "nothing was sent\n",
		},
		"prune, all": {
			files: map[string]string{"p/a.json": noFilePayload, "p/b.json": unsetPayload},
			args:  []string{"--prune", "p"},
			steps: "PAGER_DUTY blocked, VICTOR_OPS blocked",
			says:  "nothing was sent\n",
		},
		"prune, another can be sent": {
			files: map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload},
			args:  []string{"--prune", "p"},
			steps: "VICTOR_OPS blocked",
			says:  "nothing was sent\n",
		},
		"prune all, one": {
			files: map[string]string{"p.json": unsetPayload},
			args:  []string{"--prune-all", "p.json"},
			steps: "VICTOR_OPS blocked",
			says:  "nothing was sent\n",
		},
		"prune, another error": {
			files: map[string]string{"p/a.json": "{", "p/b.json": unsetPayload},
			args:  []string{"--prune", "p"},
			says:  "nothing was sent\n",
		},

		"another error": {
			files: map[string]string{"p/a.json": datadogPayload, "p/b.json": unsetPayload, "p/c.json": "{"},
			args:  []string{"p"},
			says:  "nothing was sent\n",
		},
		"another error in it": {
			files: map[string]string{"p/a.json": datadogPayload, "p/b.json": strings.Replace(unsetPayload, "routingKey", "key", 1)},
			args:  []string{"p"},
			says:  "nothing was sent\n",
		},
		"type twice": {files: map[string]string{"p/a.json": victorPayload, "p/b.json": unsetPayload}, args: []string{"p"}, says: "nothing was sent\n"},
		"unlisted errors": {
			files: map[string]string{"p.ndjson": datadogPayload + "\n" + unsetPayload + "\n" + noFilePayload},
			args:  []string{"--max-findings", "1", "p.ndjson"},
			says:  "nothing was sent\n",
		},
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
			if got := strings.Join(writes(atlas), ", "); got != tc.sent {
				t.Errorf("sent: %s, want %s", got, tc.sent)
			}
			if n := len(atlas.Requests()); tc.steps == "" && n > 0 {
				t.Errorf("%d requests, want none", n)
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
		if !strings.Contains(out, want) { // findings are output, as those of an invalid payload
			t.Errorf("want %q in\n%s%s", want, out, errOut)
		}
	}
	t.Setenv("ATLASINT_TEST_NONE", "0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6")
	out, _ = must(t, 0, "apply", "--yes", "p")
	if !strings.HasSuffix(out, "updated VICTOR_OPS\n1 done\n") {
		t.Errorf("with the variable it prints\n%s", out)
	}
}
