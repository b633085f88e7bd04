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
		{name: "folder", files: whole, args: []string{"--prune", "p"}, deletes: others, says: "no payload in p describes it\n"},
		{name: "folder with a slash", files: whole, args: []string{"--prune", "p/"}, deletes: others, says: "no payload in p/ describes it"},
		{name: "working directory", files: whole, args: []string{"--prune", "."}, deletes: others, says: "no payload in . describes it"},
		{
			name:    "two folders",
			files:   with("q/o.json", opsPayload),
			args:    []string{"--prune", "p", "q"},
			deletes: []string{"WEBHOOK"},
			says:    "no payload describes it\n",
		},
		{
			name:    "folder with NDJSON",
			files:   map[string]string{"p/all.ndjson": datadogPayload + "\n" + opsPayload + "\n"},
			args:    []string{"--prune", "p"},
			deletes: []string{"WEBHOOK"},
			says:    "no payload in p describes it",
		},
		{name: "link to a folder", files: with("link", "-> p"), args: []string{"--prune", "link"}, deletes: others, says: "no payload in link describes it"},
		{
			name:    "folder from a list",
			files:   with("list.txt", "p\n"),
			args:    []string{"--prune", "--files-from", "list.txt"},
			deletes: others,
			says:    "no payload in p describes it",
		},
		{name: "no flag", files: whole, args: []string{"p"}, says: "no payload; kept without --prune"},

		// Other PATHs.
		{name: "file", files: whole, args: []string{"--prune", "p/dd.json"}, code: 2, says: "can't prune: p/dd.json is not a folder; "},
		{name: "file, all", files: whole, args: []string{"--prune-all", "p/dd.json"}, deletes: others, says: "no payload describes it\n"},
		{name: "pattern", files: whole, args: []string{"--prune", "p/*.json"}, code: 2, says: "can't prune: p/*.json is not a folder; "},
		{name: "pattern, all", files: whole, args: []string{"--prune-all", "p/*.json"}, deletes: others, says: "no payload describes it\n"},
		{
			name:  "NDJSON",
			files: map[string]string{"all.ndjson": datadogPayload},
			args:  []string{"--prune", "all.ndjson"},
			code:  2,
			says:  "can't prune: all.ndjson is not a folder; ",
		},
		{name: "standard input", files: whole, args: []string{"--prune", "-"}, code: 2, says: "can't prune: standard input is not a folder; "},
		{
			name:  "folder and file",
			files: with("o.json", opsPayload),
			args:  []string{"--prune", "p", "o.json"},
			code:  2,
			says:  "can't prune: o.json is not a folder; ",
		},
		{
			name:  "file from a list",
			files: with("list.txt", "p/dd.json\n"),
			args:  []string{"--prune", "--files-from", "list.txt"},
			code:  2,
			says:  "can't prune: p/dd.json is not a folder; ",
		},
		{name: "missing file", files: whole, args: []string{"--prune", "p", "none.json"}, code: 3, says: "can't read none.json"},

		// Files that don't count.
		{
			name:  "excluded file",
			files: with("p/o.json", opsPayload, excludes, "exclude: [p/o.json]"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  ".atlasint.yaml matches p/o.json, and prune would delete its integration; ",
		},
		{
			name:  "file that an extended configuration excludes",
			files: with("p/o.json", opsPayload, excludes, "extends: base.yaml", "base.yaml", "exclude: [p/o.json]"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "base.yaml matches p/o.json, and prune would delete its integration; ",
		},
		{
			name:  "excluded file, all",
			files: with("p/o.json", opsPayload, excludes, "exclude: [p/o.json]"),
			args:  []string{"--prune-all", "p"},
			code:  2,
			says:  ".atlasint.yaml matches p/o.json, and prune would delete its integration; ",
		},
		{
			name:  "excluded files",
			files: with("p/o.json", opsPayload, "p/w.json", webhookPayload, excludes, "exclude: ['p/[ow].json']"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "matches p/o.json and 1 more, ",
		},
		{
			name:    "excluded file elsewhere",
			files:   with("q/o.json", opsPayload, excludes, "exclude: [q/*]"),
			args:    []string{"--prune", "p"},
			deletes: others,
			says:    "no payload in p describes it",
		},
		{
			name:  "only excluded files",
			files: with(excludes, "exclude: [p/*]"),
			args:  []string{"--prune-all", "p"},
			code:  2,
			says:  "matches p/dd.json, and prune would delete its integration; ",
		},
		{
			name:  "linked folder below",
			files: with("q/o.json", opsPayload, "p/more", "-> ../q"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "can't prune: p/more is a link to a folder, ",
		},
		{
			name:    "linked folder below, all",
			files:   with("q/o.json", opsPayload, "p/more", "-> ../q"),
			args:    []string{"--prune-all", "p"},
			deletes: others,
			says:    "no payload describes it\n",
		},
		{
			name:  "file without payloads",
			files: with("p/o.ndjson", "\n"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "can't prune: p/o.ndjson has no payload; ",
		},
		{
			name:  "no payloads",
			files: map[string]string{"o.ndjson": "\n"},
			args:  []string{"--prune-all", "o.ndjson"},
			code:  2,
			says:  "can't prune: there are no payloads, ",
		},

		// Findings.
		{name: "error", files: with("p/bad.json", `{"type":`), args: []string{"--prune", "p"}, code: 1, says: "nothing was sent"},
		{name: "error, all", files: with("p/bad.json", `{"type":`), args: []string{"--prune-all", "p"}, code: 1, says: "nothing was sent"},
		{
			name:  "no variable",
			files: with("p/o.json", strings.Replace(opsPayload, "0d1e2f3a", "${env:ATLASINT_TEST_NONE}", 1)),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  "nothing was sent",
		},
		{
			name:  "payload of updates only",
			files: with("p/o.json", `{"type":"OPS_GENIE","region":"EU"}`),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  ": --prune requires payloads that can also create their integrations; complete them, or use --prune-all\n",
		},
		{
			name:  "payload of Slack that Atlas returns",
			files: with("p/s.json", `{"type":"SLACK","channelName":"alerts"}`),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  ": --prune requires payloads that can also create their integrations; complete them, or use --prune-all\n",
		},
		{name: "warning", files: with("p/w.json", warnedPayload), args: []string{"--prune", "p"}, code: 1, says: "can't prune: the payloads have findings; "},
		{
			name:    "warning, all",
			files:   with("p/w.json", warnedPayload),
			args:    []string{"--prune-all", "p"},
			deletes: []string{"OPS_GENIE"},
			says:    "no payload describes it\n",
		},
		{
			name:    "warning, rule off",
			files:   with("p/w.json", warnedPayload),
			args:    []string{"--prune", "--rule", "url=off", "p"},
			deletes: []string{"OPS_GENIE"},
			says:    "no payload in p describes it",
		},
		{
			name:  "payload without a type, all rules off",
			files: with("p/o.json", `{"type":["OPS_GENIE"],"apiKey":"0d1e2f3a"}`, excludes, allOff()),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  "nothing was sent",
		},
		{
			name:  "payload without a type, all rules off, all",
			files: with("p/o.json", `{"type":null,"apiKey":"0d1e2f3a"}`, excludes, allOff()),
			args:  []string{"--prune-all", "p"},
			code:  1,
			says:  "nothing was sent",
		},
		{
			name:  "payload without a type in NDJSON, all rules off",
			files: with("p/o.ndjson", `{"type":{},"apiKey":"0d1e2f3a"}`, excludes, allOff()),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  "nothing was sent",
		},
		{
			name:  "dangling link in YAML",
			files: with("p/d.yaml", "-> none"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "can't prune: p/d.yaml can't be searched for payloads: ",
		},
		{
			name:    "dangling link in YAML, all",
			files:   with("p/d.yaml", "-> none"),
			args:    []string{"--prune-all", "p"},
			deletes: others,
			says:    "no payload describes it\n",
		},
		{
			name:  "link in YAML to itself",
			files: with("p/d.yml", "-> d.yml"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "can't prune: p/d.yml can't be searched for payloads: ",
		},
		{
			name:  "dangling link that may be a folder",
			files: with("p/more", "-> none"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "can't prune: p/more can't be searched for payloads: ",
		},
		{
			name:  "dangling link in JSON",
			files: with("p/d.json", "-> none"),
			args:  []string{"--prune", "p"},
			code:  3,
			says:  "can't read p/d.json",
		},
		{
			name:  "link in JSON to itself",
			files: with("p/d.json", "-> d.json"),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  "p/d.json:1:1: a loop of symbolic links",
		},
		{
			name:  "link in JSON to itself, all rules off",
			files: with("p/d.json", "-> d.json", excludes, allOff()),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  "p/d.json:1:1: a loop of symbolic links",
		},
		{
			name:  "dangling link in YAML that is read",
			files: with("p/d.yaml", "-> none", excludes, "yaml: true"),
			args:  []string{"--prune", "p"},
			code:  3,
			says:  "can't read p/d.yaml",
		},
		{
			name:  "large YAML",
			files: with("p/o.yaml", "# "+strings.Repeat("x", 1<<20)+"\ntype: OPS_GENIE\n"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "can't prune: p/o.yaml can't be searched for payloads: it is larger than ",
		},
		{
			name:  "YAML in UTF-16 without a mark",
			files: with("p/o.yaml", "t\x00y\x00p\x00e\x00:\x00 \x00X\x00"),
			args:  []string{"--prune", "p"},
			code:  2,
			says:  "can't prune: p/o.yaml can't be searched for payloads: it has NUL bytes",
		},
		{
			name:    "unread YAML without a type",
			files:   with("p/o.yaml", "kind: Secret\n"),
			args:    []string{"--prune", "p"},
			deletes: others,
			says:    "no payload in p describes it",
		},
		{
			name:  "payload without a type in YAML, all rules off",
			files: with("p/o.yaml", "type: 1\napiKey: 0d1e2f3a\n", excludes, "yaml: true\n"+allOff()),
			args:  []string{"--prune", "p"},
			code:  1,
			says:  "nothing was sent",
		},
		{name: "both flags", files: whole, args: []string{"--prune", "--prune-all", "p"}, code: 2, says: "can't be combined"},
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

// A file that may be a payload of an integration to delete, and has a name that is not read, stops a prune run before
// any change. Files of other types don't, and --prune-all ignores all of them.
func TestPruneNeedsReadPayloads(t *testing.T) {
	const yaml, commented = "type: OPS_GENIE\napiKey: 0d1e2f3a\n", "// the key of the on-call team\n{type: 'OPS_GENIE', /* new */ apiKey: '0d1e2f3a',}\n"
	for name, text := range map[string]string{
		"o.jsonc": commented, "o.json5": commented, "o.json.txt": opsPayload, "o.jsn": opsPayload, "o.JSON.bak": opsPayload,
		"o.json~": opsPayload, "o.json.disabled": opsPayload, "o.json copy": opsPayload, "o.ndjson.old": warnedPayload + "\n" + opsPayload,
		"o.yaml.bak": yaml, "o.yml~": yaml, ".o.yaml": yaml, ".o.yml": yaml, ".o.json": opsPayload, "more/.o.json": opsPayload, ".o.jsonl": warnedPayload + "\n" + opsPayload, ".json": opsPayload,
		"o.txt": opsPayload, "o.off": yaml, "o": "\n" + commented[len("// the key of the on-call team\n"):], "o-json": opsPayload, "README": yaml,
		".o.json.bak": opsPayload, "more/o.json.orig": "[" + opsPayload + "]", "o.json.tmpl": "{{ if .a }}" + opsPayload,
	} {
		t.Run(name, func(t *testing.T) {
			atlas := pruneProject(t)
			writeTree(t, map[string]string{
				"p/dd.json": datadogPayload, "p/" + name: text, "p/.cache/o.json.bak": opsPayload, "p/dd.json.bak": datadogPayload,
			})
			before := atlas.Integrations(projectID)
			for _, command := range [][]string{{"diff"}, {"apply", "--dry-run"}, {"apply", "--yes"}, {"apply", "--yes", "--json"}} {
				_, errOut := must(t, 2, append(command, "--prune", "p")...)
				want := "can't prune: " + filepath.FromSlash("p/"+name) + " may be a payload of "
				if !strings.Contains(errOut, want) {
					t.Errorf("%v prints %q, want %q", command, errOut, want)
				}
			}
			same(t, before, atlas.Integrations(projectID))
			must(t, 0, "apply", "--yes", "--prune", "--only", "PAGER_DUTY", "p")
			must(t, 0, "apply", "--yes", "--prune-all", "p")
			must(t, 0, "apply", "--yes", "--prune", "p") // no integration of the type is left
			if got := len(atlas.Integrations(projectID)); got != 1 {
				t.Errorf("%d integrations are left, want 1", got)
			}
		})
	}
	for name, text := range map[string]string{".o.json": strings.Repeat(" ", 1<<20) + opsPayload, ".o.yaml": "\x00" + yaml} {
		t.Run("can't be searched: "+name, func(t *testing.T) {
			pruneProject(t)
			writeTree(t, map[string]string{"p/dd.json": datadogPayload, "p/" + name: text})
			_, errOut := must(t, 2, "apply", "--yes", "--prune", "p")
			if want := "can't prune: " + filepath.FromSlash("p/"+name) + " can't be searched for payloads: "; !strings.Contains(errOut, want) {
				t.Errorf("it prints %q, want %q", errOut, want)
			}
			must(t, 0, "apply", "--yes", "--prune-all", "p")
			must(t, 0, "apply", "--yes", "--prune", "p")
		})
	}
	for _, name := range []string{".o.json", ".o.yaml"} {
		t.Run("yaml: true, "+name, func(t *testing.T) {
			pruneProject(t)
			writeTree(t, map[string]string{".atlasint.yaml": "yaml: true", "p/dd.json": datadogPayload, "p/" + name: opsPayload})
			must(t, 2, "apply", "--yes", "--prune", "p")
			must(t, 0, "apply", "--yes", "--prune-all", "p")
		})
	}
	t.Run("no payload of the type", func(t *testing.T) {
		pruneProject(t)
		writeTree(t, map[string]string{
			"p/dd.json": datadogPayload, "p/a.json.md": "type OPS_GENIE", "p/b.jsonc": `{"types": ["OPS_GENIE"]}`,
			"p/c.json.gz": "\x1f\x8b\x00", "p/README.md": "# Keys\n```json\n" + opsPayload + "\n```\n", "p/d.txt": "The key of the team\n\n" + yaml, "p/f.json.bak": "# " + strings.Repeat("x", 1<<20) + yaml,
		})
		must(t, 0, "apply", "--yes", "--prune", "p")
	})
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
				plan := planned.Steps[i]
				if diff := cmp.Diff([]string{plan.Action, plan.Reason}, []string{s.Action, s.Reason}); diff != "" {
					t.Errorf("action, reason of step %d (-diff +apply):\n%s", i, diff)
				}
				if s.Action == "delete" && s.Outcome != "done" {
					t.Errorf("the deletion of %s is %s, want done", s.Type, s.Outcome)
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
