package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/validate"
)

// warnedPayload describes WEBHOOK and has a warning: its URL is plain http.
const warnedPayload = `{"type":"WEBHOOK","url":"http://hooks.example.com/services/T1/B2/x3y4"}`

// pruneCase is a folder, a command line, and the effect of a prune run on the project of [pruneProject].
type pruneCase struct {
	name    string
	files   map[string]string // created in the working directory; a value "-> TARGET" makes a link
	args    []string          // of apply and diff
	code    int               // exit code of apply --yes
	deletes []string          // types, if code is 0
	says    string            // part of the output, of apply and of diff
}

var (
	whole    = map[string]string{"p/dd.json": datadogPayload}
	excludes = ".atlasint.yaml"
)

func pruneCases() []pruneCase {
	others := []string{"OPS_GENIE", "WEBHOOK"}
	with := func(more ...string) map[string]string {
		files := map[string]string{"p/dd.json": datadogPayload}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	return []pruneCase{
		// Folders.
		{"folder", whole, []string{"--prune", "p"}, 0, others, "no payload in p describes it\n"},
		{"folder with a slash", whole, []string{"--prune", "p/"}, 0, others, "no payload in p/ describes it"},
		{"working directory", whole, []string{"--prune", "."}, 0, others, "no payload in . describes it"},
		{"two folders", with("q/o.json", opsPayload), []string{"--prune", "p", "q"}, 0, []string{"WEBHOOK"}, "no payload describes it\n"},
		{"folder with NDJSON", map[string]string{"p/all.ndjson": datadogPayload + "\n" + opsPayload + "\n"}, []string{"--prune", "p"}, 0, []string{"WEBHOOK"}, "no payload in p describes it"},
		{"link to a folder", with("link", "-> p"), []string{"--prune", "link"}, 0, others, "no payload in link describes it"},
		{"folder from a list", with("list.txt", "p\n"), []string{"--prune", "--files-from", "list.txt"}, 0, others, "no payload in p describes it"},
		{"no flag", whole, []string{"p"}, 0, nil, "no payload; kept without --prune"},

		// Other PATHs.
		{"file", whole, []string{"--prune", "p/dd.json"}, 2, nil, "can't prune: p/dd.json is not a folder; "},
		{"file, all", whole, []string{"--prune-all", "p/dd.json"}, 0, others, "no payload describes it\n"},
		{"pattern", whole, []string{"--prune", "p/*.json"}, 2, nil, "can't prune: p/*.json is not a folder; "},
		{"pattern, all", whole, []string{"--prune-all", "p/*.json"}, 0, others, "no payload describes it\n"},
		{"NDJSON", map[string]string{"all.ndjson": datadogPayload}, []string{"--prune", "all.ndjson"}, 2, nil, "can't prune: all.ndjson is not a folder; "},
		{"standard input", whole, []string{"--prune", "-"}, 2, nil, "can't prune: standard input is not a folder; "},
		{"folder and file", with("o.json", opsPayload), []string{"--prune", "p", "o.json"}, 2, nil, "can't prune: o.json is not a folder; "},
		{"file from a list", with("list.txt", "p/dd.json\n"), []string{"--prune", "--files-from", "list.txt"}, 2, nil, "can't prune: p/dd.json is not a folder; "},
		{"missing file", whole, []string{"--prune", "p", "none.json"}, 3, nil, "can't read none.json"},

		// Files that don't count.
		{"excluded file", with("p/o.json", opsPayload, excludes, "exclude: [p/o.json]"), []string{"--prune", "p"}, 2, nil,
			".atlasint.yaml matches p/o.json, and prune would delete its integration; "},
		{"file that an extended configuration excludes", with("p/o.json", opsPayload, excludes, "extends: base.yaml", "base.yaml", "exclude: [p/o.json]"), []string{"--prune", "p"}, 2, nil,
			"base.yaml matches p/o.json, and prune would delete its integration; "},
		{"excluded file, all", with("p/o.json", opsPayload, excludes, "exclude: [p/o.json]"), []string{"--prune-all", "p"}, 2, nil,
			".atlasint.yaml matches p/o.json, and prune would delete its integration; "},
		{"excluded files", with("p/o.json", opsPayload, "p/w.json", webhookPayload, excludes, "exclude: ['p/[ow].json']"), []string{"--prune", "p"}, 2, nil,
			"matches p/o.json and 1 more, "},
		{"excluded file elsewhere", with("q/o.json", opsPayload, excludes, "exclude: [q/*]"), []string{"--prune", "p"}, 0, others, "no payload in p describes it"},
		{"only excluded files", with(excludes, "exclude: [p/*]"), []string{"--prune-all", "p"}, 2, nil, "matches p/dd.json, and prune would delete its integration; "},
		{"linked folder below", with("q/o.json", opsPayload, "p/more", "-> ../q"), []string{"--prune", "p"}, 2, nil, "can't prune: p/more is a link to a folder, "},
		{"linked folder below, all", with("q/o.json", opsPayload, "p/more", "-> ../q"), []string{"--prune-all", "p"}, 0, others, "no payload describes it\n"},
		{"dangling link in YAML", with("p/d.yaml", "-> none"), []string{"--prune", "p"}, 2, nil, "can't prune: p/d.yaml can't be searched for payloads: "},
		{"dangling link in YAML, all", with("p/d.yaml", "-> none"), []string{"--prune-all", "p"}, 0, others, "no payload describes it\n"},
		{"link in YAML to itself", with("p/d.yml", "-> d.yml"), []string{"--prune", "p"}, 2, nil, "can't prune: p/d.yml can't be searched for payloads: "},
		{"dangling link that may be a folder", with("p/more", "-> none"), []string{"--prune", "p"}, 2, nil, "can't prune: p/more can't be searched for payloads: "},
		{"dangling link in JSON", with("p/d.json", "-> none"), []string{"--prune", "p"}, 3, nil, "can't read p/d.json"},
		{"link in JSON to itself", with("p/d.json", "-> d.json"), []string{"--prune", "p"}, 1, nil, "p/d.json:1:1: a loop of symbolic links"},
		{"link in JSON to itself, all rules off", with("p/d.json", "-> d.json", excludes, allOff()), []string{"--prune", "p"}, 1, nil, "p/d.json:1:1: a loop of symbolic links"},
		{"dangling link in YAML that is read", with("p/d.yaml", "-> none", excludes, "yaml: true"), []string{"--prune", "p"}, 3, nil, "can't read p/d.yaml"},
		{"large YAML", with("p/o.yaml", "# "+strings.Repeat("x", 1<<20)+"\ntype: OPS_GENIE\n"), []string{"--prune", "p"}, 2, nil, "can't prune: p/o.yaml can't be searched for payloads: it is larger than "},
		{"YAML in UTF-16 without a mark", with("p/o.yaml", "t\x00y\x00p\x00e\x00:\x00 \x00X\x00"), []string{"--prune", "p"}, 2, nil, "can't prune: p/o.yaml can't be searched for payloads: it has NUL bytes"},
		{"unread YAML without a type", with("p/o.yaml", "kind: Secret\n"), []string{"--prune", "p"}, 0, others, "no payload in p describes it"},
		{"file without payloads", with("p/o.ndjson", "\n"), []string{"--prune", "p"}, 2, nil, "can't prune: p/o.ndjson has no payload; "},
		{"no payloads", map[string]string{"o.ndjson": "\n"}, []string{"--prune-all", "o.ndjson"}, 2, nil, "can't prune: there are no payloads, "},

		// Findings.
		{"error", with("p/bad.json", `{"type":`), []string{"--prune", "p"}, 1, nil, "nothing was sent"},
		{"error, all", with("p/bad.json", `{"type":`), []string{"--prune-all", "p"}, 1, nil, "nothing was sent"},
		{"no variable", with("p/o.json", strings.Replace(opsPayload, "0d1e2f3a", "${env:ATLASINT_TEST_NONE}", 1)), []string{"--prune", "p"}, 1, nil, "nothing was sent"},
		{"warning", with("p/w.json", warnedPayload), []string{"--prune", "p"}, 1, nil, "can't prune: the payloads have findings; "},
		{"warning, all", with("p/w.json", warnedPayload), []string{"--prune-all", "p"}, 0, []string{"OPS_GENIE"}, "no payload describes it\n"},
		{"warning, rule off", with("p/w.json", warnedPayload), []string{"--prune", "--rule", "url=off", "p"}, 0, []string{"OPS_GENIE"}, "no payload in p describes it"},
		{"payload without a type, all rules off", with("p/o.json", `{"type":["OPS_GENIE"],"apiKey":"0d1e2f3a"}`, excludes, allOff()), []string{"--prune", "p"}, 1, nil, "nothing was sent"},
		{"payload without a type, all rules off, all", with("p/o.json", `{"type":null,"apiKey":"0d1e2f3a"}`, excludes, allOff()), []string{"--prune-all", "p"}, 1, nil, "nothing was sent"},
		{"payload without a type in NDJSON, all rules off", with("p/o.ndjson", `{"type":{},"apiKey":"0d1e2f3a"}`, excludes, allOff()), []string{"--prune", "p"}, 1, nil, "nothing was sent"},
		{"payload without a type in YAML, all rules off", with("p/o.yaml", "type: 1\napiKey: 0d1e2f3a\n", excludes, "yaml: true\n"+allOff()), []string{"--prune", "p"}, 1, nil, "nothing was sent"},
		{"both flags", whole, []string{"--prune", "--prune-all", "p"}, 2, nil, "can't be combined"},
	}
}

// allOff returns a configuration that turns off every rule that can be turned off.
func allOff() string {
	text := "rules:\n"
	for _, r := range validate.Rules() {
		if !r.FixedSeverity {
			text += "  " + r.ID + ": off\n"
		}
	}
	return text
}

// pruneProject starts a fake with three integrations. The payloads of the cases don't change them.
func pruneProject(t *testing.T) *fakeatlas.Server {
	t.Helper()
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, datadogPayload, opsPayload, webhookPayload); err != nil {
		t.Fatal(err)
	}
	return atlas
}

