package planfile_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/planfile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

const (
	project = "5d791c84ff7a2522cc4f9aa1"
	baseURL = "https://cloud.mongodb.com"
	secret  = "5f1d3b7a9c2e4806b1d7f3a95c0e2846"
)

// keyOf returns the function for the keys of one user.
func keyOf(user string) planfile.KeyFunc {
	return func(salt string) ([]byte, error) { return []byte(user + salt), nil }
}

// plan returns a plan that updates the region of DATADOG.
func plan(t *testing.T, region, stored string) *apply.Plan {
	t.Helper()
	v, err := validate.New(validate.Options{Documents: true})
	if err != nil {
		t.Fatal(err)
	}
	doc := `{"type":"DATADOG","apiKey":"` + secret + `","region":"` + region + `"}`
	r, err := v.CheckReader("datadog.json", strings.NewReader(doc), validate.ByName)
	if err != nil || len(r.Documents) != 1 {
		t.Fatalf("%v, %v", err, r.Findings)
	}
	d := r.Documents[0]
	payload, err := client.NewPayload(d.JSON)
	if err != nil {
		t.Fatal(err)
	}
	remote := client.Integration{
		Type: "DATADOG", ID: "5d791c84ff7a2522cc4f9aa2",
		JSON: json.RawMessage(`{"type":"DATADOG","apiKey":"****************************2846","region":"` + stored + `"}`),
	}
	return &apply.Plan{Project: project, Steps: apply.Steps(
		[]apply.Local{{Type: d.Type, Payload: payload, APIVersion: d.APIVersion, File: "datadog.json", Document: &d}},
		[]apply.Remote{{Integration: remote, APIVersion: d.APIVersion}}, apply.Options{})}
}

// write writes a plan of a user after a change of its text, and returns its path.
func write(t *testing.T, p *apply.Plan, change func(string) string) string {
	t.Helper()
	data, err := planfile.File{BaseURL: baseURL, Paths: []string{"a"}, Flags: []planfile.Flag{}}.Encode(p, keyOf("one"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), secret) {
		t.Error("the plan has a secret")
	}
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte(change(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func unchanged(text string) string { return text }

// text returns the text of an error that must have a kind; "" for none.
func text(t *testing.T, err error, kind problem.Kind) string {
	t.Helper()
	if err == nil {
		return ""
	}
	if got := problem.KindOf(err); got != kind {
		t.Errorf("%v: kind %d, want %d", err, got, kind)
	}
	return err.Error()
}

// wantText checks that the text of an error contains want, or that it is empty if want is "".
func wantText(t *testing.T, name, got, want string) {
	t.Helper()
	if want == "" && got != "" {
		t.Errorf("%s: %s", name, got)
	}
	if !strings.Contains(got, want) {
		t.Errorf("%s: the error is %q, want %q", name, got, want)
	}
}

func TestCheckRejectsOtherPlans(t *testing.T) {
	for name, tc := range map[string]struct {
		change             func(string) string
		project, url, user string
		want               string
	}{
		"same":     {change: unchanged, project: project, url: baseURL, user: "one"},
		"indented": {change: func(s string) string { return strings.ReplaceAll(s, "  ", "\t") }, project: project, url: baseURL, user: "one"},
		"other project": {
			change:  unchanged,
			project: "5d791c84ff7a2522cc4f9aa9",
			url:     baseURL,
			user:    "one",
			want:    "is for the project 5d791c84ff7a2522cc4f9aa1, not for the project 5d791c84ff7a2522cc4f9aa9;",
		},
		"no project": {
			change:  func(s string) string { return strings.Replace(s, project, "x y", 1) },
			project: project,
			url:     baseURL,
			user:    "one",
			want:    "is for another project, not for",
		},
		"other server": {
			change:  unchanged,
			project: project,
			url:     "https://example.com",
			user:    "one",
			want:    "for the base URL " + baseURL + ", not for https://example.com;",
		},
		"other path": {
			change:  unchanged,
			project: project,
			url:     baseURL + "/hunter2",
			user:    "one",
			want:    "for the base URL " + baseURL + ", not for " + baseURL + "/(hidden);",
		},
		"other user": {change: unchanged, project: project, url: baseURL, user: "two", want: "written with other credentials"},
		"changed step": {
			change:  func(s string) string { return strings.Replace(s, `"update"`, `"delete"`, 1) },
			project: project,
			url:     baseURL,
			user:    "one",
			want:    "was changed",
		},
		"changed path": {
			change:  func(s string) string { return strings.Replace(s, `"a"`, `"b"`, 1) },
			project: project,
			url:     baseURL,
			user:    "one",
			want:    "was changed",
		},
		"second member": {
			change:  func(s string) string { return strings.Replace(s, `"paths"`, `"paths": ["b"], "paths"`, 1) },
			project: project,
			url:     baseURL,
			user:    "one",
			want:    "was changed",
		},
		"unknown member": {
			change:  func(s string) string { return strings.Replace(s, `"paths"`, `"more": 1, "paths"`, 1) },
			project: project,
			url:     baseURL,
			user:    "one",
			want:    "was changed",
		},
		"cut": {change: func(s string) string { return s[:len(s)/2] }, project: project, url: baseURL, user: "one", want: "was changed"},
		"another version": {
			change:  func(s string) string { return strings.Replace(s, `"version": 1`, `"version": 9`, 1) },
			project: project,
			url:     baseURL,
			user:    "one",
			want:    "format version is 9",
		},
	} {
		file := write(t, plan(t, "EU", "US"), tc.change)
		found, err := planfile.Find([]string{file}, false)
		if err == nil {
			err = found.Check(tc.project, tc.url, keyOf(tc.user))
		}
		if got := text(t, err, problem.Input); (got == "") != (tc.want == "") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// The path of a base URL may contain a token. A plan does not contain it, and is for the same path only.
func TestCheckPath(t *testing.T) {
	data, err := planfile.File{BaseURL: baseURL + "/" + secret, Paths: []string{"a"}, Flags: []planfile.Flag{}}.Encode(plan(t, "EU", "US"), keyOf("one"))
	if err != nil || strings.Contains(string(data), secret) {
		t.Fatalf("%v: %s", err, data)
	}
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := planfile.Find([]string{file}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := found.Check(project, baseURL+"/"+secret, keyOf("one")); err != nil {
		t.Error(err)
	}
	got := text(t, found.Check(project, baseURL+"/hunter2", keyOf("one")), problem.Input)
	if !strings.Contains(got, "is for another path of the base URL "+baseURL+"/(hidden);") {
		t.Errorf("another path: %q", got)
	}
}

func TestCompareRejectsOutdatedPlans(t *testing.T) {
	found, err := planfile.Find([]string{write(t, plan(t, "EU", "US"), unchanged)}, false)
	if err != nil {
		t.Fatal(err)
	}
	renamed := plan(t, "EU", "US")
	renamed.Steps[0].Local.File = "other.json"
	typed := func(typ string) *apply.Plan {
		p := plan(t, "EU", "US")
		p.Steps[0].Type = typ
		return p
	}
	blocked := plan(t, "EU", "US")
	blocked.Steps[0].Action = apply.Blocked
	blocked.Findings = []report.Finding{
		{Finding: validate.Finding{Type: "DATADOG", Rule: "url", Message: "another rule"}},
		{
			Finding: validate.Finding{
				Type:    "DATADOG",
				Rule:    "unresolved",
				Message: `DATADOG.apiKey: the environment variable "A" is not set`,
				Hint:    "set it, or correct the name",
			},
		},
	}
	more := plan(t, "EU", "US")
	more.Steps = append(more.Steps, typed("WEBHOOK").Steps...)
	for name, tc := range map[string]struct {
		now  *apply.Plan
		want string
	}{
		"another type": {
			typed("WEBHOOK"),
			"is out of date: WEBHOOK is new, DATADOG is missing; nothing was sent; run both commands in the same working directory, or write",
		},
		"one more type": {more, "is out of date: WEBHOOK is new; nothing was sent"},
		"an unset variable": {
			blocked,
			`can't be applied: DATADOG.apiKey: the environment variable "A" is not set; nothing was sent; set it, or correct the name`,
		},
		"same":                {plan(t, "EU", "US"), ""},
		"another payload":     {plan(t, "US3", "US"), "DATADOG: the payload"},
		"another integration": {plan(t, "EU", "US5"), "DATADOG: the integration in Atlas"},
		"another file":        {renamed, "the files of the payloads"},
		"no step":             {&apply.Plan{Project: project}, "DATADOG is missing"},
	} {
		wantText(t, name, text(t, found.Compare(tc.now, keyOf("one")), problem.Finding), tc.want)
	}
}

func TestFindReturnsPlansOnly(t *testing.T) {
	file := write(t, plan(t, "EU", "US"), unchanged)
	payload := filepath.Join(t.TempDir(), "payload.json")
	if err := os.WriteFile(payload, []byte(`{"type":"DATADOG"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args  []string
		more  bool
		found bool
		want  string
	}{
		{[]string{file}, false, true, ""},
		{[]string{payload, "-", t.TempDir(), "missing.json"}, true, false, ""},
		{[]string{payload, file}, false, false, "name it alone"},
		{[]string{file}, true, false, "name it alone"},
	} {
		found, err := planfile.Find(tc.args, tc.more)
		if isPlan := found != nil; isPlan != tc.found {
			t.Errorf("%q, %t: found a plan: %t, want %t", tc.args, tc.more, isPlan, tc.found)
		}
		wantText(t, strings.Join(tc.args, " "), text(t, err, problem.Input), tc.want)
	}
}

// flagSet returns flags of diff, parsed from arguments.
func flagSet(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	f := pflag.NewFlagSet("diff", pflag.ContinueOnError)
	f.Bool("prune", false, "")
	f.StringArray("only", nil, "")
	f.Bool("json", false, "")
	if err := f.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFlagsAreStoredAndSet(t *testing.T) {
	kept := planfile.FlagsOf(flagSet(t, "--prune", "--json", "--only", "A", "--only", "B"))
	want := []planfile.Flag{{Name: "only", Values: []string{"A", "B"}}, {Name: "prune", Values: []string{"true"}}}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	again := flagSet(t, "--json")
	if err := (&planfile.File{Flags: kept}).SetFlags(again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, planfile.FlagsOf(again)); diff != "" {
		t.Errorf("set again: (-want +got)\n%s", diff)
	}
	for name, err := range map[string]error{
		"--prune can't be combined": (&planfile.File{Flags: kept}).SetFlags(flagSet(t, "--prune")),
		"does not support":          (&planfile.File{Flags: []planfile.Flag{{Name: "json", Values: []string{"true"}}}}).SetFlags(flagSet(t)),
	} {
		if got := text(t, err, problem.Input); !strings.Contains(got, name) {
			t.Errorf("%q, want %q", got, name)
		}
	}
}