func writeTree(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		target, isLink := strings.CutPrefix(text, "-> ")
		if !isLink {
			writeFile(t, name, text)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, name); err != nil {
			t.Skip(err)
		}
	}
}

// A prune run deletes only integrations that the PATHs show to be unwanted; else it fails before any request. diff and
// apply --dry-run agree with apply.
func TestPruneNeedsUnwantedIntegrations(t *testing.T) {
	for _, tc := range pruneCases() {
		t.Run(tc.name, func(t *testing.T) {
			atlas := pruneProject(t)
			writeTree(t, tc.files)
			before := atlas.Integrations(projectID)

			diffCode := tc.code
			if len(tc.deletes) > 0 {
				diffCode = 1
			}
			for _, command := range [][]string{{"diff"}, {"apply", "--dry-run"}, {"apply"}, {"apply", "--json"}} {
				want := tc.code
				switch {
				case command[0] == "diff":
					want = diffCode
				case len(tc.deletes) > 0 && len(command) == 1, len(tc.deletes) > 0 && command[1] == "--json":
					want = 2 // there is no terminal, and no --yes
				}
				out, errOut := must(t, want, append(command, tc.args...)...)
				says := tc.says
				if command[0] == "diff" || slices.Contains(command, "--dry-run") {
					says = strings.Replace(says, "nothing was sent", "nothing was compared", 1)
				}
				if !slices.Contains(command, "--json") && !strings.Contains(out+errOut, says) {
					t.Errorf("%v prints\n%s%swant %q", command, out, errOut, says)
				}
			}
			same(t, before, atlas.Integrations(projectID))
			if tc.code == 0 {
				return
			}
			must(t, tc.code, append([]string{"apply", "--yes"}, tc.args...)...)
			same(t, before, atlas.Integrations(projectID))
			if n := len(atlas.Requests()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

// The deletions of "apply --yes" are those that diff and the JSON document list.
func TestPruneDeletes(t *testing.T) {
	for _, tc := range pruneCases() {
		if tc.code != 0 {
			continue
		}
		t.Run(tc.name, func(t *testing.T) {
			atlas := pruneProject(t)
			writeTree(t, tc.files)
			code := min(len(tc.deletes), 1)
			out, _ := must(t, code, append([]string{"diff", "--json"}, tc.args...)...)
			planned := readApplied(t, out)
			out, errOut := must(t, 0, append([]string{"apply", "--yes", "--json"}, tc.args...)...)
			var deletes []string
			for i, s := range readApplied(t, out).Steps {
				if s.Action == "delete" {
					deletes = append(deletes, s.Type)
				}
				if s.Action != planned.Steps[i].Action || s.Reason != planned.Steps[i].Reason || s.Action == "delete" && s.Outcome != "done" {
					t.Errorf("diff plans %+v, apply made %+v", planned.Steps[i], s)
				}
			}
			if diff := cmp.Diff(tc.deletes, deletes); diff != "" {
				t.Errorf("deletions (-want +got)\n%s", diff)
			}
			if want := "deletes after all other changes: " + strings.Join(deletes, ", ") + ": no payload"; len(deletes) > 0 && !strings.Contains(errOut, want) {
				t.Errorf("stderr is %q, want %q", errOut, want)
			}
			for _, in := range atlas.Integrations(projectID) {
				if slices.Contains(tc.deletes, in.Type) {
					t.Errorf("%s was not deleted", in.Type)
				}
			}
			if got := len(atlas.Integrations(projectID)); got != 3-len(tc.deletes) {
				t.Errorf("%d integrations are left", got)
			}
			must(t, 0, append([]string{"diff"}, tc.args...)...)
		})
	}
}
